"""Tables that are handed out, as CSV and as XLSX: text only, and the same rows make the same bytes.

A CSV cell that a spreadsheet would calculate is neutralised by a leading apostrophe, and so is one that
already looks neutralised, so that `csv_rows` gives back exactly what went in. Workbooks need none of
that: each cell is declared text, in an archive without a clock or a release number (`workbook`).
"""

import csv
import re
from collections.abc import Iterable, Sequence
from io import StringIO

from gradphoto.adapters.workbook import Sheet, workbook_bytes

Row = Sequence[str]

_CALCULATED = re.compile(r"'*[=+\-@\t\r\n＝＋－＠]")
"""East Asian spreadsheets read the full-width signs as the narrow ones."""
_NEUTRALISED = re.compile(r"'+[=+\-@\t\r\n＝＋－＠]")
_SURROGATE = re.compile("[\ud800-\udfff]")


def csv_bytes(rows: Iterable[Row]) -> bytes:
    r"""UTF-8 with BOM, CRLF, quoted where needed; no cell begins with a sign that makes it a formula.

    >>> csv_bytes([["name"], ["=1+1"]]).decode("utf-8-sig")
    "name\r\n'=1+1\r\n"
    """
    out = StringIO(newline="")
    csv.writer(out, lineterminator="\r\n").writerows([neutral_cell(cell) for cell in row] for row in rows)
    return out.getvalue().encode("utf-8-sig")


def csv_rows(data: bytes) -> list[list[str]]:
    """The rows that `csv_bytes` was given; `ValueError` when it is not UTF-8 or not CSV."""
    try:
        read = list(csv.reader(StringIO(data.decode("utf-8-sig"), newline=""), strict=True))
    except csv.Error as trouble:
        raise ValueError(str(trouble)) from None
    return [[raw_cell(cell) for cell in row] for row in read]


def xlsx_bytes(title: str, rows: Sequence[Row]) -> bytes:
    """A workbook of one sheet, the first row its header; see `workbook_bytes`."""
    return workbook_bytes([Sheet(title, rows)])


def neutral_cell(cell: str) -> str:
    """A cell for a CSV that no spreadsheet calculates; `raw_cell` gives it back."""
    cell = _SURROGATE.sub("\ufffd", cell)
    return f"'{cell}" if _CALCULATED.match(cell) else cell


def raw_cell(cell: str) -> str:
    """What a neutralised cell says; any other is left as it is."""
    return cell[1:] if _NEUTRALISED.match(cell) else cell
