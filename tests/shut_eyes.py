"""Sample sitters with their eyes shut, drawn in two ways, for nobody was photographed like that.

`skin_lids` paints lids of the skin round each eye, with one line of lashes as dark as the sitter's own eye.
`drawn_down` stretches what lies above an eye over it, lashes and all, so that some look half open. No drawing is a
photograph.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from PIL import Image

from gradphoto.adapters.imaging.detect import Rgb, detect
from gradphoto.adapters.imaging.mesh import EYES, Points, mesh
from tests.blue_tops import frame

_UPPER = (33, 246, 161, 160, 159, 158, 157, 173, 133), (362, 398, 384, 385, 386, 387, 388, 466, 263)
_LOWER = (33, 7, 163, 144, 145, 153, 154, 155, 133), (362, 382, 381, 380, 374, 373, 390, 249, 263)
"""The lids' edges from left to right in the picture, of the right eye and of the left."""
_LASHES, _RIM = 0.16, 0.08
"""Eye lengths above and below the opening that are painted over with it."""


def points(path: Path) -> Points:
    """The mesh of a sample frame."""
    rgb = np.asarray(frame(path))
    found = mesh(rgb, detect(rgb)[0])
    assert found is not None
    return found.points


def skin_lids(path: Path) -> Image.Image:
    """Smooth lids of the skin's own colour, with its grain."""
    rgb, found = np.asarray(frame(path)), points(path)
    shut = rgb
    for upper, lower in zip(_UPPER, _LOWER, strict=True):
        shut = _lid(shut, found[list(upper)], found[list(lower)])
        shut = _lash_line(shut, found[list(upper)], found[list(lower)], rgb)
    return Image.fromarray(shut)


def _lid(rgb: Rgb, upper: Points, lower: Points) -> Rgb:
    length = float(np.hypot(*(upper[-1] - upper[0])))
    across = (upper[-1] - upper[0]) / length
    down = np.array([-across[1], across[0]])
    hidden = _filled(rgb, upper - _LASHES * length * down, lower + _RIM * length * down)
    skin = cv2.inpaint(rgb, (hidden > 0).astype(np.uint8), max(3.0, length / 12), cv2.INPAINT_TELEA)
    grain = np.random.default_rng(0).normal(0, 2.5, (*rgb.shape[:2], 1))
    return _blended(rgb, cv2.GaussianBlur(skin, (0, 0), length / 20) + grain, cv2.GaussianBlur(hidden, (0, 0), 1))


def _lash_line(rgb: Rgb, upper: Points, lower: Points, before: Rgb) -> Rgb:
    """Near the lower lid, in the mean of the darkest tenth of the open eye."""
    eye = before[_filled(before, upper, lower) > 127]
    dark = eye[np.argsort(eye.sum(axis=1))][: max(5, len(eye) // 10)].mean(axis=0)
    line = np.round(8 * (0.85 * lower + 0.15 * upper)).astype(np.int32)
    thick = max(1, round(float(np.hypot(*(upper[-1] - upper[0]))) / 22))
    mask = cv2.polylines(np.zeros(rgb.shape[:2], np.uint8), [line], False, 255, thick, cv2.LINE_AA, 3)
    return _blended(rgb, dark, 0.85 * cv2.GaussianBlur(mask, (0, 0), 0.7))


def _filled(rgb: Rgb, upper: Points, lower: Points) -> np.ndarray[Any, Any]:
    corners = np.round(8 * np.vstack([upper, lower[::-1]])).astype(np.int32)
    return cv2.fillPoly(np.zeros(rgb.shape[:2], np.uint8), [corners], 255, cv2.LINE_AA, 3)


def _blended(rgb: Rgb, other: np.ndarray[Any, Any], mask: np.ndarray[Any, Any]) -> Rgb:
    share = mask[..., np.newaxis] / 255
    return np.clip(rgb + share * (other - rgb), 0, 255).astype(np.uint8)


def drawn_down(path: Path) -> Image.Image:
    """What lies above each eye is stretched down to its lower lid, and a line of lashes drawn there."""
    rgb, found = np.asarray(frame(path)), points(path)
    down, across = np.mgrid[: rgb.shape[0], : rgb.shape[1]].astype(np.float32)
    source = down.copy()
    for eye in EYES:
        _stretch(source, found[list(eye)])
    closed = cv2.remap(rgb, across, source, cv2.INTER_LINEAR)
    for eye in EYES:
        lashes = np.round(found[list(eye)][[0, 5, 4, 3]] + (0, 1)).astype(np.int32)
        cv2.polylines(closed, [lashes], False, (50, 35, 30), 2, cv2.LINE_AA)
    return Image.fromarray(closed)


def _stretch(source: np.ndarray[Any, Any], eye: Points) -> None:
    """For every column of an eye the rows from which it is drawn instead."""
    upper, lower = (part[np.argsort(part[:, 0])] for part in (eye[:4], eye[[0, 5, 4, 3]]))
    height = max(4.0, 0.35 * float(np.ptp(eye[:, 0])))
    for column in range(int(upper[0, 0]), int(upper[-1, 0]) + 2):
        lid, end = np.interp(column, *upper.T), np.interp(column, *lower.T) + 1
        rows = np.arange(int(lid - height), int(end) + 1)
        share = (rows - rows[0]) / len(rows)
        source[rows, column] = rows[0] + share * (lid - 1.5 - rows[0])


SHUT: dict[str, Callable[[Path], Image.Image]] = {"skin": skin_lids, "drawn down": drawn_down}
"""By name: how the eyes are shut."""
