"""One cell of an XLSX as text, or why it must not be used. A number is taken only where it is exact."""

from datetime import date, datetime, time
from typing import Any

from gradphoto.inputs.sheet import FORMULA

EXACT_DIGITS = 15
"""A spreadsheet's number holds no more."""
SHOWN_DIGITS = 11
"""More digits than these it shows as 2.16401E+12 unless a format says otherwise …"""
KEPT_DIGITS = 6
"""… and of that a copy keeps no more than these: what ends in zeros from there on may have lost its digits."""

_ERROR = "单元格是错误值，请更正"
_ROUNDED = "数字可能已变成科学记数法（如 2.16401E+12）而丢失位数，请把该列设为文本后重新填写"
_INEXACT = "数字带小数或超过15位，不能确定原来的写法，请把该列设为文本后重新填写"
_PADDED = "数字的显示格式会改变它的写法，请把该列设为文本后重新填写"

TextOrFault = tuple[str, str]


def cell_text(cell: Any) -> TextOrFault:
    """The cell's text, and in Chinese what is wrong with it (empty when nothing is)."""
    value = cell.value
    if value is None:
        return "", ""
    if cell.data_type == "f":
        return str(value), FORMULA
    if cell.data_type == "e":
        return str(value), _ERROR
    if isinstance(value, int | float) and not isinstance(value, bool):
        return _number(value, cell.number_format)
    return _plain(value), ""


def _plain(value: object) -> str:
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(sep=" ")
    return value.isoformat() if isinstance(value, date | time) else str(value)


def _number(value: int | float, shown_as: str) -> TextOrFault:
    """Its digits when they are what was typed; a format such as 00000 or 0.00E+00 shows something else."""
    text = f"{value:.0f}" if isinstance(value, float) and value.is_integer() else str(value)
    digits = len(text.lstrip("-"))
    if digits > EXACT_DIGITS or not float(value).is_integer():
        return text, _INEXACT
    if digits > SHOWN_DIGITS and (isinstance(value, float) or _rounded(int(value), digits)):
        return text, _ROUNDED
    return text, "" if _plainly(shown_as) else _PADDED


def _rounded(value: int, digits: int) -> bool:
    return value % int(10 ** (digits - KEPT_DIGITS)) == 0


def _plainly(shown_as: str) -> bool:
    first = shown_as.split(";")[0].split("_")[0].strip()
    return first in ("General", "@", "0", "G/通用格式")
