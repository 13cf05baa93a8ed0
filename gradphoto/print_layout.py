"""Where everything stands on a sheet of prints: pictures, cut marks, words at the foot. Pure, in millimetres."""

from collections.abc import Iterator
from typing import NamedTuple

from config.print_size import FOOT, PrintSize

_MARK = 2.0
"""Longest cut mark."""
_OFF = 0.3
"""Between a picture and its cut marks."""
_WORDS = 2.8
"""Height of the words where there is room for them: 8 points."""


class Box(NamedTuple):
    """A rectangle, from the lower left corner of the sheet."""

    left: float
    bottom: float
    width: float
    height: float


class Mark(NamedTuple):
    """A cut mark, from one end to the other."""

    x1: float
    y1: float
    x2: float
    y2: float


class Sheet(NamedTuple):
    """One sheet. `words` is the height of the words, `baseline` where they stand."""

    pictures: tuple[Box, ...]
    marks: tuple[Mark, ...]
    words: float
    baseline: float


def sheets(size: PrintSize) -> list[Sheet]:
    """The sheets of one student: as many as the copies need, filled row by row from the top."""
    most = size.columns * size.rows
    return [_sheet(size, min(most, size.copies - done)) for done in range(0, size.copies, most)]


def _sheet(size: PrintSize, count: int) -> Sheet:
    columns = min(size.columns, count)
    across, down = size.photo.width + size.gap, size.photo.height + size.gap
    rows = -(-count // columns)
    left = (size.sheet.width - columns * across + size.gap) / 2
    free = size.sheet.height - rows * down + size.gap
    foot = max(FOOT, free / 2)
    bottoms = [foot + (rows - 1 - row) * down for row in range(rows)]
    lefts = [left + column * across for column in range(columns)]
    places = [(x, y) for y in bottoms for x in lefts][:count]
    pictures = tuple(Box(x, y, size.photo.width, size.photo.height) for x, y in places)
    mark = min(_MARK, foot / 4)
    words = min(_WORDS, foot - mark - 2 * _OFF)
    marks = tuple(dict.fromkeys(_marks(size, pictures, free - foot, mark)))
    return Sheet(pictures, marks, words, foot - mark - _OFF - 0.88 * words)


def _marks(size: PrintSize, pictures: tuple[Box, ...], head: float, foot: float) -> Iterator[Mark]:
    """A mark in each margin for every edge of a picture; between pictures there are none."""
    left, right = min(one.left for one in pictures), max(one.left + one.width for one in pictures)
    low, high = min(one.bottom for one in pictures), max(one.bottom + one.height for one in pictures)
    for one in pictures:
        for x in (one.left, one.left + one.width):
            yield Mark(x, high + _from(head), x, high + _to(head))
            yield Mark(x, low - _to(foot), x, low - _from(foot))
        for y in (one.bottom, one.bottom + one.height):
            yield Mark(left - _to(left), y, left - _from(left), y)
            yield Mark(right + _from(left), y, right + _to(size.sheet.width - right), y)


def _from(margin: float) -> float:
    return min(_OFF, margin / 4)


def _to(margin: float) -> float:
    return min(_from(margin) + _MARK, margin)
