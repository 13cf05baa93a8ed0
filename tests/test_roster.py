"""The register: what a row must say to become a student, and what happens to rows in doubt."""

from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.campaign_file import load_campaign
from gradphoto.inputs.roster import Register, read_register
from gradphoto.roster import Student
from tests.test_sheets import workbook

CAMPAIGN = load_campaign("ningxia-2023")
HEADERS = ("学号", "姓名", "学习中心", "入学学期", "层次", "身份证号", "照片超年限", "采集码")
NUMBER = "2164001250017"


def a_row(number: str = NUMBER, name: str = "张三", centre: str = "盐池学院", *more: str) -> tuple[str, ...]:
    return (number, name, centre, *more, *[""] * (len(HEADERS) - 3 - len(more)))


def register(*rows: tuple[str, ...], name: str = "名册.csv") -> Register:
    text = "\r\n".join(",".join(row) for row in (HEADERS, *rows))
    return read_register([(name, text.encode("gb18030"))], CAMPAIGN)


def test_a_row_becomes_a_student_of_the_centre_it_names() -> None:
    found = register(a_row(NUMBER, " 张三 ", "盐池学院", "2021秋", "本科", "11010519491231002X", "否", "Kj9/=q "))
    assert (found.held, found.warnings, found.refused) == ((), (), ())
    expected = Student(
        student_no=NUMBER,
        name="张三",
        centre="yanchi",
        entry_term="2021秋",
        level="本科",
        id_no="11010519491231002X",
        photo_expired=False,
        capture_code="Kj9/=q",
        ref="名册.csv:2",
    )
    assert {NUMBER: expected} == found.students


@pytest.mark.parametrize("centre", ["yanchi", "盐池学院", "盐池县", " 盐池学院 "])
def test_a_centre_is_known_by_id_name_and_alias(centre: str) -> None:
    assert "yanchi" == register(a_row(centre=centre)).students[NUMBER].centre


@pytest.mark.parametrize(
    "name", ["NULL", "NA", "null", "nan", "䶮", "𬭎", "买买提·艾力", "Ó Néill", "葛\U000e0100"]
)
def test_any_name_is_a_name(name: str) -> None:
    found = register(a_row(name=name))
    assert (name, ()) == (found.students[NUMBER].name, found.warnings)


@pytest.mark.parametrize(
    ("row", "named"),
    [
        (a_row(number=""), "名册.csv 第2行「学号」：不能为空"),
        (a_row(number="2.16401E+12"), "名册.csv 第2行「学号」：已变成科学记数法 '2.16401E+12'"),
        (a_row(number="216401e7"), "名册.csv 第2行「学号」：已变成科学记数法"),
        (a_row(number="21640012 50017"), "名册.csv 第2行「学号」：中间有空格"),
        (a_row(number='"=""2164001250017"""'), "名册.csv 第2行「学号」：只能用半角数字"),
        (a_row(number="2164001250017.0"), "名册.csv 第2行「学号」：只能用半角数字"),
        (a_row(number="２１６４００１２５００１７"), "名册.csv 第2行「学号」：只能用半角数字"),
        (a_row(number="../../etc"), "名册.csv 第2行「学号」：只能用半角数字"),
        (a_row(number="-1"), "名册.csv 第2行「学号」：只能用半角数字"),
        (a_row(number="11010519491231002X"), "名册.csv 第2行「学号」：是身份证号（…002X），不是学号"),
        (a_row(number="con"), "名册.csv 第2行「学号」：只能用半角数字"),
        (a_row(name=" "), "名册.csv 第2行「姓名」：不能为空"),
        (a_row(name="张\x07三"), "名册.csv 第2行「姓名」：含有看不见的字符 U+0007"),
        (a_row(name="张\u202e三"), "名册.csv 第2行「姓名」：含有看不见的字符 U+202E"),
        (a_row(centre=""), "名册.csv 第2行「学习中心」：不能为空"),
        (a_row(centre="北京"), "名册.csv 第2行「学习中心」：没有这个学习中心（2个字符）"),
        (a_row(NUMBER, "张三", "盐池学院", "", "", "", "", "1.23E+17"), "名册.csv 第2行「采集码」：已变成科学"),
        ((*a_row(), "多"), "名册.csv 第2行「第9列」：单元格比表头多"),
    ],
)
def test_a_bad_row_is_held_by_file_row_and_column_and_the_rest_is_read(row: tuple[str, ...], named: str) -> None:
    found = register(row, a_row("2164001250018"))
    assert ["2164001250018"] == list(found.students)
    (held,) = found.held
    assert held.text.startswith(named)
    assert 1 == len(held.text.splitlines())


@pytest.mark.parametrize(
    ("row", "named"),
    [
        (a_row(number="216400125001"), "「学号」：不是13位数字"),
        (a_row(number="A-2021-7"), "「学号」：不是13位数字"),
        (a_row(NUMBER, "张三", "盐池学院", "2022春"), "「学号」：前两位与入学学期 '2022春' 不符"),
        (a_row(NUMBER, "张三", "盐池学院", "202103"), "「学号」：流水号属于秋季"),
        (a_row(f"2111001{NUMBER[7:]}"), "「学号」：省码是 110，应为 640，请核对"),
        (
            a_row(f"21640013{NUMBER[8:]}", "张三", "盐池学院", "", "本科"),
            "「学号」：层次码是 013，认识的是 012、014（层次 '本科'）",
        ),
        (a_row(NUMBER, "张三", "盐池学院", "2021秋", "专科"), "「学号」：与层次 '专科' 不符"),
        (a_row(NUMBER, "张?"), "「姓名」：含有问号"),
        (a_row(NUMBER, "张三", "盐池学院", "", "", "110105194912310021"), "「身份证号」：校验码不符"),
        (a_row(NUMBER, "张三", "盐池学院", "", "", "1101054912310"), "「身份证号」：不是18位"),
        (a_row(NUMBER, "张三", "盐池学院", "", "", "", "过期"), "「照片超年限」：只能填 是 或 否"),
    ],
)
def test_an_odd_row_is_used_with_a_warning(row: tuple[str, ...], named: str) -> None:
    found = register(row)
    assert ([row[0]], ()) == (list(found.students), found.held)
    (warning,) = found.warnings
    assert warning.text.startswith(f"名册.csv 第2行{named}")


def test_messages_never_quote_a_name_or_an_id_number() -> None:
    found = register(a_row(NUMBER, "张?", "盐池学院", "", "", "110105194912310021"))
    assert not any("张" in warning.text or "110105" in warning.text for warning in found.warnings)


@pytest.mark.parametrize("id_no", ["11010519491231002X", "11010519491231002x", "440524188001010014", ""])
def test_a_right_id_number_is_right(id_no: str) -> None:
    assert () == register(a_row(NUMBER, "张三", "盐池学院", "", "", id_no)).warnings


def test_the_same_row_twice_is_one_student_with_a_note() -> None:
    found = register(a_row(), a_row())
    assert ("名册.csv:2", ()) == (found.students[NUMBER].ref, found.held)
    assert ["名册.csv 第3行「学号」：与 名册.csv 第2行 完全相同，只计一次"] == [w.text for w in found.warnings]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (a_row(), a_row(name="李四")),
        (a_row(), a_row(centre="固原学院")),
        (a_row(number="ab1"), a_row(number="AB1")),
    ],
)
def test_rows_of_one_number_that_differ_are_all_held_each_with_the_others_place(
    one: tuple[str, ...], other: tuple[str, ...]
) -> None:
    found = register(one, a_row("2164001250018"), other)
    assert ["2164001250018"] == list(found.students)
    assert [(2, True), (4, True)] == [(held.row, "重复而内容不同" in held.text) for held in found.held]
    assert "第4行" in found.held[0].message
    assert "第2行" in found.held[1].message


def test_a_bad_row_holds_the_good_row_of_the_same_number() -> None:
    found = register(a_row(), a_row(centre="北京"))
    assert {} == found.students
    assert {2, 3} == {held.row for held in found.held}


def test_duplicates_are_found_across_files() -> None:
    one = ("甲.csv", "学号,姓名,学习中心\n1,张,yanchi".encode())
    two = ("乙.xlsx", workbook(["XH", "XM", "教学点"], ["1", "李", "yanchi"]))
    found = read_register([one, two], CAMPAIGN)
    assert {} == found.students
    assert ["乙.xlsx", "甲.csv"] == [held.file for held in found.held]


def test_a_file_that_cannot_be_read_is_named_and_the_others_are_read() -> None:
    bad = ("坏.csv", "学号,姓名\n1,张".encode())
    good = ("好.csv", "学号,姓名,学习中心\n1,张,yanchi".encode())
    found = read_register([bad, good], CAMPAIGN)
    assert ["1"] == list(found.students)
    assert ("坏.csv 第1行「学习中心」：缺少必需的列，表头可写作 学习中心、教学点、centre",) == found.refused
    assert [("坏.csv", 0)] == [(held.file, held.row) for held in found.held]


def test_a_number_in_a_workbook_that_lost_its_digits_is_held_by_its_cell() -> None:
    data = workbook(["学号", "姓名", "学习中心"], [2.16401e12, "张", "yanchi"], [2164001250018, "李", "yanchi"])
    found = read_register([("名册.xlsx", data)], CAMPAIGN)
    assert ["2164001250018"] == list(found.students)
    assert [("名册.xlsx", 2, "学号")] == [(held.file, held.row, held.column) for held in found.held]


ROWS = st.lists(
    st.tuples(st.sampled_from(["1", "2", "3", "a", "A", "x y"]), st.sampled_from(["张", "李", "N?"])),
    max_size=8,
).flatmap(lambda rows: st.tuples(st.just(rows), st.permutations(rows)))


@given(ROWS)
def test_the_order_of_rows_does_not_matter(
    rows: tuple[list[tuple[str, str]], list[tuple[str, str]]],
) -> None:
    def contents(order: list[tuple[str, str]]) -> tuple[list[Student], list[tuple[str, str]]]:
        found = register(*(a_row(*pair) for pair in order))
        held = sorted(order[held.row - 2] for held in found.held)
        return [student.model_copy(update={"ref": ""}) for student in found.students.values()], held

    assert contents(rows[0]) == contents(rows[1])


@given(st.permutations([("a.csv", "1,张"), ("b.csv", "1,张"), ("c.csv", "2,李"), ("d.csv", "2,王")]))
def test_the_order_of_files_does_not_matter(files: list[tuple[str, str]]) -> None:
    def read(order: list[tuple[str, str]]) -> Register:
        named = [(name, f"学号,姓名,学习中心\n{row},yanchi".encode()) for name, row in order]
        return read_register(named, CAMPAIGN)

    assert read(sorted(files)) == read(files)


def test_a_hundred_thousand_rows_take_seconds() -> None:
    began = process_time()
    found = register(*(a_row(f"21640012{index:05d}") for index in range(100_000)))
    assert 100_000 == len(found.students)
    assert process_time() - began < 20
