"""Evidence at odds with itself: each conflict has its code, nothing is delivered on a guess, no word is lost."""

import json
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest

from cli.workspace import Workspace
from gradphoto.conservation import unbalanced
from gradphoto.decision import Act, Decision, standing
from gradphoto.matching.bindings import DeskRow, bind
from gradphoto.matching.season import distinct, match_season
from gradphoto.matching.unmet import unmet, unmet_text
from gradphoto.packed import newest
from gradphoto.reading import Code
from gradphoto.records import originals
from gradphoto.roster import Student
from gradphoto.stages.decide import take_decision
from gradphoto.stages.review import Refused, assigning
from gradphoto.stages.season import Season
from gradphoto.stages.standing import status_of
from gradphoto.states import FileState, StudentState
from tests.a_night import CAMPAIGN, FACE, SESSION, START, Night, number, register, scanned, told, word_of
from tests.small_night import ANNA, DORA, FAY, GUYUAN, build, program, run, small
from tests.test_ledger import Desk

A, B, C = number("A"), number("B"), number("C")
LATE = "2023-07-16-jinfeng"
"""The make-up session."""


def words(night: Night, *rows: DeskRow, students: dict[str, Student] | None = None) -> str:
    """What the night says where the campaign is asked who was expected."""
    captures, duplicates = distinct(night.originals)
    bindings = bind(students or register(), rows, CAMPAIGN)
    matches = match_season(captures, night.readings, bindings, rows, CAMPAIGN, duplicates)
    return " ".join(map(word_of, matches))


# ---- Each conflict by its code


def test_the_same_code_again_is_the_same_student() -> None:
    assert "A A B B A A" == told("A p B p A p")


def test_a_slate_with_the_students_face_is_a_slate() -> None:
    night = Night()
    slate, _ = night.roll("A p")
    night.readings[slate] = night.readings[slate].model_copy(update={"faces": 1, "face": FACE})
    desk = Desk("A p")
    desk.see(desk.digests[0], faces=1, face=FACE)
    assert ("A A", "slate delivered") == (night.words(), desk.states())


@pytest.mark.parametrize(
    ("script", "scans", "expected"),
    [
        ("A p A+B p", "", "A A two-codes after-break"),
        ("A p B p", "A=C B", ". code-two-students B B"),
        ("A p B p C p", "U=A B", ". student-two-codes B B C C"),
        ("A p U p B p", "U=A B", ". student-two-codes . student-two-codes B B"),
        ("U p B p", "B", ". code-unknown B B"),
        ("U p B p", "U=Z B", ". student-unknown B B"),
    ],
)
def test_codes_and_numbers_at_odds_wait_for_a_person(script: str, scans: str, expected: str) -> None:
    assert expected == told(script, scanned(scans))


def test_who_was_photographed_under_one_code_and_is_bound_to_another_elsewhere_waits_with_both() -> None:
    night = Night()
    night.roll("A p")
    night.add("card/IMG_0001.JPG", LATE, codes=(Code(text="code-U", width=0.2),))
    night.add("card/IMG_0002.JPG", LATE, faces=1, face=FACE)
    later = DeskRow(LATE, "scanlog.csv:2", datetime(2023, 7, 16, 15), "code-U", A)
    assert ". student-two-codes . student-two-codes" == words(night, later)


# ---- A desk's number of somebody who was not expected


def guests(*letters: str) -> dict[str, Student]:
    """The usual students, those of the letters of another centre and without a code in their roster."""
    there = {number(one): {"centre": "guyuan", "capture_code": ""} for one in letters}
    return {no: one.model_copy(update=there.get(no, {})) for no, one in register().items()}


def test_a_code_that_only_a_desk_bound_to_another_centres_student_waits() -> None:
    night = Night()
    night.roll("U p B p")
    row = DeskRow(SESSION, "scanlog.csv:2", START, "code-U", A)
    assert ". binding-other-centre B B" == words(night, row, students=guests("A"))


def test_it_says_which_row_bound_it_and_whose_centre_that_is() -> None:
    row = DeskRow(SESSION, "scanlog.csv:2", START, "code-U", A)
    trouble = bind(guests("A"), [row], CAMPAIGN).owner("code-U").trouble
    assert trouble is not None
    assert f"{SESSION} scanlog.csv:2：{A}，属于{CAMPAIGN.centre('guyuan').name}" == trouble.detail


def test_a_code_of_the_roster_is_delivered_to_its_own_centre_wherever_it_was_shown() -> None:
    night = Night()
    night.roll("A p")
    students = {no: one.model_copy(update={"centre": "guyuan"}) for no, one in register().items()}
    row = DeskRow(SESSION, "scanlog.csv:2", START, "code-A", A)
    assert "A A" == words(night, row, students=students)


@pytest.mark.parametrize("session", [LATE, "2023-07-03-guyuan", "2023-07-02-of no campaign"])
def test_one_desk_that_could_expect_the_student_is_enough(session: str) -> None:
    night = Night()
    night.roll("U p")
    rows = [DeskRow(each, "scanlog.csv:2", START, "code-U", A) for each in (SESSION, session)]
    assert "A A" == words(night, *rows, students=guests("A"))


# ---- Decisions that meet no portrait any more


def test_a_decision_whose_picture_is_gone_or_a_slate_by_now_is_named() -> None:
    night = Night()
    slate, portrait = night.roll("A p")
    said = [
        Decision(number=at, before=at - 1, act=act, capture=capture, student_no=A, reason="闭眼")
        for at, (act, capture) in enumerate(
            [(Act.ASSIGN, slate), (Act.CHOOSE, portrait), (Act.REJECT, "f" * 64), (Act.HOLD, "e" * 64)], 1
        )
    ]
    found = unmet(standing(said), night.matches())
    assert [1, 3, 4] == [one.number for one in found]
    assert "决定 3：照片不在或不再是人像（ffffffffffff），请核对后撤销或重新决定" == unmet_text(found[1])


def test_a_decision_that_was_taken_back_is_not() -> None:
    words = [
        Decision(number=1, before=0, act=Act.REJECT, capture="f" * 64),
        Decision(number=2, before=1, act=Act.UNDO, undone=1),
    ]
    assert [] == unmet(standing(words), [])


# ---- One person with two registrations


def test_one_frame_serves_both_and_stays_whose_it_is() -> None:
    desk = Desk("A p B p")
    desk.say(Act.ASSIGN, 1, student_no=C, also=True)
    ledger = desk.ledger()
    entry = next(one for one in ledger.entries if one.original.sha256 == desk.digests[1])
    assert (A, (A, C)) == (entry.student_no, entry.students)
    assert [StudentState.DELIVERED] * 3 == [ledger.students[no].state for no in (A, B, C)]


def test_each_registration_takes_the_best_of_its_own() -> None:
    desk = Desk("A p B p")
    desk.say(Act.ASSIGN, 1, student_no=B, also=True)
    assert "slate delivered slate delivered" == desk.states()
    entry = next(one for one in desk.ledger().entries if one.original.sha256 == desk.digests[1])
    assert [(A, FileState.DELIVERED), (B, FileState.SUPERSEDED)] == [
        (share.student_no, share.state) for share in entry.shares
    ]


def test_a_file_is_delivered_when_it_is_to_any_of_them_and_the_other_waits() -> None:
    desk = Desk("A p")
    desk.say(Act.ASSIGN, 1, student_no=C, also=True)
    ledger = desk.ledger(packed={A: 1})
    assert "slate delivered" == desk.states(packed={A: 1})
    assert (StudentState.DELIVERED, StudentState.PENDING) == (ledger.students[A].state, ledger.students[C].state)
    assert ["not-packed"] == [why.code for why in ledger.students[C].reasons]


def test_a_rejection_or_a_hold_counts_for_both() -> None:
    for act, state in ((Act.REJECT, StudentState.REJECTED), (Act.HOLD, StudentState.PENDING)):
        desk = Desk("A p")
        desk.say(Act.ASSIGN, 1, student_no=C, also=True)
        desk.say(act, 1, reason="闭眼")
        assert [state] * 2 == [desk.ledger().students[no].state for no in (A, C)]


def test_taking_it_back_or_assigning_anew_leaves_one() -> None:
    for what in (Decision(number=2, before=1, act=Act.UNDO, undone=1), None):
        desk = Desk("A p")
        desk.say(Act.ASSIGN, 1, student_no=C, also=True)
        if what:
            desk.decisions.append(what)
        else:
            desk.say(Act.ASSIGN, 1, student_no=A)
        ledger = desk.ledger()
        assert [StudentState.DELIVERED, StudentState.MISSING] == [ledger.students[no].state for no in (A, C)]


def test_where_one_of_them_is_not_eligible_the_other_is_delivered() -> None:
    for barred, other in ((A, C), (C, A)):
        desk = Desk("A p")
        desk.say(Act.ASSIGN, 1, student_no=C, also=True)
        ledger = desk.ledger(ineligible={barred: "不属于"})
        assert StudentState.INELIGIBLE == ledger.students[barred].state
        assert StudentState.DELIVERED == ledger.students[other].state


def test_while_it_is_nobodys_it_is_delivered_to_nobody() -> None:
    desk = Desk("p")
    desk.say(Act.ASSIGN, 0, student_no=C, also=True)
    assert "pending" == desk.states()
    assert StudentState.PENDING == desk.ledger().students[C].state


def test_a_decision_without_it_is_written_as_it_always_was() -> None:
    plain = Decision(number=1, before=0, act=Act.ASSIGN, capture=A, student_no=B)
    assert "also" not in plain.says
    assert "also" in plain.model_copy(update={"also": True}).says


def test_in_a_night_both_centres_get_the_one_picture_under_their_own_number(tmp_path: Path) -> None:
    build(tmp_path, small())
    run(tmp_path)
    place = Workspace(tmp_path)
    source = place.season.chosen[ANNA.student_no].match.sha256
    said = program("review", "assign", source, DORA.student_no, "--also", "--json", folder=tmp_path)
    assert (0, '{\n  "decision": 1\n}\n') == (said.returncode, said.stdout)
    take_decision(place.store, "", "", act=Act.CHOOSE, capture=source)
    run(tmp_path)

    after = Workspace(tmp_path)
    entries = [one for one in after.ledger.entries if one.original.sha256 == source]
    assert [(FileState.DELIVERED, (ANNA.student_no, DORA.student_no))] == [
        (one.state, one.students) for one in entries
    ]
    for centre, student in (("guyuan", ANNA), ("longde", DORA)):
        bundle = newest(after.store, centre)
        assert bundle is not None
        assert source in {one.source_sha256 for one in bundle.deliveries if one.student_no == student.student_no}
    taken = originals(after.store, GUYUAN)
    assert [] == unbalanced(taken, after.ledger, status_of(after.store, after.season), after.bundles)


def test_it_is_refused_without_a_code_without_an_owner_and_twice(tmp_path: Path) -> None:
    build(tmp_path, small())
    run(tmp_path)
    season = Workspace(tmp_path).season
    source = season.chosen[ANNA.student_no].match.sha256
    with pytest.raises(Refused, match="--without-code"):
        assigning(_without_code(season, FAY.student_no), source, FAY.student_no, also=True)
    assert assigning(_without_code(season, FAY.student_no), source, FAY.student_no, True, also=True)["also"]
    with pytest.raises(Refused, match="已经归学号"):
        assigning(season, source, ANNA.student_no, also=True)
    unread = replace(season, readings={source: season.readings[source]})
    with pytest.raises(Refused, match="还没有归属"):
        assigning(unread, source, FAY.student_no, also=True)


def _without_code(season: Season, student_no: str) -> Season:
    students = dict(season.inputs.register.students)
    students[student_no] = students[student_no].model_copy(update={"capture_code": ""})
    register = season.inputs.register.model_copy(update={"students": students})
    return replace(season, inputs=replace(season.inputs, register=register))


def test_a_word_about_a_picture_that_is_gone_stands_in_the_list_and_in_the_report(tmp_path: Path) -> None:
    build(tmp_path, small())
    run(tmp_path)
    take_decision(Workspace(tmp_path).store, "", "", act=Act.REJECT, capture="f" * 64, reason="闭眼")
    run(tmp_path)
    line = "决定 1：照片不在或不再是人像（ffffffffffff）"
    report = next(path for path in sorted(tmp_path.glob("reports/*/report.md"), reverse=True))
    assert line in report.read_text(encoding="utf-8")
    assert line in program("review", "list", folder=tmp_path).stderr
    listed = json.loads(program("review", "list", "--json", folder=tmp_path).stdout)
    assert [{"decision": 1, "act": "reject", "sha256": "f" * 64}] == listed["unmet"]
