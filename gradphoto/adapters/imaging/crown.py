"""The top of the hair: the person is cut out of a square round the head, then one walks up from the eyes.

A second crown, from nothing but the distance in colour to the backdrop, is there to contradict the first.
"""

from dataclasses import dataclass
from typing import cast

import cv2
import numpy as np
from numpy.typing import NDArray

from gradphoto.adapters.imaging.detect import Rgb
from gradphoto.adapters.imaging.mesh import Shape
from gradphoto.adapters.imaging.models import Floats, load

SPAN = 3.2
"""Side of the square in face widths."""
_REACH = 0.45
"""Face widths to either side within which the crown is looked for."""
_LEAST = 0.1
"""Face widths of person (or colour) that a row needs to belong to the head: stray hairs do not count."""
_PERSON = 0.5
_COLOUR = 12.0
"""ΔE to the backdrop from which a point is no backdrop; a studio's own spread is 2 to 4."""
_BACKDROP = 0.1
"""Chance of a person below which a point is backdrop."""
_SEEN = 50
"""Points, of every other each way, without which the backdrop's colour is anybody's guess."""


@dataclass(frozen=True, slots=True)
class Bust:
    """A square of 3.2 face widths round the eyes, 256 × 256; what lies outside the frame repeats its edge."""

    rgb: Rgb
    lab: Floats
    """CIE L*a*b*: L 0 to 100."""
    person: Floats
    """Chance, 0 to 1, that a point belongs to the person."""
    inside: NDArray[np.bool_]
    """Whether a point lies in the frame."""
    left: float
    top: float
    pixel: float
    """Array pixels of one point of the square."""
    shape: Shape

    @property
    def backdrop(self) -> NDArray[np.bool_]:
        """The points of the frame that are surely not the person."""
        return (self.person < _BACKDROP) & self.inside

    @property
    def colour(self) -> Floats | None:
        """The backdrop's median L*a*b*, of every other point each way; None when too little is to be seen."""
        seen = self.lab[::2, ::2][self.backdrop[::2, ::2]]
        return cast(Floats, np.median(seen, axis=0)) if len(seen) >= _SEEN else None

    def row(self, y: float) -> int:
        """The square's row at a height in array pixels."""
        return int(np.clip(round((y - self.top) / self.pixel), 0, len(self.person)))

    def column(self, x: float) -> int:
        """The square's column at a place in array pixels."""
        return int(np.clip(round((x - self.left) / self.pixel), 0, len(self.person)))

    def single(self, rgb: Rgb) -> Rgb:
        """The pixel of the picture in the middle of each point, 256 × 256: nothing averaged."""
        middles = (np.arange(len(self.person)) + 0.5) * self.pixel
        rows = np.clip(middles + self.top, 0, rgb.shape[0] - 1).astype(int)
        columns = np.clip(middles + self.left, 0, rgb.shape[1] - 1).astype(int)
        return cast(Rgb, rgb[rows[:, np.newaxis], columns])


def bust(rgb: Rgb, shape: Shape) -> Bust:
    """Cut the square round a face out of the picture and tell person from backdrop."""
    model = load("person")
    pixel = SPAN * shape.width / model.side
    left, top = shape.cx - SPAN * shape.width / 2, shape.eye - SPAN * shape.width / 2
    part = _cut(rgb, left, top, pixel, model.side)
    light = part.astype(np.float32) / np.float32(255)
    person = model.run(light)[0][..., 0]
    lab = cast(Floats, cv2.cvtColor(light, cv2.COLOR_RGB2LAB))
    inside = _inside(rgb.shape[:2], left, top, pixel, model.side)
    return Bust(part, lab, person, inside, left, top, pixel, shape)


def _cut(rgb: Rgb, left: float, top: float, pixel: float, side: int) -> Rgb:
    """A square of `side` points; drawn at twice its size first, for plain sampling would alias."""
    scale = 2 / pixel
    shift = [scale * (0.5 - start) - 0.5 for start in (left, top)]  # OpenCV counts from the middle of a pixel
    matrix = np.array([[scale, 0, shift[0]], [0, scale, shift[1]]])
    size = (2 * side, 2 * side)
    large = cv2.warpAffine(rgb, matrix, size, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    return cast(Rgb, cv2.resize(large, (side, side), interpolation=cv2.INTER_AREA))


def _inside(size: tuple[int, int], left: float, top: float, pixel: float, side: int) -> NDArray[np.bool_]:
    centres = (np.arange(side) + 0.5) * pixel
    rows = (top + centres > 0) & (top + centres < size[0])
    columns = (left + centres > 0) & (left + centres < size[1])
    return rows[:, np.newaxis] & columns


def crown(part: Bust) -> float:
    """Height of the top of the hair in array pixels, not above the frame."""
    return _walk(part, part.person[_band(part)], _PERSON)


def crown_by_colour(part: Bust) -> float | None:
    """The same from colour alone; None when no backdrop is to be seen."""
    if part.colour is None:
        return None
    distance = np.linalg.norm(part.lab[_band(part)] - part.colour, axis=2)
    return _walk(part, distance.astype(np.float32), _COLOUR)


def _band(part: Bust) -> tuple[slice, slice]:
    """Above the eyes, within reach of the face's middle."""
    middle, reach = part.column(part.shape.cx), round(_REACH * part.shape.width / part.pixel)
    return slice(part.row(part.shape.eye)), slice(middle - reach, middle + reach)


def _walk(part: Bust, band: Floats, least: float) -> float:
    """Up from the eyes while enough of a row is above `least`; between two rows by interpolation."""
    count = round(_LEAST * part.shape.width / part.pixel)
    level = np.sort(band, axis=1)[:, -count].astype(np.float64)
    below = np.flatnonzero(level < least)
    if not len(below):
        return max(0.0, part.top)
    last = int(below[-1])
    if last + 1 == len(level):
        return part.shape.eye
    share = (least - level[last]) / (level[last + 1] - level[last])
    return max(0.0, part.top + (last + 0.5 + float(share)) * part.pixel)
