"""How a session goes: who came, who waits, how fast, and when it ends at this pace. Pure; the time is given.

The camera's pace is meant where somebody sees the pictures, else that of the desk.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import pairwise
from statistics import median

from config.campaign import Window
from config.frozen import Frozen

LATELY = timedelta(minutes=15)
"""Before the last student: who came earlier says nothing of the pace now."""
LEAST = 3
"""Students who make a pace."""


class Count(Frozen):
    """One centre's windows in the session."""

    centre: str
    windows: tuple[tuple[datetime, datetime], ...]
    expected: int
    scanned: int
    photographed: int | None
    """None: nobody looks at the pictures."""
    waiting: int | None
    """Scanned and not photographed yet."""
    to_come: int
    """Neither scanned nor photographed."""
    ends: datetime | None = None
    """When all who are expected are done at this pace; None without a pace or when they are."""
    late: int = 0
    """Whole minutes after the end of the last window."""


def pace(times: Iterable[datetime]) -> float | None:
    """Median seconds from a student to the next, of those who came lately; None when too few did."""
    ordered = sorted(times)
    lately = [at for at in ordered if at >= ordered[-1] - LATELY]
    if len(lately) < LEAST:
        return None
    return median((two - one).total_seconds() for one, two in pairwise(lately))


def counts(
    windows: Sequence[Window],
    expected: Mapping[str, frozenset[str]],
    scanned: Mapping[str, datetime],
    photographed: Mapping[str, datetime] | None,
    now: datetime,
) -> list[Count]:
    """A line for each centre in order of its first window, `*` with those of no centre's own window.

    `expected` are numbers by centre. The line of windows is one queue before one camera: who is late delays the
    next centre. On another day than the windows' nothing ends.
    """
    today = any(window.start.date() == now.date() for window in windows)
    seconds = pace((scanned if photographed is None else photographed).values()) if today else None
    found: list[Count] = []
    free = now
    for centre, times in _by_centre(windows).items():
        count, left = _counted(centre, times, expected.get(centre, frozenset()), scanned, photographed)
        ends = _ends(times, left * seconds, free) if seconds is not None and left else None
        free = max(free, ends) if ends else free
        found.append(count.model_copy(update={"ends": ends, "late": _late(ends, times)}))
    return found


def _by_centre(windows: Sequence[Window]) -> dict[str, list[tuple[datetime, datetime]]]:
    found: dict[str, list[tuple[datetime, datetime]]] = {}
    for window in sorted(windows, key=lambda one: (one.start, one.end, one.centre)):
        found.setdefault(window.centre, []).append((window.start, window.end))
    return found


def _counted(
    centre: str,
    times: Sequence[tuple[datetime, datetime]],
    expected: frozenset[str],
    scanned: Mapping[str, datetime],
    photographed: Mapping[str, datetime] | None,
) -> tuple[Count, int]:
    """The count without its end, and how many are left before the camera, or before the desk."""
    came, done = expected & scanned.keys(), expected & (photographed or {}).keys()
    count = Count(
        centre=centre,
        windows=tuple(times),
        expected=len(expected),
        scanned=len(came),
        photographed=None if photographed is None else len(done),
        waiting=None if photographed is None else len(came - done),
        to_come=len(expected - came - done),
    )
    return count, len(expected) - len(came if photographed is None else done)


def _ends(times: Sequence[tuple[datetime, datetime]], seconds: float, free: datetime) -> datetime:
    """So many seconds of work in the windows that are left, and after the last of them without a pause."""
    left, at = timedelta(seconds=seconds), free
    for start, end in times[:-1]:
        at = max(at, start)
        if at < end:
            if left <= end - at:
                return at + left
            left -= end - at
            at = end
    return max(at, times[-1][0]) + left


def _late(ends: datetime | None, times: Sequence[tuple[datetime, datetime]]) -> int:
    return max(0, int((ends - times[-1][1]) // timedelta(minutes=1))) if ends else 0
