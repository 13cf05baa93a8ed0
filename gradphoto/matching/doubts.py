"""Signs that a slate was forgotten within a run: then everything from there on is nobody's.

The first portrait after a slate stays the slate's unless a pause parts the two. The figures come from the
campaign's rules. Appearance is colours and outlines of clothing and hair, compared between neighbours of
one run only; no faces are recognised.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from config.campaign import Rules
from gradphoto.appearance import distance
from gradphoto.discrepancy import Discrepancy
from gradphoto.matching.desk import Scan
from gradphoto.matching.lanes import Shot
from gradphoto.matching.runs import Run


@dataclass(frozen=True, slots=True)
class Doubt:
    """From which portrait of the run on (0 is the first) it is not certain whose it is, and why."""

    since: int
    trouble: Discrepancy


@dataclass(frozen=True, slots=True)
class Usual:
    """How many portraits one student makes in a session."""

    most: int
    """Under one slate; more are doubted."""
    median: int
    """When there is a reason to count closely."""


PRIOR = (2, 2, 2)
"""What is counted beside the session's own runs, so that one or two of them do not set the rule."""


def usual(session: Iterable[Run], rules: Rules) -> Usual:
    """Half as many again as the session's median pass, unless the rules say a number.

    Two students under one slate make twice the usual number; a few blinks more than usual pass. Where
    one is usual, two are believed only if every fourth student needs them.
    """
    counts = [len(run.portraits) for run in session if run.owner.student_no and run.portraits]
    middle = median([*counts, *PRIOR])
    often = 4 * sum(count > 1 for count in counts) > len(counts)
    most = rules.max_frames or max(int(1.5 * middle), 2 if often else 1)
    return Usual(most, min(most, int(middle)))


def doubts(run: Run, most: int, scans: Sequence[Scan], rules: Rules) -> list[Doubt]:
    """Every doubt about one run; `scans` are those without a slate whose student may sit in it."""
    found = [*_long(run, most), *_pauses(run, rules), *_changes(run), *_scans(run, scans)]
    return sorted(found, key=lambda doubt: (doubt.since, doubt.trouble.code))


def _long(run: Run, most: int) -> list[Doubt]:
    """Too many frames do not say where the second student begins; only the first is surely the slate's."""
    count = len(run.portraits)
    return [_doubt(1, "run-long", f"{count}张，通常不超过{most}张")] if count > most else []


def _pauses(run: Run, rules: Rules) -> list[Doubt]:
    first = 0 if run.opener else 1
    found = []
    for index, (before, after) in enumerate(pairwise(run.shots), first):
        seconds = _seconds(before, after)
        if seconds is not None and seconds > rules.max_pause_seconds:
            found.append(_doubt(index, "run-pause", f"{seconds:.0f}秒"))
    return found[:1]


def _seconds(before: Shot, after: Shot) -> float | None:
    if before.taken is None or after.taken is None:
        return None
    return (after.taken - before.taken).total_seconds()


def _changes(run: Run) -> list[Doubt]:
    """Compared with the last frame of known looks, and with the first, for small steps add up."""
    first: tuple[float, ...] = ()
    last: tuple[float, ...] = ()
    for index, shot in enumerate(run.portraits):
        reading = shot.classified.frame.reading
        looks = reading.appearance if reading else ()
        if looks and first and max(distance(last, looks), distance(first, looks)) > 1:
            return [_doubt(index, "appearance-changed")]
        first, last = first or looks, looks or last
    return []


def _scans(run: Run, scans: Sequence[Scan]) -> list[Doubt]:
    """From the first portrait on that may be the scanned student's; the one after the slate is the slate's."""
    found = []
    for scan in scans:
        places = range(1, len(run.portraits))
        since = next((at for at in places if scan.covers(run.portraits[at].taken)), None)
        if since is not None:
            found.append(_doubt(since, "scan-between", scan.row.ref))
    return found


def _doubt(since: int, code: str, detail: str = "") -> Doubt:
    return Doubt(since, Discrepancy(code=code, detail=detail))
