"""XLSX workbooks of text: a handful of fixed parts of Office Open XML (ECMA-376) round the rows.

Written here and not by a library, because libraries put in a clock and their own release number, and
deflate. Every cell is an inline string of format `@`, so nothing becomes a number, a date or a formula.
"""

import re
from collections.abc import Iterator, Sequence
from io import BytesIO
from typing import NamedTuple
from xml.sax.saxutils import quoteattr

from gradphoto.adapters.sheet_xml import MAIN, sheet_xml
from gradphoto.adapters.stored_zip import write_zip


class Sheet(NamedTuple):
    r"""One sheet: its title (≤ 31 characters, none of `[]:*?/\`) and rows, the first of them the header."""

    title: str
    rows: Sequence[Sequence[str]]


def workbook_bytes(sheets: Sequence[Sheet]) -> bytes:
    """A workbook with each sheet's header bold and frozen; `ValueError` when a title is not possible.

    Characters that XML forbids are replaced by their picture (␀) or by �; a cell longer than a
    spreadsheet takes is cut and ends in ….
    """
    out = BytesIO()
    write_zip(out, ((name, (_XML + text).encode()) for name, text in _parts(sheets)))
    return out.getvalue()


_XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_DOC = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_KIND = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_STYLES = (
    f'<styleSheet xmlns="{MAIN}">'
    '<fonts count="2"><font><sz val="11"/><name val="宋体"/></font>'
    '<font><b/><sz val="11"/><name val="宋体"/></font></fonts>'
    '<fills count="2"><fill><patternFill patternType="none"/></fill>'
    '<fill><patternFill patternType="gray125"/></fill></fills>'
    '<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>'
    '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
    '<cellXfs count="3"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>'
    '<xf numFmtId="49" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>'
    '<xf numFmtId="49" fontId="1" fillId="0" borderId="0" xfId="0" applyNumberFormat="1" applyFont="1"/>'
    '</cellXfs><cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles>'
    "</styleSheet>"
)
"""Format 49 is `@`: text. Which style is which stands in `sheet_xml`."""


def _parts(sheets: Sequence[Sheet]) -> Iterator[tuple[str, str]]:
    numbered = [(number, Sheet(_title(sheet.title), sheet.rows)) for number, sheet in enumerate(sheets, 1)]
    yield "[Content_Types].xml", _types(len(numbered))
    yield "_rels/.rels", _relations([("officeDocument", "xl/workbook.xml")])
    yield "xl/workbook.xml", _book(numbered)
    targets = [("worksheet", f"worksheets/sheet{number}.xml") for number, _ in numbered]
    yield "xl/_rels/workbook.xml.rels", _relations([*targets, ("styles", "styles.xml")])
    yield "xl/styles.xml", _STYLES
    for number, sheet in numbered:
        yield f"xl/worksheets/sheet{number}.xml", "".join(sheet_xml(sheet.rows))


def _types(count: int) -> str:
    parts = [("workbook", "sheet.main"), ("styles", "styles")]
    parts += [(f"worksheets/sheet{number}", "worksheet") for number in range(1, count + 1)]
    overrides = (f'<Override PartName="/xl/{name}.xml" ContentType="{_KIND}.{kind}+xml"/>' for name, kind in parts)
    return (
        f'<Types xmlns="{_PACKAGE}/content-types">'
        f'<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Default Extension="xml" ContentType="application/xml"/>{"".join(overrides)}</Types>'
    )


def _relations(targets: Sequence[tuple[str, str]]) -> str:
    lines = (
        f'<Relationship Id="rId{number}" Type="{_DOC}/{kind}" Target="{target}"/>'
        for number, (kind, target) in enumerate(targets, 1)
    )
    return f'<Relationships xmlns="{_PACKAGE}/relationships">{"".join(lines)}</Relationships>'


def _book(sheets: Sequence[tuple[int, Sheet]]) -> str:
    lines = (
        f'<sheet name={quoteattr(sheet.title)} sheetId="{number}" r:id="rId{number}"/>' for number, sheet in sheets
    )
    return f'<workbook xmlns="{MAIN}" xmlns:r="{_DOC}"><sheets>{"".join(lines)}</sheets></workbook>'


def _title(title: str) -> str:
    if not title or len(title) > 31 or re.search(r"[\[\]:*?/\\\x00-\x1f]|^'|'$", title):
        raise ValueError(f"not a possible title of a sheet: {title!r}")
    return title
