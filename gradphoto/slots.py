"""Slots (时段): a window divided into short parts, each for as many students as are photographed in it. Pure.

Who comes in which slot stands in `gradphoto.slots_plan`, which slots people were told in `gradphoto.slots_told`.
Times are the campaign's own.
"""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from math import ceil, floor
from typing import Literal, NamedTuple

from config.campaign import EVERY_CENTRE, Campaign, Session, Window
from config.frozen import Frozen
from config.lookup import windows_of

STEPS = (10, 5)
"""Minutes of shorter slots, for a waiting area that does not hold whoever comes in a longer one."""
By = Literal["option", "told", "session", "measured", "campaign"]


class Slot(NamedTuple):
    """When a student comes, and to which session."""

    session: str
    start: datetime
    end: datetime

    @property
    def times(self) -> str:
        """Without the day.

        >>> Slot("", datetime(2023, 7, 3, 8, 30), datetime(2023, 7, 3, 8, 45)).times
        '08:30—08:45'
        """
        return f"{self.start:%H:%M}—{self.end:%H:%M}"

    @property
    def text(self) -> str:
        """With the day, as people read it."""
        return f"{self.start.month}月{self.start.day}日 {self.times}"


class Grid(Frozen):
    """How one session's windows are divided: so many students an hour, in slots of at most so many minutes."""

    session: str
    rate: float
    minutes: int
    by: By = "told"
    """Who says the rate: an option, what was told before, the session, what was measured, the campaign."""


class Opening(NamedTuple):
    """A slot, how many students it takes, and which of the centre's windows it is of."""

    slot: Slot
    places: int
    window: int


GridOf = Callable[[Session], Grid]


def grid(campaign: Campaign, session: Session, rate: float, by: By) -> Grid:
    """The longest slots of which each can wait at once in the session's waiting area."""
    steps = (campaign.slots.minutes, *(step for step in STEPS if step < campaign.slots.minutes))
    holds = session.capacity
    minutes = next((step for step in steps if holds is None or rate * step / 60 <= holds), steps[-1])
    return Grid(session=session.id, rate=rate, minutes=minutes, by=by)


def openings(campaign: Campaign, centre: str, grid_of: GridOf) -> list[Opening]:
    """A centre's slots in order of time; of a centre without a window of its own none."""
    return [
        opening
        for number, (session, window) in enumerate(windows_of(campaign, centre))
        for opening in _divided(session, window, grid_of(session), number)
    ]


def minutes_for(students: int, divided: Grid, capacity: int | None) -> int:
    """Whole minutes that so many more students would take."""
    each = 60 / divided.rate
    if capacity is not None:
        each = max(each, divided.minutes / capacity)
    return ceil(round(students * each, 6))


def following(session: Session, centre: str) -> list[Window]:
    """The windows of others that begin when one of the centre's ends: they wait when it takes longer."""
    ends = {window.end for window in session.windows if window.centre == centre}
    return [window for window in session.windows if window.centre != centre and window.start in ends]


def named(campaign: Campaign, centre: str) -> str:
    """What people call a centre, or the window of all."""
    return "零星补拍" if centre == EVERY_CENTRE else campaign.centre(centre).name


def _divided(session: Session, window: Window, divided: Grid, number: int) -> Iterator[Opening]:
    """Rounded down over the window and not slot by slot, so that nobody is lost to rounding."""
    step, at, before = timedelta(minutes=divided.minutes), window.start, 0
    while at < window.end:
        end = min(at + step, window.end)
        upto = floor(round((end - window.start).total_seconds() / 3600 * divided.rate, 6))
        places = upto - before if session.capacity is None else min(upto - before, session.capacity)
        yield Opening(Slot(session.id, at, end), places, number)
        at, before = end, upto
