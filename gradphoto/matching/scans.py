"""Scans of the desk that no slate answers: that student may have sat down under another's code.

A student whose slate could not be read, or who was scanned and left, has none either: an unreadable slate
at the right place explains a scan. Where a scan may belong stands in `desk`.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from gradphoto.matching.bindings import Bindings, DeskRow
from gradphoto.matching.desk import Desk, Runs, Scan, desk, scan, spots
from gradphoto.matching.logs import logs
from gradphoto.matching.runs import Run

LIST = 4
"""So many codes of one instant were typed in, not scanned."""


@dataclass(frozen=True, slots=True)
class Placed:
    """The scans without a slate whose students may sit in one run."""

    rows: list[DeskRow] = field(default_factory=list)
    doubts: list[Scan] = field(default_factory=list)
    """Those that nothing else explains, if the run is somebody's."""


def unanswered(rows: Iterable[DeskRow], lanes: Sequence[Runs], bindings: Bindings) -> list[dict[int, Placed]]:
    """Which runs the scans without a slate cast doubt on: for each lane, by the place of a run in it."""
    shown = {code for lane in lanes for run in lane if run.opener for code in run.opener.classified.codes}
    students = {no for code in shown for no in bindings.owner(code).candidates}
    found: list[_Spot] = []
    for log in logs(rows):
        desks = [desk(log, lane) for lane in lanes]
        crowds = Counter(row.at for row in log)
        for position, row in enumerate(log):
            known = row.code in shown or bindings.owner(row.code).candidates & students
            if not known and crowds[row.at] < LIST:
                found += _spots(position, row, desks, lanes)
    return _judged(found, lanes)


@dataclass(frozen=True, slots=True)
class _Spot:
    """A run in which a scan's student may be."""

    scan: Scan
    lane: int
    run: int


_Run = tuple[int, int]
"""A lane and the place of a run in it."""


def _spots(position: int, row: DeskRow, desks: Sequence[Desk], lanes: Sequence[Runs]) -> list[_Spot]:
    """Everywhere in the session; a lane in which the log's students never sat is none of its own."""
    used = any(seen.runs for seen in desks)
    found: list[_Spot] = []
    for number, (seen, lane) in enumerate(zip(desks, lanes, strict=True)):
        if seen.runs or not used:
            placed = scan(position, row, seen)
            near = (at for at in spots(position, seen, placed) if _covered(placed, lane[at]))
            found += [_Spot(placed, number, at) for at in near]
    return found


def _covered(placed: Scan, run: Run) -> bool:
    return any(placed.covers(shot.taken) for shot in run.shots)


def _judged(places: Sequence[_Spot], lanes: Sequence[Runs]) -> list[dict[int, Placed]]:
    """Each unreadable slate explains one scan; where more scans than slates compete, none is explained."""
    slates: dict[str, set[_Run]] = defaultdict(set)
    rivals: dict[_Run, set[str]] = defaultdict(set)
    for spot in places:
        if _lost(lanes[spot.lane][spot.run]):
            slates[spot.scan.row.code].add((spot.lane, spot.run))
            rivals[spot.lane, spot.run].add(spot.scan.row.code)
    explained = {
        code
        for code, each in slates.items()
        if len(each) >= len({rival for slate in each for rival in rivals[slate]})
    }
    found: list[dict[int, Placed]] = [defaultdict(Placed) for _ in lanes]
    for spot in places:
        owned = lanes[spot.lane][spot.run].owner.student_no is not None
        placed = found[spot.lane][spot.run]
        if not owned or spot.scan.row.code not in explained:
            placed.rows.append(spot.scan.row)
        if owned and spot.scan.row.code not in explained:
            placed.doubts.append(spot.scan)
    return found


def _lost(run: Run) -> bool:
    """Whether a slate opened the run that nobody could read; without portraits it was only shown again."""
    trouble = run.opener.classified.trouble if run.opener else None
    return bool(run.portraits) and trouble is not None and trouble.code == "slate-unreadable"
