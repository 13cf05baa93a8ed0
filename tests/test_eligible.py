"""A person outside the notice's groups is named before the session, with the reason; so is who may be."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cli.main import app
from cli.workspace import Workspace
from config.bad_input import BadInput
from config.student_numbers import StudentNumbers
from gradphoto.decision import standing
from gradphoto.desk.people import People
from gradphoto.eligibility import eligibility
from gradphoto.eligible import Named, Standing, expected_in, named
from gradphoto.inputs.numbers import student_no_doubts
from gradphoto.roster import Student
from gradphoto.stages.journals import load_decisions
from portal.desk_state import state_of
from tests.desk_venue import CAMPAIGN, SESSION, code, kit, students, workspace
from tests.test_desk_book import START, book

EVERYBODY = students(6)
OUTSIDE = EVERYBODY[-1]
NUMBERS = CAMPAIGN.student_numbers
GRAVEST_FIRST = list(Standing)


def a_student(student_no: str = "2164001250001", **columns: Any) -> Student:
    usual: dict[str, Any] = {"programme": "开放教育", "level": "本科", "entry_term": "2021秋"}
    return Student(**({"student_no": student_no, "name": "张三", "centre": "guyuan"} | usual | columns))


def told(*everybody: Student, admitted: tuple[str, ...] = ()) -> list[tuple[str, Standing]]:
    return [(one.student_no, one.standing) for one in named(everybody, CAMPAIGN, admitted)]


@pytest.mark.parametrize(
    ("student", "says"),
    [
        (a_student("2264001250001"), "前两位与入学学期 '2021秋' 不符（学号是 22，应为 21）"),
        (a_student("2111001250001"), "省码是 110，应为 640"),
        (a_student("2164001450001"), "与层次 '本科' 不符（学号是 014，应为 012）"),
        (a_student("2164001450001", level="专升本"), "与层次 '专升本' 不符（学号是 014，应为 012）"),
        (a_student("2164001200001"), "流水号属于春季（00001），与入学学期 '2021秋' 不符"),
        (a_student("2164001300001"), "层次码是 013，认识的是 012、014（层次 '本科'）"),
        (a_student(entry_date="20220301"), "入学日期 '20220301' 与入学学期 '2021秋' 不符"),
        (a_student("21640012501"), "不是13位数字，实为 '21640012501'"),
    ],
)
def test_a_contradiction_with_the_student_number_is_a_warning_with_both_values(
    student: Student, says: str
) -> None:
    assert [says] == student_no_doubts(student, NUMBERS)
    (found,) = named([student], CAMPAIGN)
    assert Standing.CONTRADICTION is found.standing
    assert says in found.says
    assert eligibility(student, CAMPAIGN).eligible


def test_every_contradiction_is_said_not_the_first_alone() -> None:
    odd = a_student("2211001400001")
    assert 4 == len(student_no_doubts(odd, NUMBERS))


def test_a_school_of_which_nobody_knows_how_it_numbers_has_no_contradictions() -> None:
    assert [] == student_no_doubts(a_student("x-7"), None)
    other = StudentNumbers(length=6, autumn_from=500)
    assert [] == student_no_doubts(a_student("210700"), other)
    assert ["流水号属于春季（0007），与入学学期 '2021秋' 不符"] == student_no_doubts(a_student("210007"), other)


def test_a_date_of_entry_says_when_where_the_term_is_empty() -> None:
    assert "open" == eligibility(a_student(entry_term="", entry_date="20210901"), CAMPAIGN).group
    assert not eligibility(a_student(entry_term="", entry_date="2019-09-01"), CAMPAIGN).eligible


def test_the_gravest_come_first_and_who_is_in_no_doubt_is_not_named() -> None:
    outside, unclear = a_student("1964001250003", entry_term="2019秋"), a_student("2164001250002", programme="")
    odd, sound = a_student("2264001250004"), a_student()
    expected = [(outside, "ineligible"), (unclear, "doubtful"), (odd, "contradiction")]
    assert [(one.student_no, standing) for one, standing in expected] == told(sound, odd, unclear, outside)
    assert (outside.student_no, Standing.ADMITTED) in told(outside, sound, admitted=(outside.student_no,))


@given(st.permutations(EVERYBODY))
def test_the_order_of_the_roster_is_no_matter(everybody: list[Student]) -> None:
    assert told(*EVERYBODY) == told(*everybody) == [(OUTSIDE.student_no, Standing.INELIGIBLE)]


def test_a_session_names_its_own_centres_and_the_make_up_window_everybody() -> None:
    elsewhere = OUTSIDE.model_copy(update={"centre": "yanchi"})
    assert [] == expected_in(CAMPAIGN.session(SESSION), [elsewhere])
    assert [elsewhere] == expected_in(CAMPAIGN.session("2023-07-16-jinfeng"), [elsewhere])


# ---- From the command line, before any run


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return workspace(tmp_path / "before", EVERYBODY)


def said(folder: Path, capsys: pytest.CaptureFixture[str], *words: str | Path) -> Any:
    capsys.readouterr()
    app([*map(str, words), "--json", "--workspace", str(folder)], standalone_mode=False)
    return json.loads(capsys.readouterr().out)


def test_before_any_run_the_command_names_who_is_outside_and_takes_an_admission_with_its_reason(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (one,) = said(folder, capsys, "campaign", "eligible", SESSION)["students"]
    assert (OUTSIDE.student_no, "guyuan", "ineligible") == (one["student_no"], one["centre"], one["standing"])
    assert "不属于通知规定的采集对象" in one["says"]

    said(folder, capsys, "review", "admit", OUTSIDE.student_no, "--reason", "学籍科来函")
    document = said(folder, capsys, "campaign", "eligible", "guyuan")
    assert ["admitted"] == [one["standing"] for one in document["students"]]
    assert [6, 0, 1] == [document["centres"][0][key] for key in ("students", "ineligible", "admitted")]
    decisions = standing(load_decisions(Workspace(folder).store))
    assert "学籍科来函" == decisions.admitted[OUTSIDE.student_no].reason
    assert [] == said(folder, capsys, "campaign", "eligible", "yanchi")["students"]


def test_what_is_neither_session_nor_centre_is_refused_with_those_there_are(folder: Path) -> None:
    with pytest.raises(BadInput, match=r"没有场次或中心 'guyuen'.*guyuan"):
        app(["campaign", "eligible", "guyuen", "--workspace", str(folder)], standalone_mode=False)


def test_the_pack_names_them_too(folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "口令.txt").write_text("八个字符以上的口令\n", encoding="utf-8")
    (tmp_path / "stick").mkdir()
    words = ("desk", "pack", SESSION, "--to", tmp_path / "stick", "--passphrase-file", tmp_path / "口令.txt")
    document = said(folder, capsys, *words)
    assert [(OUTSIDE.student_no, "ineligible")] == [
        (one["student_no"], one["standing"]) for one in document["named"]
    ]


# ---- At the desk


def test_the_desk_lists_them_before_anybody_is_scanned_and_not_who_was_admitted() -> None:
    people = People(kit(EVERYBODY), CAMPAIGN)
    state = state_of(people, book(people=people), None, START)
    assert (1, 0) == (state["outsiders"], state["unclear"])
    assert state["outside"][0].startswith(f"{OUTSIDE.name} {OUTSIDE.student_no}（固原学院）不在采集范围：")
    admitted = People(kit(EVERYBODY, admitted=(OUTSIDE.student_no,)), CAMPAIGN)
    assert () == admitted.named


def test_the_desk_says_a_contradiction_on_the_students_card_and_binds_all_the_same() -> None:
    odd = a_student("2264001250001")
    people = People(kit([odd]), CAMPAIGN)
    assert "（学号是 22，应为 21）" in people.card(odd.student_no).warning
    assert isinstance(people.named[0], Named)
    assert "Entry" == type(book(people=people).bind(code(odd), odd.student_no, False, ())).__name__
