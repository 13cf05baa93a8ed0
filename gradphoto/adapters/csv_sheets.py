"""CSV as Excel, WPS and registers write it: quotes, line breaks in cells, comma, tab or semicolon."""

import csv
from collections.abc import Iterator
from io import StringIO
from itertools import islice

from gradphoto.adapters.encodings import decode
from gradphoto.inputs.problems import Held, SheetError
from gradphoto.inputs.sheet import SOUND, Row, Sheet, blank

_SURPLUS = "单元格比表头多，可能有未加引号的分隔符，请核对整行"
_DELIMITERS = ",\t;"


def read_csv(data: bytes, name: str) -> Sheet:
    """The sheet of a CSV file; a row counts as one, however many lines its cells take. `SheetError`."""
    text = decode(data, name)
    records = _records(text, _delimiter(text), name)
    header_row, headers = next(records, (1, []))
    rows = tuple(_row(number, cells, len(headers)) for number, cells in records)
    return Sheet(name, header_row, tuple(headers), rows)


def _records(text: str, delimiter: str, name: str) -> Iterator[tuple[int, list[str]]]:
    """The rows that are not blank, each with its number."""
    number = 0
    try:
        for number, cells in enumerate(_reader(text, delimiter, strict=True), 1):
            if not blank(cells):
                yield number, cells
    except csv.Error:
        trouble = "引号不配对或单元格过长，之后的内容无法确定，请用 Excel 重新保存"
        raise SheetError(Held(file=name, row=number + 1, message=trouble)) from None


def _row(number: int, cells: list[str], width: int) -> Row:
    faults: dict[int, str] = {}  # a CSV holds no formulas, so what begins with = is a text like any other
    if not blank(cells[width:]):
        faults[width] = _SURPLUS
    padded = cells if len(cells) == width else (cells + [""] * width)[:width]
    return Row(number, tuple(padded), faults or SOUND)


def _delimiter(text: str) -> str:
    """The one that parts the header into the most cells; a comma when none does better."""
    return max(_DELIMITERS, key=lambda delimiter: len(_first(text, delimiter)))


def _first(text: str, delimiter: str) -> list[str]:
    try:
        return next((cells for cells in islice(_reader(text, delimiter), 1000) if not blank(cells)), [])
    except csv.Error:
        return []


def _reader(text: str, delimiter: str, strict: bool = False) -> Iterator[list[str]]:
    return csv.reader(StringIO(text, newline=""), delimiter=delimiter, strict=strict)
