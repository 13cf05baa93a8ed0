"""Alarms: what is odd about a session as a whole; a clean session has none."""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any, get_args

import pytest

from config.spec import load_spec
from gradphoto.alarm import Alarm, Code, Scene
from gradphoto.alarms import MOST, alarm_lines, session_alarms
from gradphoto.decision import standing
from gradphoto.matching.bindings import DeskRow, bind
from gradphoto.matching.choose import weigh
from gradphoto.matching.kind import Kind
from gradphoto.matching.season import match_season
from gradphoto.roster import Student
from tests.a_night import CAMPAIGN, LETTERS, SESSION, START, Night, number, register, scanned

CLEAN = " ".join(f"{letter} p p" for letter in LETTERS)
BEFORE = START - timedelta(seconds=40)
"""Half a minute between desk and slate."""
LOG = scanned(" ".join(LETTERS), every=30, at=BEFORE)


def alarms(night: Night, rows: Sequence[DeskRow] = LOG, students: dict[str, Student] | None = None) -> list[Alarm]:
    """The alarms of the tests' session."""
    bindings = bind(students or register(), rows, CAMPAIGN)
    matches = match_season(night.originals, night.readings, bindings, rows, CAMPAIGN)
    portraits = (one for one in matches if one.classified.kind is Kind.PORTRAIT)
    spec, nothing = load_spec("chsi-2017"), standing(())
    candidates = {one.sha256: weigh(one, spec, {}, nothing) for one in portraits}
    at_home: dict[str, list[str]] = defaultdict(list)
    for no, student in bindings.register.items():
        at_home[student.centre].append(no)
    return list(session_alarms(Scene(SESSION, matches, rows, bindings, CAMPAIGN, candidates, (), at_home)))


def by_code(found: Iterable[Alarm]) -> dict[str, str]:
    """What the alarms say, by code."""
    return {one.code: one.says for one in found}


def told(script: str, rows: Sequence[DeskRow] = LOG, **roll: Any) -> dict[str, str]:
    """One card's alarms by code."""
    night = Night()
    night.roll(script, **roll)
    return by_code(alarms(night, rows))


def test_a_clean_session_has_none() -> None:
    assert {} == told(CLEAN)


def test_a_session_without_a_desk_or_without_pictures_is_no_alarm_by_that() -> None:
    assert {} == told(CLEAN, [])
    assert [] == alarms(Night(), [])


def test_before_all_was_read_there_is_none() -> None:
    assert {} == told(CLEAN.replace("C p p", "n n n"))


def test_far_fewer_slates_than_scans_mean_that_a_card_is_missing() -> None:
    found = told(" ".join(f"{letter} p p" for letter in LETTERS[:5]))
    assert {"few-slates", "scan-without-slate"} == set(found)
    assert "登记10人，只读到5人" in found["few-slates"]


def test_a_scan_without_a_slate_is_named_by_its_student() -> None:
    found = told(CLEAN.replace("C p p ", ""))
    assert {"scan-without-slate": f"1人已扫码但没有采集码照：{number('C')}"} == found


def test_a_slate_that_the_desk_did_not_scan_is_named_by_its_file() -> None:
    found = told(CLEAN, [row for row in LOG if row.code != "code-B"])
    assert {"slate-unscanned": "1张采集码照不在本场扫码记录中：card/IMG_0004.JPG"} == found


def test_a_slate_after_which_nobody_sat_is_named_by_its_student() -> None:
    found = told(CLEAN.replace("D p p", "D"))
    assert f"1人拍了采集码但之后没有人像：{number('D')}" == found["slate-without-portrait"]


def test_a_slate_that_was_shown_twice_is_none() -> None:
    assert "slate-without-portrait" not in told(CLEAN.replace("D p p", "D D p p"))


def test_a_number_of_a_centre_that_is_elsewhere_is_named_with_its_row() -> None:
    students = register() | {
        number("X"): Student(student_no=number("X"), name="同学", centre="guyuan", capture_code="code-X")
    }
    night = Night()
    night.roll(CLEAN)
    rows = [*LOG, *scanned("X=X", at=BEFORE + timedelta(seconds=300), log="scanlog2.csv")]
    found = by_code(alarms(night, rows, students))
    assert f"scanlog2.csv:2 {number('X')}" in found["bound-elsewhere"]


@pytest.mark.parametrize(("days", "code"), [(1, "other-session"), (30, "other-day")])
def test_frames_of_another_day_are_counted_by_day(days: int, code: str) -> None:
    night = Night()
    night.roll(CLEAN)
    night.roll("A p", folder="old", prefix="OLD_", at=START + timedelta(days=days))
    found = by_code(alarms(night))
    assert {code} == set(found)
    assert found[code].startswith(f"2张照片拍于{(START + timedelta(days=days)).date()}")


def test_a_run_that_is_longer_than_usual_is_named_by_its_student() -> None:
    found = told(CLEAN.replace("E p p", "E p p p p p p p"))
    assert f"{number('E')} 7张" in found["long-runs"]


@pytest.mark.parametrize(("off", "says"), [(-3600, "慢约59分20秒"), (3600, "快约1小时40秒")])
def test_a_camera_whose_clock_is_off_is_named_with_by_how_much(off: int, says: str) -> None:
    found = told(CLEAN, at=START + timedelta(seconds=off))
    assert {"clock-off"} == set(found)
    assert says in found["clock-off"]
    assert "Canon EOS R5（机身号 1）" in found["clock-off"]


def test_a_queue_is_no_wrong_clock() -> None:
    rows = scanned(" ".join(LETTERS), every=5, at=BEFORE)
    assert {} == told(CLEAN, rows)


def test_who_was_photographed_long_after_the_scan_is_named() -> None:
    early = [row if row.code != "code-F" else scanned("F", at=START - timedelta(hours=2))[0] for row in LOG]
    found = told(CLEAN, early)
    assert {"scan-far"} == set(found)
    assert number("F") in found["scan-far"]


def test_a_camera_without_times_is_named() -> None:
    assert {"no-times"} == set(told(CLEAN, at=None))


def test_one_check_that_fails_on_many_portraits_of_a_body_speaks_of_the_body() -> None:
    night = Night()
    digests = night.roll(CLEAN)
    for digest in digests[1:16:3]:
        night.readings[digest] = night.readings[digest].model_copy(update={"faces": 2, "face": None})
    found = by_code(alarms(night))
    assert {"one-check"} == set(found)
    assert "20张人像中有5张“画面中不止一张脸”" in found["one-check"]


def test_far_fewer_students_than_expected_are_an_alarm() -> None:
    crowd = {
        no: Student(student_no=no, name="同学", centre="yanchi") for no in (f"22640{at:08d}" for at in range(15))
    }
    night = Night()
    night.roll(CLEAN)
    found = by_code(alarms(night, LOG, register() | crowd))
    assert {"few-students": "应采25人，只拍到10人：请确认存储卡都已拷入"} == found


def test_every_alarm_is_documented() -> None:
    text = (Path(__file__).parent.parent / "docs" / "operations.md").read_text(encoding="utf-8")
    told = text.partition("## Alarms of a session")[2].partition("\n## ")[0]
    assert list(get_args(Code)) == re.findall(r"`([a-z-]+)`", "".join(re.findall(r"^\| (`.*?) \|", told, re.M)))


def test_the_report_stays_readable() -> None:
    many = [Alarm(code="other-day", session=SESSION, says=str(index)) for index in range(MOST + 3)]
    lines = alarm_lines(many)
    assert MOST + 1 == len(lines)
    assert lines[-1].startswith("另有 3 条")
    assert [f"{SESSION}：0"] == alarm_lines(many[:1])
