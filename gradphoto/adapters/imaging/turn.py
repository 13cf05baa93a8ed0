"""Between the stored and the upright picture: the eight EXIF orientations, for arrays, pictures and boxes."""

import numpy as np
from PIL import Image

from gradphoto.adapters.imaging.decode import Pixels

Box = tuple[float, float, float, float]
"""Left, top, right, bottom."""

_TURN = Image.Transpose
_TRANSPOSE = {
    2: _TURN.FLIP_LEFT_RIGHT,
    3: _TURN.ROTATE_180,
    4: _TURN.FLIP_TOP_BOTTOM,
    5: _TURN.TRANSPOSE,
    6: _TURN.ROTATE_270,
    7: _TURN.TRANSVERSE,
    8: _TURN.ROTATE_90,
}
_MIRRORED_X = (2, 3, 7, 8)
"""Orientations whose stored left–right axis runs against the upright axis that it shows."""
_MIRRORED_Y = (3, 4, 6, 7)


def upright_pixels(pixels: Pixels, orientation: int) -> Pixels:
    """An array as stored, turned upright."""
    if orientation >= 5:
        pixels = pixels.swapaxes(0, 1)
    flip_x, flip_y = orientation in (2, 3, 6, 7), orientation in (3, 4, 7, 8)
    return np.ascontiguousarray(pixels[:: -1 if flip_y else 1, :: -1 if flip_x else 1])


def upright_image(image: Image.Image, orientation: int) -> Image.Image:
    """A picture as stored, turned upright."""
    return image.transpose(_TRANSPOSE[orientation]) if orientation in _TRANSPOSE else image


def stored_box(box: Box, orientation: int, width: int, height: int) -> Box:
    """A box of the upright picture in the coordinates of the stored one, which is `width`×`height`."""
    left, top, right, bottom = box
    if orientation >= 5:
        left, top, right, bottom = top, left, bottom, right
    if orientation in _MIRRORED_X:
        left, right = width - right, width - left
    if orientation in _MIRRORED_Y:
        top, bottom = height - bottom, height - top
    return left, top, right, bottom
