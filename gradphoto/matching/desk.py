"""One desk's log against one camera: where a scan belongs among the runs, and between which times.

Students queue: what the desk scanned in one order the camera saw in the same order, minutes later, by
clocks that may differ by hours. So a scan without a slate belongs after the student scanned before it and
before the one scanned after it, and not sooner or later than the codes that both clocks saw allow. A log
whose order is not the camera's (a list typed in afterwards) tells nothing of the kind.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

from gradphoto.matching.bindings import DeskRow
from gradphoto.matching.runs import Run

LEAST_PAIRS = 3
"""Codes seen by both clocks before their distance is believed."""
SLACK = timedelta(seconds=5)
UNSURE = timedelta(minutes=10)
"""How much sooner or later a student may sit down than the others of the log did."""
SOON = timedelta(minutes=2)
"""How long after a scan its student sits down, where only the clocks themselves can say."""
NEIGHBOURS = 3
"""Students scanned before and after who tell the place, where some overtook others."""
JUMP = 6
"""A neighbour who sat down further off than so many runs left the queue and came back."""

Runs = Sequence[Run]


@dataclass(frozen=True, slots=True)
class Scan:
    """A scan without a slate, and between which times of the camera its student may have been taken."""

    row: DeskRow
    since: datetime
    until: datetime

    def covers(self, taken: datetime | None) -> bool:
        """Whether a frame of that time may be the student's."""
        return taken is None or self.since <= taken <= self.until


@dataclass(frozen=True, slots=True)
class Desk:
    """Who was seen by both the desk and the camera, in order of scanning."""

    positions: list[int]
    """In the log."""
    runs: list[int]
    """In the lane."""
    soonest: timedelta
    """From a scan, by the desk's clock, to the first frame that may be its student's, by the camera's."""
    latest: timedelta
    starts: list[datetime]
    """When each run of the lane began; none in a lane without times."""
    length: int
    """Of the lane, in runs."""
    queue: bool
    """Whether the camera saw them by and large in the order of the log."""


def desk(log: Sequence[DeskRow], lane: Runs) -> Desk:
    """The log compared with the lane, by the first slate of each code."""
    first: dict[str, int] = {}
    for index, run in enumerate(lane):
        if run.code:
            first.setdefault(run.code, index)
    both = [(position, first[row.code], row.at) for position, row in enumerate(log) if row.code in first]
    runs = [index for _, index, _ in both]
    openers = ((lane[index].opener, at) for _, index, at in both)
    soonest, latest = _apart([opener.taken - at for opener, at in openers if opener and opener.taken])
    starts = [start for run in lane if (start := run.shots[0].taken)]
    steps = [two > one for one, two in pairwise(runs)]
    queue = 3 * sum(steps) >= 2 * len(steps)
    return Desk([position for position, _, _ in both], runs, soonest, latest, starts, len(lane), queue)


def _apart(seen: Sequence[timedelta]) -> tuple[timedelta, timedelta]:
    """The camera's time minus the desk's, from least to most, with what may be beyond that."""
    if not seen:
        return -SLACK, SOON
    least, most = min(seen), max(seen)
    sooner = max(SLACK, 3 * (most - least)) if len(seen) >= LEAST_PAIRS else UNSURE
    return least - sooner, most + UNSURE


def scan(row: DeskRow, seen: Desk) -> Scan:
    """The times of the camera between which the student of a row may have sat down."""
    return Scan(row, row.at + seen.soonest, row.at + seen.latest)


def spots(position: int, seen: Desk, placed: Scan) -> Sequence[int]:
    """The runs in which the student of a row at that position of the log may be, by order and by time."""
    found = _bracket(position, seen)
    if seen.starts:
        first = max(0, bisect_right(seen.starts, placed.since) - 1)
        last = bisect_right(seen.starts, placed.until)
        return range(max(first, found.start), min(last, found.stop))
    return found if seen.runs else range(0)


def _bracket(position: int, seen: Desk) -> range:
    """From the run of the student scanned before to that of the one scanned after, by order alone."""
    if not seen.runs:
        return range(seen.length)
    if not seen.queue:
        return range(0)
    at = bisect_left(seen.positions, position)
    before, after = seen.runs[max(0, at - NEIGHBOURS) : at], seen.runs[at : at + NEIGHBOURS]
    near = [*before, *after]
    if all(one < two for one, two in pairwise(near)):
        return range(before[-1] if before else 0, after[0] if after else seen.length)
    middle = sorted(near)[len(near) // 2]
    kept = [run for run in near if abs(run - middle) <= JUMP]
    return range(min(kept), max(kept) + 1)
