"""When and where a student is photographed, in words: the centre's windows, narrowed by the student's own slot.

The slot (时段) is the roster's text. What it says is believed only where it lies within a window of the centre;
else the whole windows are told, and the doubt is named.
"""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, time
from itertools import groupby
from typing import NamedTuple

from config.campaign import Session, Window
from gradphoto.slots import Slot
from gradphoto.slots_said import LAST, NOON, Wish, wish

_HALVES = ((time.min, NOON), (NOON, LAST))
"""上午 and 下午."""
_DAYS = ("周一", "周二", "周三", "周四", "周五", "周六", "周日")


class Visit(NamedTuple):
    """One time at which a student may come; campaign time."""

    session: str
    start: datetime
    end: datetime
    address: str


class Place(NamedTuple):
    """One address and, in words, every time at which a student may come there."""

    when: str
    address: str


class Appointment(NamedTuple):
    """All of a student's visits, in order; `doubt` says in Chinese why the slot was not believed."""

    visits: tuple[Visit, ...]
    slot: bool = False
    """Whether it is the student's own slot and not the whole window."""
    doubt: str = ""

    @property
    def places(self) -> tuple[Place, ...]:
        """The visits by address, in order of the first one there."""
        addresses = dict.fromkeys(visit.address for visit in self.visits)
        return tuple(Place(_when([v for v in self.visits if v.address == one]), one) for one in addresses)

    @property
    def when(self) -> str:
        """All times, in words."""
        return "；".join(place.when for place in self.places)

    @property
    def where(self) -> str:
        """All addresses, in words."""
        return "；".join(place.address for place in self.places)

    def over(self, now: datetime) -> bool:
        """Whether the last time is past; `now` is campaign time, without a zone."""
        return all(visit.end <= now for visit in self.visits)


def visits_of(windows: Iterable[tuple[Session, Window]]) -> tuple[Visit, ...]:
    """A visit for each window."""
    return tuple(Visit(session.id, one.start, one.end, session.address) for session, one in windows)


def appointment(windows: Sequence[tuple[Session, Window]], slot: str = "") -> Appointment:
    """The appointment of a student of a centre with these windows whose roster says `slot`.

    >>> appointment((), "9:00").visits
    ()
    """
    whole = visits_of(windows)
    if not slot.strip() or not whole:
        return Appointment(whole)
    said = wish(slot, whole[0].start.year)
    own = tuple(part for one in whole for part in _narrowed(one, said)) if said else ()
    if not own:
        return Appointment(whole, doubt=NOT_UNDERSTOOD if said is None else ELSEWHERE)
    return Appointment(own, slot=True)


def at_slot(windows: Sequence[tuple[Session, Window]], slot: Slot) -> Appointment:
    """The appointment of a student who was told that slot; its session is among those of the windows."""
    address = next(session.address for session, _ in windows if session.id == slot.session)
    return Appointment((Visit(slot.session, slot.start, slot.end, address),), slot=True)


def meets(own: Appointment, slot: Slot) -> bool:
    """Whether a slot is one at which a student with that appointment may come."""
    return any(one.start < slot.end and (slot.start < one.end or slot.start <= one.start) for one in own.visits)


NOT_UNDERSTOOD, ELSEWHERE = "时段看不懂", "时段不在教学点的拍摄时间之内"


def _narrowed(visit: Visit, said: Wish) -> list[Visit]:
    """The part of a visit that a slot means; none when the slot is elsewhere, or reaches beyond the visit."""
    day = visit.start.date()
    if said.day not in (None, day):
        return []
    start, end = (datetime.combine(day, at) for at in (said.start, said.end))
    if (said.start, said.end) in _HALVES:
        start, end = max(start, visit.start), min(end, visit.end)
        return [visit._replace(start=start, end=end)] if start < end else []
    inside = visit.start <= start < visit.end and end <= visit.end
    return [visit._replace(start=start, end=end)] if inside else []


def _when(visits: Sequence[Visit]) -> str:
    days = groupby(visits, lambda visit: visit.start.date())
    return "；".join(f"{day_words(day)}{' 或 '.join(map(_hours, same))}" for day, same in days)


def day_words(day: date) -> str:
    """A day as people read it.

    >>> day_words(date(2023, 7, 2))
    '7月2日（周日）'
    """
    return f"{day.month}月{day.day}日（{_DAYS[day.weekday()]}）"


def _hours(visit: Visit) -> str:
    start = f"{visit.start.hour}:{visit.start:%M}"
    return start if visit.end == visit.start else f"{start}—{visit.end.hour}:{visit.end:%M}"
