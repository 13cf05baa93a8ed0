"""Which camera body took each frame of a roll.

A serial number says it. Without one, the roll tells a body from others of its model, unless its times show
that two were at work. A frame that names no camera (cut off, stripped) belongs to the body whose names
stand round its own; where several do, to any of them.
"""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

from gradphoto.matching.kind import Classified
from gradphoto.matching.places import folder
from gradphoto.matching.rolls import Roll, jumps, series

Body = str
_STRAND = 4
"""Frames in a row that make a camera of their own believable."""
_STRANDS = 3
"""In more pieces than these the names do not follow the time at all, so they tell no bodies apart."""


def taken_of(item: Classified) -> datetime | None:
    """The camera's own time of a frame."""
    reading = item.frame.reading
    return datetime.fromisoformat(reading.taken) if reading and reading.taken else None


def bodies(roll: Roll) -> list[frozenset[Body]]:
    """For each frame the bodies that may have taken it: mostly one, never none."""
    named = _untangled(roll, _named(roll))
    if any(named):
        standing = _standing(roll, named)
        return [frozenset({own}) if own else _round(standing, roll, at) for at, own in enumerate(named)]
    return [frozenset({_alone(item, roll)}) for item in roll]


def _alone(item: Classified, roll: Roll) -> Body:
    return f"series:{'/'.join(folder(roll[0].frame.spot))}:{series(item)}"


def _named(roll: Roll) -> list[Body | None]:
    """What each frame itself says; a camera without a number may be one of its model that has one."""
    cameras = {item.frame.reading.camera for item in roll if item.frame.reading and _serial(item)}
    place = "/".join(folder(roll[0].frame.spot))
    return [_own(item, place, cameras) for item in roll]


def _own(item: Classified, place: str, cameras: Collection[str | None]) -> Body | None:
    reading, serial = item.frame.reading, _serial(item)
    if reading is None or not (reading.camera or reading.taken or serial):
        return None
    if serial:
        return f"body:{reading.camera}:{serial}"
    numbered = reading.camera in cameras if reading.camera else bool(cameras)
    return None if numbered else f"roll:{place}:{reading.camera}"


def _serial(item: Classified) -> str:
    """A serial number of nothing but zeros is none."""
    reading = item.frame.reading
    serial = (reading.serial if reading else None) or ""
    return serial if serial.strip("0 .-") else ""


def _untangled(roll: Roll, named: Sequence[Body | None]) -> list[Body | None]:
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
                found[at] = f"{body}:{_alone(roll[0], roll)}:{strands[at]}" if at in strands else None
    return found


def _pieces(members: Roll) -> list[Roll]:
    """Cut wherever the time goes back."""
    back = (at for at, (one, two) in enumerate(pairwise(members), 1) if _taken(two) < _taken(one))
    return [members[start:end] for start, end in pairwise([0, *back, len(members)])]


def _strands(pieces: Sequence[Roll]) -> bool:
    """Whether each piece is a camera's own; without serial numbers a jump of the counter is enough to say so."""
    numbered = bool(_serial(pieces[0][0]))
    believable = min(map(len, pieces)) >= _STRAND or (
        not numbered and all(jumps(one[-1], two[0]) for one, two in pairwise(pieces))
    )
    ranges = sorted((_taken(piece[0]), _taken(piece[-1])) for piece in pieces)
    return 1 < len(pieces) <= _STRANDS and believable and any(two[0] < one[1] for one, two in pairwise(ranges))


def _taken(item: Classified) -> datetime:
    taken = taken_of(item)
    assert taken is not None  # only frames with a time are compared
    return taken


@dataclass(frozen=True, slots=True)
class _Standing:
    """Where in a roll the frames of each series stand whose body is known."""

    spots: dict[str, list[int]]
    bodies: Sequence[Body | None]
    spans: dict[str, dict[Body, tuple[int, int]]]


def _standing(roll: Roll, named: Sequence[Body | None]) -> _Standing:
    spots: dict[str, list[int]] = defaultdict(list)
    spans: dict[str, dict[Body, tuple[int, int]]] = defaultdict(dict)
    for at, (item, body) in enumerate(zip(roll, named, strict=True)):
        if body:
            name = series(item)
            spots[name].append(at)
            spans[name][body] = (spans[name].get(body, (at, at))[0], at)
    return _Standing(spots, named, spans)


def _round(standing: _Standing, roll: Roll, at: int) -> frozenset[Body]:
    """The bodies with frames before and after this one in its series, else that of the nearest before it."""
    name = series(roll[at])
    spots = standing.spots.get(name)
    if not spots:
        return frozenset({_alone(roll[at], roll)})
    found = [body for body, (first, last) in standing.spans[name].items() if first < at < last]
    if not found:
        nearest = standing.bodies[spots[max(0, bisect_left(spots, at) - 1)]]
        assert nearest is not None
        found = [nearest]
    return frozenset(found)
