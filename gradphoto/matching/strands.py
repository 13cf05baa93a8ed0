"""Frames under one name that two cameras must have taken, or one whose clock was set back meanwhile.

The names of a roll tell: each strand of them is in order of time by itself, and all together are not.
"""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from itertools import pairwise

from gradphoto.matching.kind import Classified
from gradphoto.matching.places import folder
from gradphoto.matching.rolls import Roll, jumps, series

Body = str
"""What tells one camera body from others: a text of no other meaning."""

_STRAND = 4
"""Frames in a row that make a camera of their own believable."""
_STRANDS = 3
"""In more pieces than these the names do not follow the time at all, so they tell no bodies apart."""


def taken_of(item: Classified) -> datetime | None:
    """The camera's own time of a frame."""
    reading = item.frame.reading
    return datetime.fromisoformat(reading.taken) if reading and reading.taken else None


def serial_of(item: Classified) -> str:
    """A serial number of nothing but zeros is none."""
    reading = item.frame.reading
    serial = (reading.serial if reading else None) or ""
    return serial if serial.strip("0 .-") else ""


def alone(item: Classified, roll: Roll) -> Body:
    """The body of a series in a roll of which nothing names the camera."""
    return f"series:{'/'.join(folder(roll[0].frame.spot))}:{series(item)}"


def untangled(roll: Roll, named: Sequence[Body | None]) -> list[Body | None]:
    """Two bodies of one model, or one whose clock was set back: each strand of names is its own.

    Where names and times disagree once or twice, and the pieces overlap in time, no order over them all
    can be right; pieces one after the other are one body's.
    """
    timed: dict[Body, list[int]] = defaultdict(list)
    for at, (item, body) in enumerate(zip(roll, named, strict=True)):
        if body and taken_of(item):
            timed[body].append(at)
    found = list(named)
    for body, places in timed.items():
        pieces = _pieces([roll[at] for at in places])
        if _strands(pieces):
            numbers = [number for number, piece in enumerate(pieces) for _ in piece]
            strands = dict(zip(places, numbers, strict=True))
            for at in (at for at, one in enumerate(named) if one == body):
                found[at] = f"{body}:{alone(roll[0], roll)}:{strands[at]}" if at in strands else None
    return found


def _pieces(members: Roll) -> list[Roll]:
    """Cut wherever the time goes back."""
    back = (at for at, (one, two) in enumerate(pairwise(members), 1) if _taken(two) < _taken(one))
    return [members[start:end] for start, end in pairwise([0, *back, len(members)])]


def _strands(pieces: Sequence[Roll]) -> bool:
    """Whether each piece is a camera's own; without serial numbers a jump of the counter is enough to say so."""
    numbered = bool(serial_of(pieces[0][0]))
    believable = min(map(len, pieces)) >= _STRAND or (
        not numbered and all(jumps(one[-1], two[0]) for one, two in pairwise(pieces))
    )
    ranges = sorted((_taken(piece[0]), _taken(piece[-1])) for piece in pieces)
    return 1 < len(pieces) <= _STRANDS and believable and any(two[0] < one[1] for one, two in pairwise(ranges))


def _taken(item: Classified) -> datetime:
    taken = taken_of(item)
    assert taken is not None  # only frames with a time are compared
    return taken
