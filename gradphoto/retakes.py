"""The retake list: who is missing or must come again, why, and when and where they can."""

from collections.abc import Iterable
from typing import NamedTuple

from config.campaign import Campaign, Session, Window
from config.lookup import makeup_window
from gradphoto.discrepancy import TEXTS
from gradphoto.rejection import rule_of
from gradphoto.states import STUDENT_WORDS, StudentState

AGAIN = (StudentState.MISSING, StudentState.REJECTED)
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

    @property
    def cells(self) -> tuple[str, ...]:
        """The row under `COLUMNS`."""
        return self[1:-1]


def retakes(campaign: Campaign, students: Iterable[Standing]) -> list[Retake]:
    """A row for each student without a usable picture, by centre as in the notice, then by number."""
    order = {centre.id: place for place, centre in enumerate(campaign.centres)}
    again = [student for student in students if _comes_again(student)]
    again.sort(key=lambda student: (order[student.centre], student.student_no))
    when = make_up(campaign)
    return [_row(student, campaign, when) for student in again]


def _comes_again(student: Standing) -> bool:
    return student.state in AGAIN or (student.recalled and student.state is StudentState.PENDING)


def make_up(campaign: Campaign) -> str:
    """When and where anyone may be photographed who was missed (零星补拍)."""
    found = makeup_window(campaign)
    return _words(*found) if found else UNKNOWN_TIME


def _words(session: Session, window: Window) -> str:
    start, end = window.start, window.end
    return f"{start.month}月{start.day}日 {start:%H:%M}—{end:%H:%M} {session.address}"


def _row(student: Standing, campaign: Campaign, when: str) -> Retake:
    state = STUDENT_WORDS[student.state]
    why = "；".join(TEXTS.get(reason, reason) for reason in student.reasons) or "没有该学生的照片"
    name = campaign.centre(student.centre).name
    rules = dict.fromkeys(rule_of(reason, campaign.requirements) for reason in student.reasons)
    rule = "；".join(filter(None, rules))
    return Retake(student.centre, name, student.student_no, student.name, state, why, when, rule)
