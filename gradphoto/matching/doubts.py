"""Signs that a slate was forgotten within a run: then everything from there on is nobody's.

The first portrait after a slate stays the slate's unless a pause parts the two. One clear sign is enough; of weak
ones, none of which says much alone, it takes two at one place. Looks are colours and outlines of clothing and
hair, compared between neighbours of one run only; no faces are recognised.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from config.campaign import Rules
from gradphoto.appearance import distance
from gradphoto.discrepancy import Discrepancy
from gradphoto.matching.desk import Scan
from gradphoto.matching.numbers import Numbers
from gradphoto.matching.runs import Run
from gradphoto.matching.usual import LATE, SAME, Usual, begin, holder_distance, looks, seconds

LONG = 5
"""So many times the session's usual pause parts two sittings, whatever the looks."""


@dataclass(frozen=True, slots=True)
class Pace:
    """What one run is judged by: the campaign's rules, the session's own runs, the numbers of its files."""

    rules: Rules
    usual: Usual
    numbers: Numbers


@dataclass(frozen=True, slots=True)
class Doubt:
    """From which portrait of the run on (0 is the first) it is not certain whose it is, and why."""

    since: int
    trouble: Discrepancy


@dataclass(frozen=True, slots=True)
class _Step:
    """From one portrait of a run to the next, `to`."""

    to: int
    pause: float | None
    looks: float | None
    """How far the looks are from those before; None where they were not seen."""
    unseen: int
    """The first portrait since looks were last seen: if somebody else sits there, it may be from there on."""

    @property
    def same(self) -> bool:
        """Whether the looks say that nobody else sat down."""
        return self.looks is not None and self.looks <= SAME


def doubts(run: Run, most: int, scans: Sequence[Scan], pace: Pace) -> list[Doubt]:
    """Every doubt about a run that a slate opened; `scans` are those without one whose student may sit in it."""
    rules, usual, steps = pace.rules, pace.usual, _steps(run)
    found = [
        *_long(run, steps, most, usual),
        *_pauses(run, steps, rules, usual),
        *_changes(run, steps, bool(scans), usual),
        *_scans(run, steps, scans, usual),
        *_holes(run, steps, pace),
    ]
    return sorted(found, key=lambda doubt: (doubt.since, doubt.trouble.code))


def _steps(run: Run) -> list[_Step]:
    """Looks are compared with the last that were seen, and with the first, for small steps add up."""
    first = last = looks(run.portraits[0]) if run.portraits else ()
    seen, steps = 0, []
    for at, (before, shot) in enumerate(pairwise(run.portraits), 1):
        here = looks(shot)
        far = max(distance(last, here), distance(first, here)) if here and first else None
        steps.append(_Step(at, seconds(before, shot), far, seen + 1))
        if here:
            first, last, seen = first or here, here, at
    return steps


def _long(run: Run, steps: Sequence[_Step], most: int, usual: Usual) -> list[Doubt]:
    """The first is the slate's own; of two students in a row nobody knows where the second begins.

    Where neither looks nor times vouch for the rest, one more than usual is too many.
    """
    count = len(run.portraits)
    if count > most:
        return [_doubt(1, "run-long", f"{count}张，通常不超过{most}张")]
    blind = (step.unseen for step in steps if step.looks is None and step.pause is None)
    since = next(blind, None) if count > usual.median else None
    return [] if since is None else [_doubt(since, "run-long", f"{count}张，通常{usual.median}张")]


def _pauses(run: Run, steps: Sequence[_Step], rules: Rules, usual: Usual) -> list[Doubt]:
    """A long one is enough; one that is only unusual in this session counts where the looks say nothing else."""
    start = begin(run)
    if start is not None and start > rules.max_pause_seconds:
        return [_doubt(0, "run-pause", f"{start:.0f}秒")]
    times = LATE if len(run.portraits) > usual.median else LONG
    for step in steps:
        most = min(rules.max_pause_seconds, usual.pause * (times if step.same else 1))
        if step.pause is not None and step.pause > most:
            return [_doubt(step.to, "run-pause", f"{step.pause:.0f}秒")]
    return []


def _holder(run: Run, usual: Usual) -> float | None:
    """How far whoever held the slate is from the first portrait, where that says something in this session."""
    return holder_distance(run) if usual.holders else None


def _changes(run: Run, steps: Sequence[_Step], scanned: bool, usual: Usual) -> list[Doubt]:
    """Looks beyond any doubt, or just odd ones in a run that is odd in another way too.

    Who held the slate is compared by the hair, for the phone hides the rest: a student who left after it.
    """
    holder = _holder(run, usual)
    if holder is not None and holder > (SAME if scanned else 1):
        return [_doubt(0, "appearance-changed")]
    odd = scanned or len(run.portraits) > usual.median
    for step in steps:
        if step.looks is not None and step.looks > (SAME if odd else 1):
            return [_doubt(step.unseen, "appearance-changed")]
    return []


def _scans(run: Run, steps: Sequence[_Step], scans: Sequence[Scan], usual: Usual) -> list[Doubt]:
    """From the first portrait on that may be the scanned student's.

    The one after the slate is the slate's, unless it came late. A run too short for two students, or of the
    usual length and pace, whose looks stay the same has nobody else in it.
    """
    count, brisk = len(run.portraits), all(step.pause is not None and step.pause <= usual.pause for step in steps)
    short = count < 2 * usual.least or (count <= usual.median and brisk)
    start = begin(run)
    late = start is not None and start > usual.start
    first = 0 if late else count if short and all(step.same for step in steps) else 1
    found = []
    for scan in scans:
        since = next((at for at in range(first, count) if scan.covers(run.portraits[at].taken)), None)
        if since is not None:
            found.append(_doubt(since, "scan-between", scan.row.ref))
    return found


def _holes(run: Run, steps: Sequence[_Step], pace: Pace) -> list[Doubt]:
    """A file that is not there, where nothing says that the same sitter went on: it may have been a slate."""
    holder = _holder(run, pace.usual)
    vouched = [holder is not None and holder <= SAME, *(step.same for step in steps)]
    for at, pair in enumerate(pairwise(run.shots)):
        missing = 0 if vouched[at] else pace.numbers.missing(*pair)
        if missing:
            return [_doubt(at, "number-missing", f"缺{missing}个编号")]
    return []


def _doubt(since: int, code: str, detail: str = "") -> Doubt:
    return Doubt(since, Discrepancy(code=code, detail=detail))
