"""A desk's row that takes the place of another: what is settled by it, and what stays a conflict."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gradphoto.inputs.scanlog import read_scanlog
from gradphoto.matching.bindings import DeskRow, bind
from gradphoto.matching.replaced import Pointer, standing_rows
from tests.a_night import CAMPAIGN, SESSION, START, number, register

A, B = number("A"), number("B")
STUDENTS = register(capture_code="")


def row(code: str, student_no: str | None, minute: int, *replaces: Pointer, station: str = "1") -> DeskRow:
    at = START + timedelta(minutes=minute)
    return DeskRow(
        SESSION, f"scanlog-{station}.csv:{minute + 2}", at, code, student_no, False, station, tuple(replaces)
    )


def place(old: DeskRow) -> Pointer:
    return Pointer(old.station, old.at)


def owners(*rows: DeskRow) -> dict[str, str | None]:
    """Whose each code is, or why it is nobody's."""
    bindings = bind(STUDENTS, rows)
    found = {code: bindings.owner(code) for code in sorted({row.code for row in rows})}
    return {code: one.trouble.code if one.trouble else one.student_no for code, one in found.items()}


FIRST = row("u", A, 0)


def test_a_conflict_of_which_nobody_said_anything_waits_for_a_person() -> None:
    assert {"u": "code-two-students"} == owners(FIRST, row("u", B, 1))
    assert {"u": "student-two-codes", "v": "student-two-codes"} == owners(FIRST, row("v", A, 1))


def test_a_takeover_that_names_the_row_settles_it() -> None:
    assert {"u": B} == owners(FIRST, row("u", B, 1, place(FIRST)))


def test_a_student_with_another_code_has_that_one_alone() -> None:
    assert {"u": "code-unknown", "v": A} == owners(FIRST, row("v", A, 1, place(FIRST)))


def test_whoever_shows_the_former_code_is_a_candidate_and_no_more() -> None:
    owner = bind(STUDENTS, [FIRST, row("v", A, 1, place(FIRST))]).owner("u")
    assert (None, {A}) == (owner.student_no, set(owner.candidates))


def test_an_undo_takes_back_one_row_and_an_undone_takeover_leaves_what_it_took() -> None:
    takeover = row("u", B, 1, place(FIRST))
    assert {"u": "code-unknown"} == owners(FIRST, row("u", None, 1, place(FIRST)))
    assert {"u": A} == owners(FIRST, takeover, row("u", None, 2, place(takeover)))


@pytest.mark.parametrize(
    "pointer",
    [
        Pointer("2", FIRST.at),
        Pointer("1", FIRST.at + timedelta(milliseconds=1)),
        Pointer("1", datetime(2023, 7, 1)),
    ],
)
def test_a_row_that_points_nowhere_takes_nothing_back(pointer: Pointer) -> None:
    assert {"u": "code-two-students"} == owners(FIRST, row("u", B, 1, pointer))


def test_a_row_of_another_code_and_another_student_takes_nothing_back() -> None:
    assert {"u": A, "v": B} == owners(FIRST, row("v", B, 1, place(FIRST)))


def test_a_place_where_two_bindings_stand_is_none() -> None:
    both = FIRST, row("u", B, 0)
    assert {"u": "code-two-students"} == owners(*both, row("u", number("C"), 1, place(FIRST)))


def test_a_takeover_that_was_taken_over_gives_nothing_back() -> None:
    second = row("u", B, 1, place(FIRST))
    assert {"u": number("C")} == owners(FIRST, second, row("u", number("C"), 2, place(second)))
    assert {"u": "code-unknown", "v": B} == owners(FIRST, second, row("v", B, 2, place(second)))


def test_rows_that_take_back_each_other_bind_nobody() -> None:
    one, two = row("u", A, 0, Pointer("1", START + timedelta(minutes=1))), row("u", B, 1, place(FIRST))
    assert {"u": "code-unknown"} == owners(one, two)


def test_a_copy_of_a_log_is_taken_back_with_it() -> None:
    copy = DeskRow(SESSION, "copy/scanlog-1.csv:2", FIRST.at, "u", A, False, "1")
    assert {"u": B} == owners(FIRST, copy, row("u", B, 1, place(FIRST)))


TIMES = st.integers(0, 5).map(lambda minute: START + timedelta(minutes=minute))
POINTERS = st.builds(Pointer, st.sampled_from(["", "1", "2"]), TIMES)
CODES, NUMBERS, STATIONS = st.sampled_from("uvw"), st.sampled_from([A, B, None]), st.sampled_from("12")
ROWS = st.lists(st.builds(row, CODES, NUMBERS, st.integers(0, 5), POINTERS, station=STATIONS), max_size=8)


@given(ROWS, st.randoms(use_true_random=False))
def test_the_order_of_rows_and_files_makes_no_difference(rows: list[DeskRow], random: st.DataObject) -> None:
    other = list(rows)
    random.shuffle(other)  # type: ignore[attr-defined]
    assert set(standing_rows(rows).binding) == set(standing_rows(other).binding)
    assert owners(*rows) == owners(*other)


@given(ROWS)
def test_a_row_is_void_only_where_another_of_its_code_or_student_names_it(rows: list[DeskRow]) -> None:
    for old in {one for one in rows if one.student_no} - set(standing_rows(rows).binding):
        naming = [new for new in rows if {("", old.at), (old.station, old.at)} & set(new.replaces)]
        assert any(old.code == new.code or old.student_no == new.student_no for new in naming)


@given(ROWS)
def test_without_a_word_of_taking_back_every_row_binds(rows: list[DeskRow]) -> None:
    silent = [DeskRow(one.session, one.ref, one.at, one.code, one.student_no) for one in rows]
    assert {one for one in silent if one.student_no} == set(standing_rows(silent).binding)


def read(cell: str) -> tuple[tuple[Pointer, ...], list[str]]:
    """What a cell of the column 取代 says, and what is held."""
    data = f"扫码时间,采集码,学号,工位,取代\n2023-07-02 10:05:06,u,,1,{cell}\n".encode()
    ((found,), held) = read_scanlog(data, SESSION, "scanlog.csv", CAMPAIGN)
    return found.replaces, [one.text for one in held]


def test_the_column_names_rows_by_station_and_time() -> None:
    at = datetime(2023, 7, 2, 10, 5, 6, 123_000)
    expected = (Pointer("东门", at), Pointer("", at))
    assert (expected, []) == read("东门 2023-07-02T10:05:06.123; 2023-07-02T10:05:06.123")


@pytest.mark.parametrize("cell", ["x", "1 2 3", "第3行", "1 2023-13-01T00:00:00"])
def test_what_it_cannot_mean_is_held_and_the_row_binds_all_the_same(cell: str) -> None:
    replaces, (line,) = read(cell)
    assert ((), True) == (replaces, line.startswith("scanlog.csv 第2行「取代」：看不懂"))
