"""What is said at the venue: every trouble, the largest first, and never a student who has a good portrait."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.spec import load_spec
from gradphoto.decision import standing
from gradphoto.discrepancy import CHECKS, FILE, GEOMETRY, MATCHING
from gradphoto.matching.bindings import DeskRow, bind
from gradphoto.matching.choose import best, weigh
from gradphoto.matching.kind import Kind
from gradphoto.matching.lanes import lanes
from gradphoto.matching.remade import standing as in_order
from gradphoto.reading import Reading
from gradphoto.venue import KINDS, Report
from gradphoto.venue_lost import QUEUE
from gradphoto.venue_report import report_of
from gradphoto.venue_said import frame_lines
from gradphoto.venue_scene import Scene
from gradphoto.venue_words import TODO, todo, words
from tests.a_night import CAMPAIGN, SESSION, START, Night, number, register, scanned

LATER = START + timedelta(days=1)
SPEC = load_spec("chsi-2017")


def scene(
    script: str,
    rows: Sequence[DeskRow] = (),
    figures: Mapping[str, Mapping[str, float]] | None = None,
    now: datetime = LATER,
) -> Scene:
    """A card of that script; `figures` of some files by name."""
    night = Night()
    night.roll(script)
    by_path = {one.sha256: one.name for one in night.originals}
    for sha256, reading in night.readings.items():
        more = (figures or {}).get(by_path[sha256], {})
        night.readings[sha256] = Reading(**(reading.model_dump() | {"figures": dict(more)}))
    matches = night.matches(rows)
    portraits = [match for match in matches if match.classified.kind is Kind.PORTRAIT]
    candidates = {match.sha256: weigh(match, SPEC, {}, standing([])) for match in portraits}
    by_digest = {match.sha256: match for match in matches}
    ordered, _ = in_order(match.classified for match in matches)
    return Scene(
        session=SESSION,
        campaign=CAMPAIGN,
        bindings=bind(register(), rows),
        matches=matches,
        strips=[[by_digest[shot.classified.frame.original.sha256] for shot in lane] for lane in lanes(ordered)],
        candidates=candidates,
        good=best(candidates.values()).keys(),
        rows=rows,
        outside=(),
        expected=register(),
        photographed=(),
        now=now,
    )


def told(report: Report) -> list[tuple[str, str, str]]:
    """Of each trouble kind, code and the letters of the people concerned."""
    return [
        (one.kind, one.code, "".join(chr(int(person.student_no[5:])) for person in one.people))
        for one in report.troubles
    ]


@pytest.mark.parametrize(
    ("script", "desk", "expected"),
    [
        ("A p p B p", "A B", []),
        ("A p", "A B", [("no-frame", "no-frame", "B")]),
        ("A p p", "A B", [("forgotten", "scan-between", "B")]),
        ("A p B C p", "A B C", [("no-frame", "no-portrait", "B")]),
        ("A p ? p p C p", "A B C", [("slate", "slate-unreadable", "B")]),
        ("A p ? B p", "A B", []),
        ("A p - p B p", "A B", [("forgotten", "unclassified", "")]),
        ("p A p", "A", [("forgotten", "no-slate", "")]),
        ("A p U p", "A", [("whose", "code-unknown", "")]),
        ("A p A+B p", "A", [("slate", "two-codes", "B")]),
        ("A x B p", "A B", [("file", "truncated", "A")]),
        ("A p x B p", "A B", [("file", "truncated", "")]),
        ("A p x p B p", "A B", [("file", "truncated", "")]),
    ],
)
def test_each_trouble_is_named_with_whose_it_is(
    script: str, desk: str, expected: list[tuple[str, str, str]]
) -> None:
    assert expected == told(report_of(scene(script, scanned(desk))))


def test_a_portrait_that_fails_is_named_in_the_words_of_the_check_and_with_what_to_do() -> None:
    figures = {"IMG_0002.JPG": {"eye_open": 0.05}, "IMG_0003.JPG": {"glasses": 400.0}}
    (trouble,) = report_of(scene("A p p", scanned("A"), figures)).troubles

    assert ("check", "闭眼、疑似佩戴眼镜") == (trouble.kind, trouble.says)
    assert "睁开眼睛，摘下眼镜，重拍" == trouble.todo


def test_a_student_with_one_good_portrait_is_in_no_trouble() -> None:
    assert () == report_of(scene("A p p", scanned("A"), {"IMG_0003.JPG": {"eye_open": 0.05}})).troubles


def test_one_code_of_two_students_calls_both() -> None:
    rows = [*scanned("A"), replace(scanned("A")[0], ref="scanlog.csv:9", student_no=number("B"))]

    assert [("whose", "code-two-students", "AB")] == told(report_of(scene("A p", rows)))


def test_what_was_bound_beforehand_was_not_scanned() -> None:
    rows = [replace(row, batch=True, student_no=number("B")) for row in scanned("B")]

    assert () == report_of(scene("A p", [*scanned("A"), *rows])).troubles


def test_whoever_was_scanned_just_now_is_in_the_queue_and_in_no_trouble_yet() -> None:
    rows = scanned("A B")
    soon = report_of(scene("A p", rows, now=START + timedelta(minutes=1)))
    late = report_of(scene("A p", rows, now=START + QUEUE + timedelta(minutes=1)))

    assert ([], [number("B")]) == (told(soon), [one.student_no for one in soon.waiting])
    assert ([("no-frame", "no-frame", "B")], ()) == (told(late), late.waiting)


def test_whoever_was_overtaken_by_three_is_not_in_the_queue_any_more() -> None:
    now = START + timedelta(minutes=2)

    assert [("no-frame", "no-frame", "A")] == told(report_of(scene("B p C p D p", scanned("A B C D"), now=now)))


def test_whoever_is_still_expected_is_no_trouble_and_told_by_window() -> None:
    (before,) = report_of(scene("A p", scanned("A"), now=START)).expected
    (after,) = report_of(scene("A p", scanned("A"))).expected

    assert (9, False, True) == (len(before.students), before.over, after.over)
    assert number("A") not in {one.student_no for one in before.students}


def test_whoever_has_a_slot_is_told_by_it_as_soon_as_it_is_over() -> None:
    window = CAMPAIGN.session(SESSION).windows[0]
    slot = f"{window.start:%H:%M}—{window.start + timedelta(minutes=15):%H:%M}"
    seen = scene("A p", scanned("A"), now=window.start + timedelta(minutes=20))
    early = seen.expected[number("B")].model_copy(update={"slot": slot})
    mine, others = report_of(replace(seen, expected={**seen.expected, early.student_no: early})).expected

    assert ([number("B")], True, slot) == (
        [one.student_no for one in mine.students],
        mine.over,
        f"{mine.start}—{mine.end}",
    )
    assert (8, False, f"{window.end:%H:%M}") == (len(others.students), others.over, others.end)


def test_the_largest_troubles_come_first_and_people_are_called_in_that_order() -> None:
    figures = {"IMG_0002.JPG": {"eye_open": 0.05}}
    report = report_of(scene("A p ? p C p D x", scanned("A B C D E"), figures))

    assert ["no-frame", "no-frame", "slate", "check", "file"] == [one.kind for one in report.troubles]
    assert [number(one) for one in "DEAB"] == [one.student_no for one in report.call_back]


WORDS = st.lists(st.sampled_from(["A", "B", "C", "p", "p", "p", "?", "x", "-", "A+B", "U", "~"]), max_size=14)


@given(WORDS, st.lists(st.sampled_from("ABCD"), max_size=4, unique=True))
def test_nobody_with_a_good_portrait_is_ever_called_and_nobody_else_who_came_is_forgotten(
    script: list[str], desk: list[str]
) -> None:
    found = scene(" ".join(script), scanned(" ".join(desk)))
    report = report_of(found)
    concerned = {one.student_no for trouble in report.troubles for one in trouble.people}
    came = {number(letter) for letter in desk}

    assert set() == concerned & set(found.good)
    assert set() == came - concerned - set(found.good)
    assert list(report.troubles) == sorted(report.troubles, key=lambda one: list(KINDS).index(one.kind))
    waits = {one.sha256 for one in found.matches if one.troubles and one.classified.kind is Kind.PORTRAIT}
    assert set() == waits - {sha256 for trouble in report.troubles for sha256 in trouble.pictures}


def test_every_frame_has_a_line_that_says_who_and_whether_it_is_good() -> None:
    lines = frame_lines(scene("A p ? p", scanned("A"), {"IMG_0002.JPG": {"eye_open": 0.05}}))
    slate, closed, lost, whose = lines.values()

    assert f"10:00:00 card/IMG_0001.JPG 采集码照：同学（{number('A')}）" == slate
    assert f"同学（{number('A')}） 不合格：闭眼 → 睁开眼睛，重拍" in closed
    assert "不可用：有采集码但无法识读 → " in lost
    assert "不知是谁：前一张照片中断了归属" in whose


def test_there_is_something_to_do_about_every_code() -> None:
    doubts = {
        "not-read",
        "after-break",
        "run-long",
        "run-pause",
        "scan-between",
        "number-missing",
        "appearance-changed",
        "sidecar-disagrees",
        "name-disagrees",
    }

    assert doubts == {*FILE, *MATCHING, *GEOMETRY, *CHECKS} - {*TODO}
    assert "" not in {todo([code]) for code in TODO}
    assert "" == words([])
