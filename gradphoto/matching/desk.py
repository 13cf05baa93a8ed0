"""One desk's log against one camera: where a scan belongs among the runs, and between which times.

Students queue: what the desk scanned in one order the camera saw in the same order, minutes later, by
clocks that may differ by hours. So a scan without a slate belongs after the student scanned before it and
before the one scanned after it, and not sooner or later than the codes that both clocks saw allow. How far the
clocks are apart is asked of the codes round a scan, for a clock may drift, or be put right in the middle of it
all. A log whose order is not the camera's (a list typed in afterwards) tells nothing of the kind.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

from gradphoto.matching.bindings import DeskRow
from gradphoto.matching.runs import Run

NEAR = 8
"""Codes seen by both clocks, scanned before and as many after, that say how far apart those are."""
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
    timed: list[int]
    """In the log, of those whose slate has a time."""
    apart: list[timedelta]
    """The camera's time minus the desk's, of each of those."""
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
    both = _in_step([_seen(position, row, first, lane) for position, row in enumerate(log) if row.code in first])
    runs = [pair.run for pair in both]
    apart = [(pair.position, pair.apart) for pair in both if pair.apart is not None]
    starts = [start for run in lane if (start := run.shots[0].taken)]
    steps = [two > one for one, two in pairwise(runs)]
    queue = 3 * sum(steps) >= 2 * len(steps)
    return Desk(
        positions=[pair.position for pair in both],
        runs=runs,
        timed=[position for position, _ in apart],
        apart=[distance for _, distance in apart],
        starts=starts,
        length=len(lane),
        queue=queue,
    )


@dataclass(frozen=True, slots=True)
class _Pair:
    """A code that both saw: where in the log, in which run of the lane, and how far apart by their clocks."""

    position: int
    run: int
    apart: timedelta | None


def _seen(position: int, row: DeskRow, first: Mapping[str, int], lane: Runs) -> _Pair:
    run = first[row.code]
    opener = lane[run].opener
    taken = opener.taken if opener else None
    return _Pair(position, run, None if taken is None else taken - row.at)


def _in_step(pairs: Sequence[_Pair]) -> list[_Pair]:
    """Without those that hardly any of their neighbours bear out: a student who came back hours later."""
    if len(pairs) <= NEAR:
        return list(pairs)
    return [pair for at, pair in enumerate(pairs) if _borne_out(pair, pairs[max(0, at - NEAR) : at + NEAR + 1])]


def _borne_out(pair: _Pair, near: Sequence[_Pair]) -> bool:
    if pair.apart is None:
        return True
    agreeing = (one for one in near if one.apart is not None and abs(one.apart - pair.apart) <= UNSURE)
    return sum(1 for _ in agreeing) > LEAST_PAIRS


def scan(position: int, row: DeskRow, seen: Desk) -> Scan:
    """The times of the camera between which the student of a row may have sat down."""
    at = bisect_left(seen.timed, position)
    soonest, latest = _apart(seen.apart[max(0, at - NEAR) : at + NEAR])
    return Scan(row, row.at + soonest, row.at + latest)


def _apart(seen: Sequence[timedelta]) -> tuple[timedelta, timedelta]:
    """From a scan, by the desk's clock, to the first and last frame of its student, by the camera's."""
    if not seen:
        return -SLACK, SOON
    if len(seen) < LEAST_PAIRS:
        return min(seen) - UNSURE, max(seen) + UNSURE
    usual = sorted(seen)[len(seen) // 2]
    near = [distance for distance in seen if abs(distance - usual) <= UNSURE]
    return min(near) - max(SLACK, 3 * (max(near) - min(near))), max(near) + UNSURE


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
