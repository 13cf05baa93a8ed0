"""The desk's book: whom a few figures mean, what is asked before it is written, what can be taken back."""

from collections.abc import Iterable
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gradphoto.adapters.desk_log import row_bytes
from gradphoto.desk.answers import Answer, Asks, Entry, Known, Refused
from gradphoto.desk.book import Book
from gradphoto.desk.code import code_trouble
from gradphoto.desk.people import People
from gradphoto.desk.typed import meaning
from gradphoto.inputs.scanlog import DESK_HEAD, read_scanlog
from gradphoto.kit import Bound, Kit
from gradphoto.matching.bindings import DeskRow, bind
from gradphoto.matching.replaced import Pointer
from gradphoto.roster import Student
from tests.desk_venue import CAMPAIGN, SESSION, code, kit, students

EVERYBODY = students(40)
ANNA, BOB, CARL = EVERYBODY[:3]
OUTSIDE = EVERYBODY[-1]
KIT = kit(EVERYBODY)
PEOPLE = People(KIT, CAMPAIGN)
START = datetime(2023, 7, 3, 9)
NAMES = PEOPLE.names


def row(code: str, student_no: str, minute: int, *replaces: Pointer, station: str = "1") -> DeskRow:
    at = START + timedelta(minutes=minute)
    ref = f"scanlog-{station}.csv:{minute + 2}"
    return DeskRow(SESSION, ref, at, code, student_no or None, False, station, replaces)


def book(*rows: DeskRow, people: People = PEOPLE, **seen: datetime) -> Book:
    return Book(people, rows, seen)


def asked(answer: object) -> str:
    assert isinstance(answer, Asks), answer
    return "\n".join(answer.questions)


# ---- Whom the figures mean


@pytest.mark.parametrize("typed", [ANNA.student_no, ANNA.student_no[-5:], ANNA.id_no[-4:], ANNA.id_no])
def test_a_number_its_end_or_the_last_four_of_the_id_number_mean_a_student(typed: str) -> None:
    assert (ANNA.student_no,) == NAMES.find(typed).student_nos


def test_an_x_may_be_small_or_wide() -> None:
    with_x = next(one for one in EVERYBODY if one.id_no.endswith("X"))
    tail = with_x.id_no[-4:]
    assert [(with_x.student_no,)] * 2 == [NAMES.find(one).student_nos for one in (tail.lower(), f" {tail[:3]}Ｘ")]


def test_of_several_with_one_ending_each_is_named() -> None:
    twin = BOB.model_copy(update={"id_no": ANNA.id_no})
    names = People(kit([ANNA, twin, CARL]), CAMPAIGN).names
    assert {ANNA.student_no, BOB.student_no} == set(names.find(ANNA.id_no[-4:]).student_nos)


def test_a_whole_number_means_its_student_alone_though_anothers_ends_so() -> None:
    longer = BOB.model_copy(update={"student_no": f"9{ANNA.student_no}"})
    assert (ANNA.student_no,) == People(kit([ANNA, longer]), CAMPAIGN).names.find(ANNA.student_no).student_nos


@pytest.mark.parametrize("typed", ["", "12", "张三", "0000", "1234567"])
def test_what_means_nobody_says_what_to_do(typed: str) -> None:
    hits = NAMES.find(typed)
    assert ((), True) == (hits.student_nos, bool(hits.problem))


def test_more_than_there_are_keys_for_are_not_shown_at_all() -> None:
    same = [one.model_copy(update={"id_no": ANNA.id_no}) for one in EVERYBODY[:10]]
    hits = People(kit(same), CAMPAIGN).names.find(ANNA.id_no[-4:])
    assert ((), "有 10 人的号码这样结尾，请输入完整学号") == hits


def test_a_whole_number_that_is_not_on_the_list_is_somebody_elses() -> None:
    (stranger,) = NAMES.find("2164001259999").student_nos
    card = book().card(stranger)
    assert ("2164001259999", "", False) == (card.student_no, card.name, card.listed)


@pytest.mark.parametrize(
    ("text", "fast", "expected"),
    [
        ("DEMO-73E3493BC66D", True, "code"),
        ("https://example.edu/q?c=1", True, "code"),
        ("9876543210987654", True, "code"),
        ("9876543210987654", False, "number"),
        (ANNA.student_no, True, "number"),
        ("11010519491231002X", True, "number"),
        (ANNA.id_no[-4:], True, "number"),
        ("张三", False, "code"),
    ],
)
def test_content_says_what_a_line_is_and_speed_only_where_figures_could_be_both(
    text: str, fast: bool, expected: str
) -> None:
    assert expected == meaning(text, fast, NAMES)


# ---- What may be a code


@pytest.mark.parametrize(
    "scanned",
    [
        "",
        "ab",
        "x" * 201,
        "a\tbcdef",
        "abc\u200bdef",
        "\ufeffabcdef",
        ANNA.student_no,
        "11010519491231002X",
        "12345E6",
    ],
)
def test_what_cannot_be_a_code_is_refused_whoever_confirms_it(scanned: str) -> None:
    assert isinstance(book().bind(scanned, BOB.student_no, confirmed=[""]), Refused)


def test_without_a_code_nothing_is_bound() -> None:
    refused = book().bind("", ANNA.student_no)
    assert isinstance(refused, Refused)
    assert "没有采集码不得采集" in refused.why


def test_what_an_input_method_made_wide_is_asked() -> None:
    assert "全角" in asked(book().bind("ＤＥＭＯ１２３４", ANNA.student_no))


def test_what_was_typed_by_hand_is_asked() -> None:
    assert "慢慢输入" in asked(book().bind("DEMO-1234", ANNA.student_no, by_hand=True))


# ---- What is asked


def test_a_new_code_for_a_new_student_is_written_at_once() -> None:
    assert Entry(code=code(ANNA), student_no=ANNA.student_no) == book().bind(code(ANNA), ANNA.student_no)


def test_a_code_that_is_bound_asks_and_names_both() -> None:
    first = row("u-code", ANNA.student_no, 0)
    answer = book(first).bind("u-code", BOB.student_no)
    assert all(one.name in asked(answer) and one.student_no in asked(answer) for one in (ANNA, BOB))
    taken = book(first).bind("u-code", BOB.student_no, confirmed=asked(answer).splitlines())
    assert Entry(code="u-code", student_no=BOB.student_no, replaces=(Pointer("1", first.at),)) == taken


def test_a_student_with_another_code_asks() -> None:
    answer = book(row("u-code", ANNA.student_no, 0)).bind("v-code", ANNA.student_no)
    assert "另一个采集码 u-code（09:00 工位1）" in asked(answer)


def test_the_same_again_is_written_once() -> None:
    assert isinstance(book(row("u-code", ANNA.student_no, 0)).bind("u-code", ANNA.student_no), Known)


def test_a_binding_of_screenshots_is_no_scan_so_the_scan_is_written() -> None:
    sent = DeskRow(SESSION, "scanlog-batch.csv:2", START, "u-code", ANNA.student_no, True, "batch")
    assert Entry(code="u-code", student_no=ANNA.student_no) == book(sent).bind("u-code", ANNA.student_no)


def earlier(student_no: str) -> Kit:
    bound = Bound(code="u-code", student_no=student_no, session="2023-07-02-yanchi", at=START - timedelta(days=1))
    return kit(EVERYBODY, bound=(bound,))


def test_what_was_bound_on_another_day_asks_and_can_be_taken_over() -> None:
    people = People(earlier(BOB.student_no), CAMPAIGN)
    answer = book(people=people).bind("u-code", ANNA.student_no)
    assert "07月02日 2023-07-02-yanchi" in asked(answer)
    taken = book(people=people).bind("u-code", ANNA.student_no, confirmed=asked(answer).splitlines())
    assert isinstance(taken, Entry)
    assert (Pointer("", START - timedelta(days=1)),) == taken.replaces


def test_whoever_comes_again_on_another_day_is_scanned_again() -> None:
    people = People(earlier(ANNA.student_no), CAMPAIGN)
    assert isinstance(book(people=people).bind("u-code", ANNA.student_no), Entry)


@pytest.mark.parametrize(
    ("student_no", "words"), [(OUTSIDE.student_no, "不属于通知规定的采集对象"), ("2164001259999", "名单里没有")]
)
def test_whoever_should_not_be_here_asks(student_no: str, words: str) -> None:
    assert words in asked(book().bind("u-code", student_no))


def test_whom_a_person_admitted_is_not_asked() -> None:
    people = People(kit(EVERYBODY, admitted=(OUTSIDE.student_no,)), CAMPAIGN)
    assert isinstance(book(people=people).bind("u-code", OUTSIDE.student_no), Entry)


def test_whoever_was_photographed_today_or_before_asks() -> None:
    assert "今天 09:00 已拍" in asked(book(**{ANNA.student_no: START}).bind("u-code", ANNA.student_no))
    people = People(kit(EVERYBODY, photographed=(ANNA.student_no,)), CAMPAIGN)
    assert "以前已拍过" in asked(book(people=people).bind("u-code", ANNA.student_no))


def test_a_desk_cannot_take_back_what_the_roster_says_and_says_so() -> None:
    people = People(kit([ANNA.model_copy(update={"capture_code": "u-code"}), BOB]), CAMPAIGN)
    answer = book(people=people).bind("u-code", BOB.student_no)
    assert "请同时更正名册" in asked(answer)
    taken = book(people=people).bind("u-code", BOB.student_no, confirmed=asked(answer).splitlines())
    assert Entry(code="u-code", student_no=BOB.student_no) == taken


def test_a_yes_to_another_question_is_no_yes() -> None:
    first = row("u-code", ANNA.student_no, 0)
    yes = asked(book(first).bind("u-code", BOB.student_no)).splitlines()
    assert isinstance(book(first).bind("u-code", CARL.student_no, confirmed=yes), Asks)


def test_two_desks_at_odds_are_shown_until_one_of_them_settles_it() -> None:
    rows = row("u-code", ANNA.student_no, 0), row("u-code", BOB.student_no, 0, station="2")
    (line,) = book(*rows).conflicts()
    assert ANNA.name in line
    assert BOB.name in line
    answer = book(*rows).bind("u-code", ANNA.student_no)
    taken = book(*rows).bind("u-code", ANNA.student_no, confirmed=asked(answer).splitlines())
    assert isinstance(taken, Entry)
    assert [] == book(*rows, row("u-code", ANNA.student_no, 1, *taken.replaces)).conflicts()


# ---- Laws

Step = tuple[str, str, Student, str]
"""What is done, with which code, to whom, at which desk."""
STUDENTS = st.sampled_from([ANNA, BOB, CARL])
STEPS = st.lists(
    st.tuples(st.sampled_from(["bind", "undo"]), st.sampled_from("uvw"), STUDENTS, st.sampled_from("12")),
    max_size=12,
)


def answered(here: Book, step: Step, confirmed: Iterable[str]) -> Answer:
    what, letter, student, station = step
    if what == "undo":
        return here.undo(station, confirmed)
    return here.bind(f"{letter}-code", student.student_no, confirmed=confirmed)


def played(steps: Iterable[Step], confirm: bool = True) -> list[DeskRow]:
    """The rows of two desks at which every question was answered with yes, or with no."""
    rows: list[DeskRow] = []
    for minute, step in enumerate(steps):
        answer = answered(book(*rows), step, ())
        if isinstance(answer, Asks) and confirm:
            answer = answered(book(*rows), step, answer.questions)
        if isinstance(answer, Entry):
            rows.append(row(answer.code, answer.student_no, minute, *answer.replaces, station=step[-1]))
    return rows


@given(STEPS)
def test_whatever_was_confirmed_no_code_has_two_students_and_no_student_two_codes(steps: list[Step]) -> None:
    rows = played(steps)
    bindings = bind(KIT.students, rows)
    assert all(len(each) == 1 for each in (*bindings.students.values(), *bindings.codes.values()))
    assert [] == book(*rows).conflicts()


@given(STEPS)
def test_without_a_yes_no_binding_is_ever_changed(steps: list[Step]) -> None:
    rows = played(steps, confirm=False)
    assert [] == [one for one in rows if one.replaces]
    assert set(rows) == set(book(*rows).in_force)


@given(STEPS)
def test_the_last_yes_counts(steps: list[Step]) -> None:
    rows = played([*steps, ("bind", "u", ANNA, "1")])
    assert ANNA.student_no == bind(KIT.students, rows).owner("u-code").student_no


@given(STEPS)
def test_what_was_undone_never_was(steps: list[Step]) -> None:
    before = played(steps)
    after = played([*steps, ("bind", "u", ANNA, "1"), ("undo", "u", ANNA, "1")])
    if len(after) == len(before) + 2:
        assert set(book(*before).in_force) == set(book(*after).in_force)


CODES = st.text(st.characters(min_codepoint=32, max_codepoint=0x2FFF), min_size=4, max_size=40).map(str.strip)


TIMES = st.lists(st.datetimes(datetime(2023, 1, 1), datetime(2023, 12, 1)), max_size=2)


@given(CODES, st.sampled_from([ANNA.student_no, ""]), TIMES)
def test_whatever_the_desk_takes_is_what_the_night_reads(
    scanned: str, student_no: str, ats: list[datetime]
) -> None:
    if code_trouble(scanned, PEOPLE.student_nos):
        return
    named = tuple(Pointer("东门", at) for at in ats)
    entry = Entry(code=scanned, student_no=student_no, replaces=named)
    rows, held = read_scanlog(DESK_HEAD + row_bytes(START, "东门", entry), SESSION, "scanlog-东门.csv", CAMPAIGN)
    expected = DeskRow(SESSION, "scanlog-东门.csv:2", START, scanned, student_no or None, False, "东门", named)
    assert ([expected], []) == (rows, held)
