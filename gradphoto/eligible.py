"""Who must be spoken to before a session: students outside the campaign's groups, and those who may be.

A person is named before they come, not after they were photographed. Pure; a desk asks the same questions.
"""

from collections.abc import Collection, Iterable
from enum import StrEnum
from typing import NamedTuple

from config.campaign import EVERY_CENTRE, Campaign, Session
from gradphoto.eligibility import eligibility
from gradphoto.inputs.numbers import student_no_doubts
from gradphoto.roster import Student


class Standing(StrEnum):
    """What is to be said of somebody, the gravest first."""

    INELIGIBLE = "ineligible"
    """In none of the groups, and nobody admitted them."""
    DOUBTFUL = "doubtful"
    """The columns do not say: photographed, to be looked up."""
    CONTRADICTION = "contradiction"
    """The student number says otherwise than the columns: photographed, to be looked up."""
    ADMITTED = "admitted"
    """In none of the groups, and a person admitted them."""


WORDS = {
    Standing.INELIGIBLE: "不在采集范围",
    Standing.DOUBTFUL: "不能判断",
    Standing.CONTRADICTION: "学号不符",
    Standing.ADMITTED: "已准入",
}


class Named(NamedTuple):
    """One student and what is to be said of them; `says` is a Chinese line."""

    student_no: str
    name: str
    centre: str
    standing: Standing
    says: str


def warning_of(student: Student, campaign: Campaign) -> str:
    """What is not clear of a student who is to be photographed; empty when all is.

    An ID number and what else a kit leaves out plays no part.
    """
    doubts = student_no_doubts(student, campaign.student_numbers)
    said = [f"学号{'；'.join(doubts)}，请核对"] if doubts else []
    return "；".join(filter(None, [eligibility(student, campaign).warning, *said]))


def named(students: Iterable[Student], campaign: Campaign, admitted: Collection[str] = ()) -> list[Named]:
    """Everybody of whom something is to be said, by centre as in the notice, the gravest first, then by number."""
    order = {centre.id: place for place, centre in enumerate(campaign.centres)}
    found = [one for student in students if (one := _named(student, campaign, student.student_no in admitted))]
    return sorted(found, key=lambda one: (order[one.centre], list(Standing).index(one.standing), one.student_no))


def expected_in(session: Session, students: Iterable[Student]) -> list[Student]:
    """Those whose centre has a window in the session: in a make-up window everybody."""
    centres = {window.centre for window in session.windows}
    return [one for one in students if EVERY_CENTRE in centres or one.centre in centres]


def _named(student: Student, campaign: Campaign, admitted: bool) -> Named | None:
    judged, warning = eligibility(student, campaign), warning_of(student, campaign)
    if not judged.eligible:
        standing = Standing.ADMITTED if admitted else Standing.INELIGIBLE
        says = judged.reason
    elif warning:
        standing = Standing.DOUBTFUL if judged.warning else Standing.CONTRADICTION
        says = warning
    else:
        return None
    return Named(student.student_no, student.name, student.centre, standing, says)
