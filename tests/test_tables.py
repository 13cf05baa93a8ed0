"""Tables that are handed out: text stays text, nothing is calculated, the same rows are the same bytes."""

import csv
from io import BytesIO, StringIO
from zipfile import ZIP_STORED, ZipFile

import openpyxl
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gradphoto.adapters.tables import csv_bytes, csv_rows, xlsx_bytes
from gradphoto.adapters.workbook import Sheet, workbook_bytes

ROWS = [["学号", "姓名"], ["2164001200017", "买买提·艾力"], ["00012", "=1+1"], ["", "NULL"]]
TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
TABLE = st.lists(st.lists(TEXT, min_size=2, max_size=2), min_size=1, max_size=5)


def cells(data: bytes) -> list[list[openpyxl.cell.Cell]]:
    """The cells of a workbook's first sheet."""
    return [list(row) for row in openpyxl.load_workbook(BytesIO(data)).worksheets[0].iter_rows()]


def test_a_csv_file_is_utf8_with_bom_and_crlf() -> None:
    assert b'\xef\xbb\xbfa,b\r\n"1,2","say ""x"""\r\n' == csv_bytes([["a", "b"], ["1,2", 'say "x"']])


@pytest.mark.parametrize("sign", ["=", "+", "-", "@", "\t", "\r", "＝"])
def test_a_cell_that_would_be_calculated_is_neutralised(sign: str) -> None:
    data = csv_bytes([[f"{sign}cmd|' /C calc'!A0", "plain"]])
    (row,) = csv.reader(StringIO(data.decode("utf-8-sig"), newline=""))
    assert [f"'{sign}cmd|' /C calc'!A0", "plain"] == row


@given(TABLE)
def test_a_csv_file_gives_back_what_went_in(rows: list[list[str]]) -> None:
    assert rows == csv_rows(csv_bytes(rows))


@given(TABLE)
def test_no_csv_cell_ever_begins_with_a_formula(rows: list[list[str]]) -> None:
    read = csv.reader(StringIO(csv_bytes(rows).decode("utf-8-sig"), newline=""))
    assert [] == [cell for row in read for cell in row if cell[:1] in tuple("=+-@\t\r")]


def test_what_is_not_a_csv_file_in_utf8_is_refused() -> None:
    for data in ("姓名".encode("gbk"), b'"open'):
        with pytest.raises(ValueError, match=r"."):
            csv_rows(data)


def test_every_cell_of_a_workbook_is_text_under_a_bold_frozen_header() -> None:
    data = xlsx_bytes("名单", ROWS)
    read = cells(data)
    assert [[text or None for text in row] for row in ROWS] == [[cell.value for cell in row] for row in read]
    assert {"@"} == {cell.number_format for row in read for cell in row}
    assert {"s"} == {cell.data_type for row in read for cell in row if cell.value}
    assert [True, False, False, False] == [row[0].font.bold for row in read]
    assert "A2" == openpyxl.load_workbook(BytesIO(data)).worksheets[0].freeze_panes


def test_a_workbook_is_read_by_others_too() -> None:
    frame = pd.read_excel(BytesIO(xlsx_bytes("名单", ROWS)), dtype=str, keep_default_na=False)
    assert ROWS == [list(frame.columns), *frame.to_numpy().tolist()]


def test_a_column_is_as_wide_as_its_chinese() -> None:
    sheet = openpyxl.load_workbook(BytesIO(xlsx_bytes("名单", [["单位"], ["宁夏开放大学"]]))).worksheets[0]
    assert 14 == sheet.column_dimensions["A"].width


def test_a_workbook_has_no_clock_and_is_stored() -> None:
    first, second = xlsx_bytes("名单", ROWS), xlsx_bytes("名单", ROWS)
    assert first == second
    with ZipFile(BytesIO(first)) as archive:
        kinds = {(part.date_time, part.compress_type) for part in archive.infolist()}
    assert {((1980, 1, 1, 0, 0, 0), ZIP_STORED)} == kinds


def test_characters_that_xml_forbids_are_seen_as_replaced() -> None:
    assert "␀a␛b�" == cells(xlsx_bytes("名单", [["x"], ["\0a\x1bb\ufffe"]]))[1][0].value


@given(TEXT)
def test_no_text_breaks_a_workbook(text: str) -> None:
    (row,) = cells(xlsx_bytes("名单", [[text, "end"]]))
    assert "end" == row[1].value


def test_a_workbook_has_several_sheets() -> None:
    book = openpyxl.load_workbook(BytesIO(workbook_bytes([Sheet("一", [["a"]]), Sheet("二 & 三", [["b"]])])))
    assert {"一": "a", "二 & 三": "b"} == {sheet.title: sheet["A1"].value for sheet in book.worksheets}


def test_a_title_that_no_sheet_can_have_is_refused() -> None:
    for title in ("", "a/b", "x" * 32):
        with pytest.raises(ValueError, match="title"):
            xlsx_bytes(title, [["a"]])
