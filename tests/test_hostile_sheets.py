"""Workbooks made to swell, to call home or to pass for something else: refused in one line, or read truly."""

import zipfile
from io import BytesIO

import pytest

from gradphoto.adapters.sheets import SheetError, read_sheet
from gradphoto.adapters.tables import csv_bytes
from tests.test_sheets import HEADERS, cells, workbook

SHEET, BOOK, TYPES = "xl/worksheets/sheet1.xml", "xl/_rels/workbook.xml.rels", "[Content_Types].xml"
PLAIN = workbook(list(HEADERS), ["1", "张三", "盐池学院"])
KIND = b"application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"
DOC = b"http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def changed(*changes: tuple[str, bytes, bytes], more: dict[str, bytes] | None = None) -> bytes:
    """The plain workbook with pieces of its parts replaced, and with further parts."""
    out = BytesIO()
    with zipfile.ZipFile(BytesIO(PLAIN)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            data = old.read(name)
            for part, right, wrong in changes:
                data = data.replace(right, wrong) if part == name else data
            new.writestr(name, data)
        for name, data in (more or {}).items():
            new.writestr(name, data)
    return out.getvalue()


def with_rows(rows: bytes) -> bytes:
    return changed((SHEET, b"</sheetData>", rows + b"</sheetData>"))


def with_document_type(declarations: bytes, use: bytes) -> bytes:
    """A sheet that declares entities of its own and has a cell that uses one."""
    cell = b'<row r="3"><c r="A3" t="inlineStr"><is><t>' + use + b"</t></is></c></row></sheetData>"
    declared = b"<!DOCTYPE worksheet [" + declarations + b"]><worksheet"
    return changed((SHEET, b"</sheetData>", cell), (SHEET, b"<worksheet", declared))


def with_shared(items: bytes) -> bytes:
    """A workbook with a table of texts."""
    part = b'<Override PartName="/xl/sharedStrings.xml" ContentType="' + KIND + b'"/></Types>'
    link = (
        b'<Relationship Id="rId99" Type="' + DOC + b'/sharedStrings" Target="sharedStrings.xml"/></Relationships>'
    )
    texts = b'<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">' + items + b"</sst>"
    return changed(
        (TYPES, b"</Types>", part), (BOOK, b"</Relationships>", link), more={"xl/sharedStrings.xml": texts}
    )


LAUGHS = b"".join(
    b'<!ENTITY l%d "%s">' % (level, (b"&l%d;" % (level - 1)) * 10 if level else b"lol") for level in range(12)
)


@pytest.mark.parametrize(
    ("data", "named"),
    [
        (with_document_type(LAUGHS, b"&l11;"), "XLSX 已损坏"),
        (with_document_type(b'<!ENTITY x SYSTEM "file:///etc/passwd">', b"&x;"), "XLSX 已损坏"),
        (with_rows(b"<row/>" * 17_000_000), "个标记"),
        (with_rows(b"<a>" * 17_000_000), "个标记"),
        (with_shared(b"<si><t>a</t></si>" * 10_000_000), "个标记"),
        (with_rows(b'<row r="1048577"><c r="A1048577"><v>1</v></c></row>'), "超过 1048576 行"),
        (with_rows(b'<row r="3"><c r="ZZZZZZ3"><v>1</v></c></row>'), "XLSX 已损坏"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(4096), "旧版 .xls 或加了密码"),
        (PLAIN[: len(PLAIN) // 2], "XLSX 已损坏"),
    ],
    ids=["laughs", "outside", "rows", "deep", "texts", "far", "wide", "ole", "cut"],
)
def test_a_workbook_that_is_a_trap_is_refused_in_one_line(data: bytes, named: str) -> None:
    assert len(data) < 1_000_000
    with pytest.raises(SheetError, match=rf"^名册\.xlsx[^\n]*{named}[^\n]*$"):
        read_sheet(data, "名册.xlsx")


def test_a_size_that_a_sheet_only_claims_is_not_believed() -> None:
    claims = changed((SHEET, b'ref="A1:C2"', b'ref="A1:XFD1048576"'))
    assert [("1", "张三", "盐池学院")] == cells(read_sheet(claims, "a.xlsx"))


def test_a_stray_cell_in_the_last_row_is_a_row_like_any_other() -> None:
    stray = with_rows(b'<row r="1048576"><c r="A1048576" t="inlineStr"><is><t>9</t></is></c></row>')
    assert [2, 1_048_576] == [row.number for row in read_sheet(stray, "a.xlsx").rows]


def test_a_link_to_another_workbook_is_not_followed() -> None:
    link = (
        b'<Relationship Id="rId98" Type="'
        + DOC
        + b'/externalLink" Target="externalLinks/link1.xml"/></Relationships>'
    )
    part = b'<externalLink xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"/>'
    linked = changed((BOOK, b"</Relationships>", link), more={"xl/externalLinks/link1.xml": part})
    assert [("1", "张三", "盐池学院")] == cells(read_sheet(linked, "a.xlsx"))


@pytest.mark.parametrize("name", ["a.csv", "a.xlsx", "a"])
def test_the_content_decides_and_not_the_name(name: str) -> None:
    for data in (PLAIN, csv_bytes([HEADERS, ("1", "张三", "盐池学院")])):
        assert [("1", "张三", "盐池学院")] == cells(read_sheet(data, name))
