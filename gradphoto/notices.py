"""Notices: what each student is told, as texts made of the campaign, the register and a template. Pure.

Which template makes which text stands in `gradphoto.adapters.notice_templates`, when a student comes in
`gradphoto.appointment`, who was told what in `gradphoto.told`.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from config.campaign import Campaign
from gradphoto.adapters.store import digest
from gradphoto.appointment import Appointment
from gradphoto.roster import Student
from gradphoto.sms import shortest_that_fits
from gradphoto.told import Said

SHORT = (0, 1, 2)
"""What a template of a short message hears as `short`, until the message fits."""
_ENDS = "；;。，, "

Write = Callable[[str, Mapping[str, Any]], str]
"""The text of a medium (`wechat`, `sms`, `page`) from the values of a template."""


class Reason(NamedTuple):
    """Why somebody comes again: in plain words, what the notice asks of them, and whether a picture was taken."""

    why: str
    asked: str = ""
    again: bool = False


@dataclass(frozen=True)
class Notice:
    """One student's notice. `fits` is False when no form of the short message is short enough."""

    student: Student
    appointment: Appointment
    wechat: str
    sms: str
    page: str
    fits: bool = True
    why: str = ""

    @property
    def said(self) -> Said:
        """The same as its record keeps it."""
        return Said(
            student_no=self.student.student_no,
            digest=digest(json.dumps([self.wechat, self.sms, self.page], ensure_ascii=False).encode()),
            when=self.appointment.when,
            where=self.appointment.where,
            why=self.why,
        )


def notice(
    campaign: Campaign,
    student: Student,
    when: Appointment,
    makeup: str,
    write: Write,
    reason: Reason | None = None,
) -> Notice:
    """The notice of one student; `makeup` is when and where anybody may come who was missed, empty for nowhere."""
    values = {**centre_values(campaign, student.centre, when, makeup), "student": _student(student)}
    if reason:
        values |= {"why": reason.why.rstrip(_ENDS), "asked": reason.asked.rstrip(_ENDS), "again": reason.again}
    sms, fits = shortest_that_fits(lambda short: _line(write("sms", {**values, "short": short})), SHORT)
    texts = {"wechat": write("wechat", values), "page": write("page", values), "sms": sms}
    return Notice(student, when, **texts, fits=fits, why=reason.why if reason else "")


def centre_values(campaign: Campaign, centre: str, when: Appointment, makeup: str) -> dict[str, Any]:
    """What a template may say of a centre; plain values only."""
    home = campaign.centre(centre)
    return {
        "campaign": {"id": campaign.id, "name": campaign.name, "institution": campaign.institution},
        "contact": campaign.contact.model_dump(),
        "centre": {"id": home.id, "name": home.name},
        "places": [place._asdict() for place in when.places],
        "rules": _rules(campaign),
        "briefs": "，".join(one.brief for one in campaign.requirements if one.about == "photo" and one.brief),
        "makeup": makeup,
    }


def due(found: Sequence[Notice], before: Mapping[str, tuple[str, Said]], every: bool) -> list[Notice]:
    """Those that nobody has yet in these words, or `every` one."""
    return [one for one in found if every or _digest(before, one) != one.said.digest]


def _digest(before: Mapping[str, tuple[str, Said]], one: Notice) -> str:
    known = before.get(one.student.student_no)
    return known[1].digest if known else ""


def _student(student: Student) -> dict[str, str]:
    """Neither ID number nor code: those have no business in a message."""
    return {key: getattr(student, key) for key in ("student_no", "name", "major", "level", "slot", "class_name")}


def _rules(campaign: Campaign) -> list[dict[str, str]]:
    asked = (one for one in campaign.requirements if one.about == "photo")
    return [{"number": one.number, "text": one.text.rstrip(_ENDS), "why": one.why.rstrip(_ENDS)} for one in asked]


def _line(text: str) -> str:
    """A short message has no line ends."""
    return "".join(line.strip() for line in text.splitlines())
