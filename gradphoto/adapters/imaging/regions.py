"""Parts of a bust that figures are measured on: the face, the hair and the clothing, as masks 256 × 256."""

import cv2
import numpy as np
from numpy.typing import NDArray

from gradphoto.adapters.imaging.crown import Bust
from gradphoto.adapters.imaging.mesh import OVAL, Points

Mask = NDArray[np.bool_]

_PERSON = 0.5
_NECK = 0.25
"""Face widths from the chin down to where clothing begins."""
_CHEST = 0.45
"""Face widths to either side within which a sitter's clothing always is, whatever the network says of it:
a top in the very colour of the backdrop is taken for backdrop."""
_SHOULDERS = 1.1
_SIDES = 1.0
_EDGE = 4
"""Points round the face that are neither hair nor skin."""


def face(part: Bust, points: Points) -> Mask:
    """Inside the oval of the face; hair that falls over it is not told apart."""
    corners = (points[list(OVAL)] - (part.left, part.top)) / part.pixel - 0.5
    mask = np.zeros(part.person.shape, np.uint8)
    cv2.fillPoly(mask, [np.round(corners).astype(np.int32)], (1,))
    return mask.astype(np.bool_)


def clothing(part: Bust) -> Mask:
    """Below the neck: the person, and the middle of the chest in any case."""
    width, chin = part.shape.width, part.shape.chin
    person: Mask = part.person > _PERSON
    below = _window(part, chin + _NECK * width, _SHOULDERS) & person
    chest = _window(part, chin + 2 * _NECK * width, _CHEST)
    mask: Mask = (below | chest) & part.inside
    return mask


def hair(part: Bust, points: Points) -> Mask:
    """The person above the mouth and outside the face: hair, or the bare head, and the ears."""
    size = (2 * _EDGE + 1, 2 * _EDGE + 1)
    around = cv2.dilate(face(part, points).astype(np.uint8), np.ones(size, np.uint8))
    mask: Mask = _window(part, part.top, _SIDES) & (part.person > _PERSON) & (around == 0) & part.inside
    mask[part.row((2 * part.shape.chin + part.shape.eye) / 3) :] = False
    return mask


def _window(part: Bust, top: float, reach: float) -> Mask:
    """From a height downwards, `reach` face widths to either side of the face's middle."""
    mask = np.zeros(part.person.shape, np.bool_)
    width, cx = part.shape.width, part.shape.cx
    mask[part.row(top) :, part.column(cx - reach * width) : part.column(cx + reach * width)] = True
    return mask
