"""One desk's log against one camera: where a scan belongs among the runs, and between which times.

Students queue: what the desk scanned in one order the camera saw in the same order, minutes later, by
clocks that may differ by hours. So a scan without a slate belongs after the student scanned before it and
before the one scanned after it, and not sooner or later than the codes that both clocks saw allow. A log
whose order is not the camera's (a list typed in afterwards) tells nothing of the kind.
"""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

from gradphoto.matching.bindings import DeskRow
from gradphoto.matching.runs import Run
from gradphoto.natural import natural_key

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
    apart: list[timedelta]
    """The camera's time minus the desk's, where the camera has one."""

    @property
    def queue(self) -> bool:
        """Whether the camera saw them by and large in the order of the log."""
        steps = [two > one for one, two in pairwise(self.runs)]
        return 3 * sum(steps) >= 2 * len(steps)


def by_code(rows: Iterable[DeskRow]) -> Mapping[str, list[DeskRow]]:
    """The rows of each code, in order of time."""
    found: dict[str, list[DeskRow]] = defaultdict(list)
    for row in _ordered(rows):
        found[row.code].append(row)
    return found


def logs(rows: Iterable[DeskRow]) -> list[list[DeskRow]]:
    """Each file's rows in order of time, every code once: two desks need not have one clock."""
    files: dict[str, dict[str, DeskRow]] = defaultdict(dict)
    for row in _ordered(rows):
        files[row.ref.rpartition(":")[0]].setdefault(row.code, row)
    return [list(log.values()) for _, log in sorted(files.items())]


def _ordered(rows: Iterable[DeskRow]) -> list[DeskRow]:
    return sorted(rows, key=lambda row: (row.at, natural_key(row.ref)))


def desk(log: Sequence[DeskRow], lane: Runs) -> Desk:
    """The log compared with the lane, by the first slate of each code."""
    first: dict[str, int] = {}
    for index, run in enumerate(lane):
        if run.code:
            first.setdefault(run.code, index)
    both = [(position, first[row.code], row.at) for position, row in enumerate(log) if row.code in first]
    openers = ((lane[index].opener, at) for _, index, at in both)
    apart = [opener.taken - at for opener, at in openers if opener and opener.taken]
    return Desk([position for position, _, _ in both], [index for _, index, _ in both], apart)


def scan(row: DeskRow, seen: Desk) -> Scan:
    """The times of the camera between which the student of a row may have sat down."""
    if not seen.apart:
        return Scan(row, row.at - SLACK, row.at + SOON)
    least, most = min(seen.apart), max(seen.apart)
    sooner = max(SLACK, 3 * (most - least)) if len(seen.apart) >= LEAST_PAIRS else UNSURE
    return Scan(row, row.at + least - sooner, row.at + most + UNSURE)


def bracket(position: int, seen: Desk, lane: Runs) -> Iterable[int]:
    """The runs from that of the student scanned before to that of the one scanned after, by order alone."""
    if not seen.runs:
        return range(len(lane)) if any(run.shots[0].taken for run in lane) else ()
    if not seen.queue:
        return ()
    at = bisect_left(seen.positions, position)
    before, after = seen.runs[max(0, at - NEIGHBOURS) : at], seen.runs[at : at + NEIGHBOURS]
    near = [*before, *after]
    if all(one < two for one, two in pairwise(near)):
        return range(before[-1] if before else 0, after[0] if after else len(lane))
    middle = sorted(near)[len(near) // 2]
    kept = [run for run in near if abs(run - middle) <= JUMP]
    return range(min(kept), max(kept) + 1)
