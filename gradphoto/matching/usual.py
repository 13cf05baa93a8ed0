"""What is usual in a session: how many portraits a student makes, and at what pace.

Sessions differ by photographer and by venue, so what is odd about a run is judged by the session's own runs. A few
runs set no rule: where there are not enough of them nothing but the campaign's own figures counts.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import inf
from statistics import median

from config.campaign import Rules
from gradphoto.appearance import Appearance, hair_distance
from gradphoto.matching.lanes import Shot
from gradphoto.matching.runs import Run

PRIOR = (2, 2, 2)
"""What is counted beside the session's own runs, so that one or two of them do not set the rule."""
ENOUGH = 20
"""Runs, or pauses, of which one in twenty may be odd."""
SAME = 0.5
"""Looks that differ less are one sitter's, however light and head moved; beyond 1 they are two sitters'."""
LATE = 1.25
"""So many times a pause that is unusual is odd by itself."""


@dataclass(frozen=True, slots=True)
class Usual:
    """How the portraits of one student come in a session."""

    most: int
    """Under one slate; more are doubted."""
    median: int
    """When there is a reason to count closely."""
    least: int
    """Hardly a student has fewer."""
    pause: float
    """Seconds between two portraits; of twenty pauses one is longer."""
    start: float
    """The same from the slate to the first portrait, and a quarter as long again."""
    holders: bool
    """Whether whoever holds a slate is mostly the one who is photographed next, and no helper."""


def usual(session: Iterable[Run], rules: Rules) -> Usual:
    """`most` is half as many again as the session's median pass, unless the rules say a number.

    Two students under one slate make twice the usual number; a few blinks more than usual pass. Where
    one is usual, two are believed only if every fourth student needs them.
    """
    runs = [run for run in session if run.owner.student_no and run.portraits]
    counts = sorted(len(run.portraits) for run in runs)
    middle = median([*counts, *PRIOR])
    often = 4 * sum(count > 1 for count in counts) > len(counts)
    most = rules.max_frames or max(int(1.5 * middle), 2 if often else 1)
    least = counts[len(counts) // ENOUGH] if len(counts) >= ENOUGH else 1
    pauses = (seconds(*pair) for run in runs for pair in pairwise(run.portraits))
    starts = (begin(run) for run in runs)
    return Usual(most, min(most, int(middle)), least, _slow(pauses), LATE * _slow(starts), _holders(runs))


def begin(run: Run) -> float | None:
    """Seconds from the slate to the first portrait; None where there is not both, or no times."""
    return seconds(run.opener, run.portraits[0]) if run.opener and run.portraits else None


def holder_distance(run: Run) -> float | None:
    """How far the hair of whoever holds the slate is from that of the first portrait; None where unseen."""
    return hair_distance(looks(run.opener), looks(run.portraits[0])) if run.opener and run.portraits else None


def looks(shot: Shot) -> Appearance:
    """Clothing and hair of whoever is in a frame."""
    reading = shot.classified.frame.reading
    return reading.appearance if reading else ()


def seconds(before: Shot, after: Shot) -> float | None:
    """From one frame to the next; None where a camera wrote no times."""
    if before.taken is None or after.taken is None:
        return None
    return (after.taken - before.taken).total_seconds()


def _slow(pauses: Iterable[float | None]) -> float:
    ordered = sorted(pause for pause in pauses if pause is not None)
    return _nineteenth(ordered) if len(ordered) >= ENOUGH else inf


def _holders(runs: Iterable[Run]) -> bool:
    """Nine of ten of those seen."""
    seen = [far for run in runs if (far := holder_distance(run)) is not None]
    return len(seen) >= ENOUGH and 10 * sum(far <= SAME for far in seen) >= 9 * len(seen)


def _nineteenth(ordered: Sequence[float]) -> float:
    """Of twenty in order the nineteenth."""
    return ordered[len(ordered) - len(ordered) // ENOUGH - 1]
