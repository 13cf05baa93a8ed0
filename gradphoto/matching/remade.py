"""Broken files that came in whole as well: a copy that was cut off, then made again.

The broken one is kept and named, but it is no break: the whole one stands in its place.
"""

from collections.abc import Iterable
from typing import NamedTuple

from gradphoto.matching.kind import Classified, Kind, parted


class Standing(NamedTuple):
    """Which frames keep the camera's order, and which have no part in it."""

    ordered: list[Classified]
    aside: list[Classified]


def standing(frames: Iterable[Classified]) -> Standing:
    """All frames, parted; an echo counts only as the slate or break that it repeats."""
    frames = list(frames)
    whole = {mark for item in frames if not item.useless for mark in _marks(item)}
    found = Standing([], [])
    for item in frames:
        remade = item.useless and not whole.isdisjoint(_marks(item))
        if item.kind is Kind.ASIDE or remade:
            found.aside.append(item)
        elif not item.frame.echo or item.kind is not Kind.PORTRAIT:
            found.ordered.append(item)
    return Standing(found.ordered, [item for item in found.aside if not item.frame.echo])


def _marks(item: Classified) -> list[tuple[str | None, ...]]:
    """What says that two files are one frame: their place, or name, camera and time."""
    reading, spot = item.frame.reading, item.frame.spot
    marks: list[tuple[str | None, ...]] = [spot.place]
    if reading and reading.taken:
        marks.append((parted(spot.path)[1].casefold(), reading.camera, reading.serial, reading.taken))
    return marks
