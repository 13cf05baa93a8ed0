"""The retake list: who is missing or must come again, why, and when and where they can."""

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from config.campaign import Campaign, Session, Window
from config.lookup import makeup_window, next_makeup
from gradphoto.discrepancy import RECALLED, TEXTS, Discrepancy
from gradphoto.matching.ledger import Standings
from gradphoto.rejection import rule_of
from gradphoto.retake_words import plainly
from gradphoto.states import STUDENT_WORDS, StudentState

AGAIN = (StudentState.MISSING, StudentState.REJECTED)
WITHOUT = (*AGAIN, StudentState.PENDING)
"""Who has no portrait in a bundle and should have one."""
UNKNOWN_TIME = "补拍时间另行通知"

COLUMNS = ("教学点", "学号", "姓名", "状态", "原因", "补拍时间和地点")


class Standing(NamedTuple):
    """Where one student stands; `reasons` are discrepancy codes or a person's own words."""

    student_no: str
    name: str
    centre: str
    state: StudentState
    reasons: tuple[str, ...] = ()
    recalled: bool = False
    """Whether the picture was called back and nobody has found another."""
    plain: str = ""
    """The reasons in words for the student."""


class Retake(NamedTuple):
    """One row of the list, every field as people read it but for `centre`, an id for filtering."""

    centre: str
    centre_name: str
    student_no: str
    name: str
    state: str
    why: str
    when: str
    rule: str = ""
    """What the notice asks where the reason is one of its list."""
    plain: str = ""
    """`why` in words for the student."""

    @property
    def cells(self) -> tuple[str, ...]:
        """The row under `COLUMNS`."""
        return self[1:7]


def standing_of(one: Standings) -> Standing:
    """A student of the ledger as the list takes them."""
    return Standing(
        one.student.student_no,
        one.student.name,
        one.student.centre,
        one.state,
        tuple(dict.fromkeys(_told(reason) for reason in one.reasons)),
        any(reason.code == RECALLED for reason in one.reasons),
        plainly(one.reasons),
    )


def retakes(campaign: Campaign, students: Iterable[Standing], now: datetime | None = None) -> list[Retake]:
    """A row for each student without a usable picture, by centre as in the notice, then by number.

    `now` is campaign time without a zone; with it the make-up window is the next one that is not over.
    """
    when = make_up(campaign, now)
    return [_row(one, campaign, when) for one in in_order(campaign, filter(comes_again, students))]


def without_portrait(campaign: Campaign, students: Iterable[Standing]) -> list[Standing]:
    """Everybody who should have a portrait and has none in a bundle, in the same order: for the registry."""
    return in_order(campaign, (one for one in students if one.state in WITHOUT))


def in_order(campaign: Campaign, students: Iterable[Standing]) -> list[Standing]:
    """By centre as in the campaign, then by number."""
    order = {centre.id: place for place, centre in enumerate(campaign.centres)}
    return sorted(students, key=lambda one: (order[one.centre], one.student_no))


def comes_again(student: Standing) -> bool:
    """Whether a student is to be photographed, for the first time or once more."""
    return student.state in AGAIN or (student.recalled and student.state is StudentState.PENDING)


def make_up(campaign: Campaign, now: datetime | None = None) -> str:
    """When and where anyone may be photographed who was missed (零星补拍): the last time where all are over."""
    found = (next_makeup(campaign, now) if now else None) or makeup_window(campaign)
    return words(*found) if found else UNKNOWN_TIME


def words(session: Session, window: Window) -> str:
    """A window as one line: day, times, address."""
    start, end = window.start, window.end
    return f"{start.month}月{start.day}日 {start:%H:%M}—{end:%H:%M} {session.address}"


def rules_of(reasons: Iterable[str], campaign: Campaign) -> str:
    """What the notice asks where a picture was refused for these reasons."""
    return "；".join(filter(None, dict.fromkeys(rule_of(reason, campaign.requirements) for reason in reasons)))


def _told(reason: Discrepancy) -> str:
    return reason.text if reason.code == RECALLED else reason.said


def _row(student: Standing, campaign: Campaign, when: str) -> Retake:
    state = STUDENT_WORDS[student.state]
    why = "；".join(TEXTS.get(reason, reason) for reason in student.reasons) or "没有该学生的照片"
    name, rule = campaign.centre(student.centre).name, rules_of(student.reasons, campaign)
    head = (student.centre, name, student.student_no, student.name)
    return Retake(*head, state, why, when, rule, student.plain)
