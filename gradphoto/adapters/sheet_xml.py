"""One sheet of a workbook as XML: text cells, the header bold and frozen, widths that suit Chinese."""

import re
from collections.abc import Iterator, Sequence
from xml.sax.saxutils import escape

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_TEXT, _HEADER = 1, 2
"""The workbook's styles."""


def sheet_xml(rows: Sequence[Sequence[str]]) -> Iterator[str]:
    """The part of one sheet in pieces; the first row is the header."""
    columns = max(map(len, rows), default=0)
    yield f'<worksheet xmlns="{MAIN}"><sheetViews><sheetView workbookViewId="0">'
    yield '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/>'
    yield "</sheetView></sheetViews>"
    yield from _widths(rows, columns)
    yield "<sheetData>"
    for number, row in enumerate(rows, 1):
        yield f'<row r="{number}">'
        yield from (_cell(column, number, text) for column, text in enumerate(row, 1))
        yield "</row>"
    yield "</sheetData>"
    if columns:  # else every student number wears a green "number stored as text"
        area = f"A1:{_letters(columns)}{len(rows)}"
        yield f'<ignoredErrors><ignoredError sqref="{area}" numberStoredAsText="1"/></ignoredErrors>'
    yield "</worksheet>"


def _widths(rows: Sequence[Sequence[str]], columns: int) -> Iterator[str]:
    if not columns:
        return
    yield "<cols>"
    for column in range(columns):
        width = max(_width(row[column]) for row in rows if len(row) > column)
        yield f'<col min="{column + 1}" max="{column + 1}" width="{min(width + 2, 60)}" customWidth="1"'
        yield f' style="{_TEXT}"/>'
    yield "</cols>"


def _width(text: str) -> int:
    """In columns of a digit. By one fixed border: what Unicode calls wide grows with its releases."""
    return sum(2 if letter >= "\u1100" else 1 for letter in text[:60])


def _cell(column: int, row: int, text: str) -> str:
    place = f'<c r="{_letters(column)}{row}" s="{_HEADER if row == 1 else _TEXT}"'
    return (
        f'{place} t="inlineStr"><is><t xml:space="preserve">{_safe(text)}</t></is></c>' if text else f"{place}/>"
    )


def _letters(column: int) -> str:
    """A, …, Z, AA, … for 1, …, 26, 27, …."""
    rest, last = divmod(column - 1, 26)
    return (_letters(rest) if rest else "") + chr(ord("A") + last)


_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_ESCAPED = re.compile("_(?=x[0-9A-Fa-f]{4}_)")
"""What a spreadsheet would read as the escape of another character."""
_LONGEST = 32_767


def _safe(text: str) -> str:
    if len(text) > _LONGEST:
        text = f"{text[: _LONGEST - 1]}…"
    text = _FORBIDDEN.sub(lambda found: _picture(found[0]), text)
    return escape(_ESCAPED.sub("_x005F_", text), {"\r": "&#13;"})


def _picture(character: str) -> str:
    return chr(0x2400 + ord(character)) if ord(character) < 0x20 else "\ufffd"
