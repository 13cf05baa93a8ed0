"""Where the faces are: BlazeFace short range over the whole frame, full range for the smaller faces in it.

A frame is looked at as a whole, letterboxed into a square, and once more by the full-range network in the
squares at its two ends (of an upright frame only the upper one): less is shrunk away there, so a second,
smaller face is not overlooked. What all looks find is merged, so that one person is one detection.
"""

from collections.abc import Iterable, Sequence
from functools import cache
from typing import NamedTuple, cast

import cv2
import numpy as np
from numpy.typing import NDArray

from gradphoto.adapters.imaging.models import Floats, load

Rgb = NDArray[np.uint8]

_SCORE = 0.5
_OVERLAP = 0.3
"""MediaPipe's own thresholds for BlazeFace."""
_LONG = 600
"""Pixels of the longer side that are plenty for either network."""
_INSIDE = 0.5
"""Share of the smaller box inside another from which both are the same face."""


class Detection(NamedTuple):
    """A face: its box and two eyes in pixels of the array, and the network's score."""

    left: float
    top: float
    right: float
    bottom: float
    eyes: tuple[tuple[float, float], tuple[float, float]]
    """The sitter's right eye, which is the left one in the picture, then the other."""
    score: float

    @property
    def width(self) -> float:
        """Pixels from left to right."""
        return self.right - self.left


class _Square(NamedTuple):
    """A square that is looked at; it may leave the picture."""

    x: int
    y: int
    side: int


def detect(rgb: Rgb) -> list[Detection]:
    """The faces of an upright picture (height × width × 3, RGB, uint8), largest first."""
    small, times = _small(rgb)
    whole, ends = _squares(small)
    rows = _rows(small, whole, "short-range")
    rows += [row for end in ends for row in _rows(small, end, "full-range")]
    rows = rows or _rows(small, whole, "full-range")
    found = [_detection(row, times) for row in _distinct(_suppressed(rows))]
    return sorted(found, key=lambda face: (-face.width, face.left, face.top))


def _small(rgb: Rgb) -> tuple[Rgb, int]:
    """The picture shrunk by a whole number, which is fast, and that number; of a thin strip something stays."""
    times = max(1, min(max(rgb.shape[:2]) // _LONG, *rgb.shape[:2]))
    height, width = (side // times for side in rgb.shape[:2])
    part = rgb[: height * times, : width * times]
    return cast(Rgb, cv2.resize(part, (width, height), interpolation=cv2.INTER_AREA)), times


def _squares(rgb: Rgb) -> tuple[_Square, list[_Square]]:
    """The whole frame, which leaves the picture, and those at its ends: the top, or left and right."""
    height, width = rgb.shape[:2]
    long, short = max(height, width), min(height, width)
    whole = _Square((width - long) // 2, (height - long) // 2, long)
    if long < 1.2 * short:
        return whole, [whole]
    ends = {_Square(0, 0, short), _Square(width - short, 0, short)}
    return whole, sorted(ends)


def _rows(rgb: Rgb, square: _Square, name: str) -> list[Floats]:
    """Score and 16 coordinates in pixels of the picture, for every anchor above the threshold."""
    model = load(name)
    values, scores = model.run(_shown(rgb, square, model.side))
    keep = np.flatnonzero(scores[:, 0] > -np.log(1 / _SCORE - 1))
    points = values[keep].reshape(-1, 8, 2) / model.side
    points[:, [0, 2, 3, 4, 5, 6, 7]] += _anchors(model.side)[keep][:, np.newaxis]
    points *= square.side
    points[:, [0, 2, 3, 4, 5, 6, 7]] += (square.x, square.y)
    chances = 1 / (1 + np.exp(-scores[keep]))
    return list(np.hstack([chances, points.reshape(-1, 16)]).astype(np.float32))


def _shown(rgb: Rgb, square: _Square, size: int) -> Floats:
    """A square of the picture, black where it leaves it, shrunk to the network's size and range −1 to 1."""
    height, width = rgb.shape[:2]
    x, y, side = square
    left, top, right, bottom = max(x, 0), max(y, 0), min(x + side, width), min(y + side, height)
    part = rgb[top:bottom, left:right]
    shown = [round((edge - start) * size / side) for edge, start in ((left, x), (top, y), (right, x), (bottom, y))]
    inner = (max(1, shown[2] - shown[0]), max(1, shown[3] - shown[1]))
    canvas = np.full((size, size, 3), -1, np.float32)
    small = cv2.resize(part, inner, interpolation=cv2.INTER_AREA)
    canvas[shown[1] : shown[1] + inner[1], shown[0] : shown[0] + inner[0]] = small / np.float32(127.5) - 1
    return canvas


@cache
def _anchors(side: int) -> Floats:
    """Centres of the anchors, 0 to 1: 16×16×2 and 8×8×6 on 128 px, 48×48 on 192 px."""
    grids = [(16, 2), (8, 6)] if side == 128 else [(48, 1)]
    return np.concatenate([_grid(cells, each) for cells, each in grids]).astype(np.float32)


def _grid(cells: int, each: int) -> Floats:
    y, x = np.mgrid[:cells, :cells]
    centres = (np.stack([x, y], axis=-1).reshape(-1, 2) + 0.5) / cells
    return np.repeat(centres, each, axis=0)


def _suppressed(rows: Sequence[Floats]) -> list[Floats]:
    """Weighted non-maximum suppression: rows that overlap the best one are averaged by score."""
    left = sorted(rows, key=lambda row: (-float(row[0]), *map(float, row[1:5])))
    kept = []
    while left:
        near = [row for row in left if _overlap(left[0], row) > _OVERLAP]
        weights = np.array([row[0] for row in near])
        mean = np.average(near, axis=0, weights=weights).astype(np.float32)
        kept.append(np.concatenate([left[0][:1], mean[1:]]))
        left = [row for row in left if _overlap(left[0], row) <= _OVERLAP]
    return kept


def _distinct(rows: Iterable[Floats]) -> list[Floats]:
    """Without boxes that lie in a better one: the same face, seen cut off at the edge of a square."""
    kept: list[Floats] = []
    for row in rows:
        if all(_shared(row, other) <= _INSIDE * min(_area(row), _area(other)) for other in kept):
            kept.append(row)
    return kept


def _overlap(one: Floats, other: Floats) -> float:
    shared = _shared(one, other)
    return shared / max(_area(one) + _area(other) - shared, 1e-9)


def _shared(one: Floats, other: Floats) -> float:
    reach = (one[3:5] + other[3:5]) / 2 - np.abs(one[1:3] - other[1:3])
    reach = np.minimum(reach, np.minimum(one[3:5], other[3:5]))
    return float(np.prod(np.maximum(reach, 0)))


def _area(row: Floats) -> float:
    return float(row[3] * row[4])


def _detection(row: Floats, times: int) -> Detection:
    score = float(row[0])
    x, y, width, height, ax, ay, bx, by = (float(value) * times for value in row[1:9])
    eyes = ((ax, ay), (bx, by))
    return Detection(x - width / 2, y - height / 2, x + width / 2, y + height / 2, eyes, score)
