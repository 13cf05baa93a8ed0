"""Readiness: what must be done at each venue before a session, who signed for it, what is open and by when. Pure.

What there is to do is the campaign's own checklist: `config.planning`. The day is given.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from typing import NamedTuple

from config.campaign import Campaign, Session
from config.frozen import Frozen
from config.planning import ChecklistItem
from gradphoto.slots import named

Subject = tuple[str, str]
"""The id of an item and of the centre that it is of; no centre where the item is the session's."""


class Signature(Frozen):
    """That somebody signed for one item of one session, or took a signature back."""

    item: str
    centre: str = ""
    who: str
    at: str
    """When, for people only: the order is the records'."""
    note: str = ""
    undo: bool = False

    @property
    def subject(self) -> Subject:
        """What it is about."""
        return self.item, self.centre


class Duty(NamedTuple):
    """One item of one session's list."""

    session: Session
    item: ChecklistItem
    centre: str
    """Empty where it is the session's."""
    serves: str
    """The sentence of the notice."""
    signature: Signature | None

    @property
    def due(self) -> date:
        """The day by which it must be done."""
        return self.session.date - timedelta(days=self.item.days)

    def days_left(self, today: date) -> int:
        """Until then; less than none when that day is over."""
        return (self.due - today).days


def duties(campaign: Campaign, session: Session, signed: Iterable[Signature]) -> list[Duty]:
    """A session's list in the campaign's order, centres in order of their windows."""
    texts = {one.number: f"{one.number} {one.text}" for one in campaign.requirements}
    standing = in_force(signed)
    return [
        Duty(session, item, centre, texts.get(item.requirement, item.source), standing.get((item.id, centre)))
        for item in campaign.checklist
        for centre in _subjects(session, item)
    ]


def in_force(signed: Iterable[Signature]) -> Mapping[Subject, Signature]:
    """The signatures that stand, by what they are about; they come in order, and the last one counts."""
    last = {one.subject: one for one in signed}
    return {subject: one for subject, one in last.items() if not one.undo}


def open_duties(every: Iterable[Duty], today: date) -> list[Duty]:
    """What nobody signed for, the most urgent first."""
    left = [duty for duty in every if duty.signature is None]
    return sorted(left, key=lambda duty: (duty.days_left(today), duty.session.date, duty.session.id))


def urgency(days_left: int) -> str:
    """How much time is left, in Chinese.

    >>> urgency(3), urgency(0), urgency(-2)
    ('还有 3 天', '今天', '已过 2 天')
    """
    if days_left == 0:
        return "今天"
    return f"还有 {days_left} 天" if days_left > 0 else f"已过 {-days_left} 天"


def whose(campaign: Campaign, duty: Duty) -> str:
    """The centre that signs, as people call it; empty where the session does."""
    return named(campaign, duty.centre) if duty.centre else ""


def _subjects(session: Session, item: ChecklistItem) -> Iterator[str]:
    windows = [one for one in session.windows if item.only == "always" or one.inferred]
    if item.per == "centre":
        yield from dict.fromkeys(one.centre for one in sorted(windows, key=lambda one: (one.start, one.centre)))
    elif windows:
        yield ""
