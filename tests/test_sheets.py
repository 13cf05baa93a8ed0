"""Sheets as people bring them: read cell by cell as they were written, or refused by name."""

import csv
import zipfile
from contextlib import suppress
from datetime import datetime
from io import BytesIO, StringIO
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from gradphoto.adapters import xlsx_sheets
from gradphoto.adapters.sheets import Sheet, SheetError, read_sheet
from gradphoto.inputs.columns import ROSTER
from gradphoto.inputs.table import read_table

HEADERS = ("学号", "姓名", "学习中心")
ENCODINGS = ("utf-8", "utf-8-sig", "utf-16", "gb18030")
TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=8)


def written(rows: list[list[str]], delimiter: str = ",", quoting: Any = csv.QUOTE_MINIMAL) -> str:
    out = StringIO(newline="")
    csv.writer(out, delimiter=delimiter, quoting=quoting).writerows([list(HEADERS), *rows])
    return out.getvalue()


def workbook(*rows: list[Any], number_format: str = "General") -> bytes:
    book = Workbook()
    for row in rows:
        book.active.append(row)
    for cells in book.active.iter_rows():
        for cell in cells:
            if isinstance(cell.value, int | float):
                cell.number_format = number_format
    return saved(book)


def saved(book: Any) -> bytes:
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def cells(sheet: Sheet) -> list[tuple[str, ...]]:
    return [row.cells for row in sheet.rows]


@given(st.lists(st.tuples(TEXT, TEXT), max_size=5), st.sampled_from(ENCODINGS), st.sampled_from(",\t;"))
def test_any_text_comes_back_from_any_encoding(rows: list[tuple[str, str]], encoding: str, delimiter: str) -> None:
    expected = [("1", *row) for row in rows]
    text = written([list(row) for row in expected], delimiter, csv.QUOTE_ALL)
    assert expected == cells(read_sheet(text.encode(encoding), "名册.csv"))


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_rare_characters_and_surnames_like_null_are_names(encoding: str) -> None:
    names = ["䶮", "𬭎", "买买提·艾力", "NULL", "NA", "null", "nan", "None", "TRUE", "007", "1E5"]
    data = written([["1", name, "盐池学院"] for name in names]).encode(encoding)
    assert names == [row.cells[1] for row in read_sheet(data, "名册.csv").rows]


def test_gb18030_that_could_be_utf8_is_refused_and_never_read_as_another_language() -> None:
    data = "XH,XM,centre\r\n1,联想,yanchi\r\n".encode("gb18030")
    assert "联想" == read_sheet(data, "a.csv").rows[0].cells[1]
    ambiguous = "XH,XM,centre\r\n1,耀,yanchi\r\n".encode("gb18030")
    assert ambiguous.decode("utf-8")
    with pytest.raises(SheetError, match=r"^a\.csv：无法确定是 UTF-8 还是 GB18030"):
        read_sheet(ambiguous, "a.csv")


@given(st.lists(st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FFF), min_size=1), min_size=1))
def test_gb18030_is_never_read_as_utf8_even_under_a_header_without_chinese(names: list[str]) -> None:
    expected = [("1", name) for name in names]
    data = "\n".join(["XH,XM", *(",".join(row) for row in expected)]).encode("gb18030")
    with suppress(SheetError):
        assert expected == cells(read_sheet(data, "a.csv"))


@pytest.mark.parametrize("names", [["张三"], ["买买提·艾力"], ["张三", "李四"]])
def test_short_utf8_without_a_mark_stays_utf8(names: list[str]) -> None:
    data = "\n".join(["XH,XM,centre", *(f"1,{name},yanchi" for name in names)]).encode()
    assert names == [row.cells[1] for row in read_sheet(data, "a.csv").rows]


def test_rows_count_as_excel_counts_them() -> None:
    text = '学号,姓名\r\n1,"张\n三"\r\n\r\n , \r\n2,"李,四 ""小"""\r\n'
    sheet = read_sheet(text.encode(), "a.csv")
    assert [(2, ("1", "张\n三")), (5, ("2", '李,四 "小"'))] == [row[:2] for row in sheet.rows]


@pytest.mark.parametrize(
    ("data", "named"),
    [
        (b"", "a.csv：文件是空的"),
        (b"\r\n \r\n", "a.csv：文件是空的"),
        (b"\xff\xff\x80", "a.csv：不是 UTF-8 或 GB18030"),
        (b"a,b\n1,\x00\n", "a.csv：不是 UTF-8 或 GB18030"),
        ("学号".encode() + b"\xff\xff\n", "a.csv：不是 UTF-8 或 GB18030"),
        (b'a,b\n1,2\n3,"4\n5,6\n', "a.csv 第3行：引号不配对"),
        (b'a,b\n1,"2"3\n', "a.csv 第2行：引号不配对"),
        (b"\xd0\xcf\x11\xe0 old", "a.csv：是旧版 .xls"),
        (b"PK\x03\x04 broken", "a.csv：XLSX 已损坏"),
        (saved(Workbook()), "a.csv：工作簿的前1000行中没有内容"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_in_one_line(data: bytes, named: str) -> None:
    with pytest.raises(SheetError) as refused:
        read_sheet(data, "a.csv")
    assert str(refused.value).startswith(named)
    assert 1 == len(str(refused.value).splitlines())


def test_cells_that_no_header_names_are_a_fault() -> None:
    sheet = read_sheet("学号,姓名\n1,张,三\n2\n3,李,,\n".encode(), "a.csv")
    assert [("1", "张"), ("2", ""), ("3", "李")] == cells(sheet)
    assert [[2], [], []] == [list(row.faults) for row in sheet.rows]


def test_a_formula_of_a_workbook_is_a_fault_and_a_text_that_begins_like_one_is_a_text() -> None:
    (row,) = read_sheet(workbook(["学号", "姓名"], ["=A9", "张"]), "a").rows
    assert "公式" in row.faults[0]
    (row,) = read_sheet("学号,姓名\n1,=SUM(A1)\n".encode(), "a").rows
    assert (("1", "=SUM(A1)"), {}) == (row.cells, dict(row.faults))


@pytest.mark.parametrize("value", ["2164001200017", "007", " 张三 ", "2.16401E+12", "NULL", "䶮𬭎", "2023/7/2"])
def test_text_in_a_workbook_stays_text(value: str) -> None:
    assert [(value,)] == cells(read_sheet(workbook(["学号"], [value]), "a.xlsx"))


@pytest.mark.parametrize("number", [7, 13912345678, 2164001200017, 123456789012345])
def test_a_number_that_is_exact_is_its_digits(number: int) -> None:
    (row,) = read_sheet(workbook(["学号"], [number]), "a.xlsx").rows
    assert ((str(number),), {}) == (row.cells, row.faults)


@pytest.mark.parametrize(
    ("number", "number_format"),
    [
        (2.16401e12, "General"),
        (2.16401e12, "0"),
        (2164001200017, "0.00E+00"),
        (640, "0000000"),
        (1234567890123456, "0"),
        (3.5, "General"),
        (1e20, "0"),
    ],
)
def test_a_number_that_may_have_lost_digits_is_a_fault(number: float, number_format: str) -> None:
    (row,) = read_sheet(workbook(["学号"], [number], number_format=number_format), "a.xlsx").rows
    assert [0] == list(row.faults)


def test_dates_are_iso_and_errors_are_faults() -> None:
    moments = [datetime(2021, 9, 1), datetime(2023, 7, 2, 10, 5, 6)]
    (row,) = read_sheet(workbook(["a", "b", "c"], [*moments, "#N/A"]), "a.xlsx").rows
    assert ("2021-09-01", "2023-07-02 10:05:06", "#N/A") == row.cells
    assert [2] == list(row.faults)


def test_the_first_visible_sheet_with_the_columns_is_read_and_others_like_it_are_named() -> None:
    book = Workbook()
    book.active.append(["填表说明"])
    for title in ("隐藏", "盐池", "固原"):
        sheet = book.create_sheet(title)
        sheet.append(HEADERS)
        sheet.append(["1", title, "yanchi"])
    book["隐藏"].sheet_state = "hidden"
    table = read_table(saved(book), "a.xlsx", ROSTER)
    assert ["盐池"] == [line.values["name"] for line in table.lines]
    assert ("固原",) == table.unread


def test_rows_left_out_of_a_workbook_still_count() -> None:
    book = Workbook()
    book.active["A1"], book.active["A9"] = "学号", "1"
    assert [9] == [row.number for row in read_sheet(saved(book), "a.xlsx").rows]


def test_a_workbook_that_swells_is_refused_before_it_is_unpacked() -> None:
    out = BytesIO(workbook(["学号"]))
    with zipfile.ZipFile(out, "a", zipfile.ZIP_DEFLATED) as archive, archive.open("bomb", "w") as part:
        for _ in range(xlsx_sheets.MAX_UNPACKED // (1 << 24) + 1):
            part.write(bytes(1 << 24))
    assert len(out.getvalue()) < 1_000_000
    with pytest.raises(SheetError, match="解压后超过"):
        read_sheet(out.getvalue(), "a.xlsx")


@pytest.mark.parametrize("header", [" 学 号", "ｘｈ", "xh", "Student_No", "STUDENT_NO"])
def test_headers_are_known_by_any_alias_whatever_their_spaces_case_and_width(header: str) -> None:
    data = f"序号,{header},姓名,教学点\n9,1,张,盐池\n".encode()
    (line,) = read_table(data, "a.csv", ROSTER).lines
    assert ("1", "张", "盐池", "") == tuple(line.values[key] for key in ("student_no", "name", "centre", "slot"))


def test_a_missing_column_is_named_with_every_name_it_may_have() -> None:
    with pytest.raises(SheetError) as refused:
        read_table("学号,学习中心\n1,盐池\n".encode(), "名册.csv", ROSTER)
    assert "名册.csv 第1行「姓名」：缺少必需的列，表头可写作 姓名、XM、name" == str(refused.value)


def test_a_column_that_is_there_twice_is_refused() -> None:
    with pytest.raises(SheetError, match=r"名册.csv 第1行「学号」：同一列出现了2次（学号、XH）"):
        read_table("学号,姓名,学习中心,XH\n".encode(), "名册.csv", ROSTER)


def test_a_fault_in_a_column_that_nobody_asks_for_is_no_harm() -> None:
    (line,) = read_table("学号,姓名,学习中心,合计\n1,张,盐池,=A2\n".encode(), "名册.csv", ROSTER).lines
    assert () == line.faults
