"""Which camera body took each frame of a roll.

A serial number says it. Without one, the roll tells a body from others of its model, unless its times show
that two were at work. A frame that names no camera (cut off, stripped) belongs to the body whose names
stand round its own; where several do, to any of them.
"""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from gradphoto.matching.kind import Classified
from gradphoto.matching.places import folder
from gradphoto.matching.rolls import Roll, series
from gradphoto.matching.strands import Body, alone, serial_of, untangled


def bodies(roll: Roll) -> list[frozenset[Body]]:
    """For each frame the bodies that may have taken it: mostly one, never none."""
    named = untangled(roll, _named(roll))
    if any(named):
        standing = _standing(roll, named)
        return [frozenset({own}) if own else _round(standing, roll, at) for at, own in enumerate(named)]
    return [frozenset({alone(item, roll)}) for item in roll]


def _named(roll: Roll) -> list[Body | None]:
    """What each frame itself says; a camera without a number may be one of its model that has one."""
    cameras = {item.frame.reading.camera for item in roll if item.frame.reading and serial_of(item)}
    place = "/".join(folder(roll[0].frame.spot))
    return [_own(item, place, cameras) for item in roll]


def _own(item: Classified, place: str, cameras: Collection[str | None]) -> Body | None:
    reading, serial = item.frame.reading, serial_of(item)
    if reading is None or not (reading.camera or reading.taken or serial):
        return None
    if serial:
        return f"body:{reading.camera}:{serial}"
    numbered = reading.camera in cameras if reading.camera else bool(cameras)
    return None if numbered else f"roll:{place}:{reading.camera}"


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
        return frozenset({alone(roll[at], roll)})
    found = [body for body, (first, last) in standing.spans[name].items() if first < at < last]
    if not found:
        nearest = standing.bodies[spots[max(0, bisect_left(spots, at) - 1)]]
        assert nearest is not None
        found = [nearest]
    return frozenset(found)
