"""The raw figures of the checks: what each is stands here, what it means in the spec profile.

Whatever can be is measured on the bust, 256 × 256, which averages noise and single bright pixels away.
"""

from typing import cast

import cv2
import numpy as np

from gradphoto.adapters.imaging import closeup, regions
from gradphoto.adapters.imaging.crown import Bust, crown_by_colour
from gradphoto.adapters.imaging.detect import Rgb
from gradphoto.adapters.imaging.mesh import Points, mouth_openness
from gradphoto.adapters.imaging.models import Floats

_BURNT = 250
"""Level from which a channel holds no detail any more."""
_WHITE = 200
"""Level of its lowest channel from which a backdrop is meant to be white, be the light warm or cold."""
_ENOUGH = 200
"""Points of clothing below which nothing is said about it."""
_LUMA = (0.299, 0.587, 0.114)
"""Of red, green and blue (ITU-R BT.601)."""
_BLUES = (((222, 240), 18, 0), ((240, 297), 17, 0), ((240, 312), 25, 0), ((240, 290), 12, 60))
"""Spans of CIE hue in degrees, the chroma and lightness from which they are blue: dark suits are barely blue, a
vivid ultramarine lies further from the backdrop's hue than a dull purple, and a light shirt is pale by nature."""


def figures(rgb: Rgb, points: Points, part: Bust, crown: float) -> dict[str, float]:
    """By name, each to three digits; what cannot be measured is left out. `crown` in pixels of the array."""
    other = crown_by_colour(part)
    found = {
        "sharpness": closeup.sharpness(rgb, points),
        "glasses": closeup.glasses(rgb, points),
        "eye_open": closeup.eye_open(rgb, points),
        "mouth_open": mouth_openness(points),
        "clip_high": _clipped(part, points),
        "blue_top": _blue(part),
        "crown_gap": None if other is None else abs(crown - other) / part.shape.width,
        **_backdrop(rgb, part),
    }
    return {name: float(f"{value:.3g}") for name, value in found.items() if value is not None}


def _clipped(part: Bust, points: Points) -> float:
    """Share of the face that is burnt out to white, or of a coloured backdrop that has lost its colour.

    One or two burnt channels are a well lit skin, so only all three count there. Skin too dark to burn out
    is told by the backdrop: two of its channels at the top and one far below, so that it is no white one.
    """
    skin = (part.rgb[regions.face(part, points)] >= _BURNT).all(axis=1)
    behind = part.rgb[::2, ::2][part.backdrop[::2, ::2]]
    faded = ((behind >= _BURNT).sum(axis=1) == 2) & (behind.min(axis=1) < _WHITE)
    return max(float(np.mean(mask)) if np.size(mask) else 0.0 for mask in (skin, faded))


def _blue(part: Bust) -> float | None:
    """Share of the clothing that is blue."""
    top = part.lab[regions.clothing(part)]
    if len(top) < _ENOUGH:
        return None
    hue = np.degrees(np.arctan2(top[:, 2], top[:, 1])) % 360
    chroma = np.hypot(top[:, 1], top[:, 2])
    light = top[:, 0]
    blue = [(hue > low) & (hue < high) & (chroma > least) & (light > dark) for (low, high), least, dark in _BLUES]
    return float(np.logical_or.reduce(blue).mean())


def _backdrop(rgb: Rgb, part: Bust) -> dict[str, float]:
    """Its median colour and brightness (0 to 255), and how far 95 of 100 points keep to that colour.

    The spread is ΔE to the median, or the lightness of single pixels to their own neighbourhood where that
    is more: a fine weave, which the bust averages away. Noise in colour alone is the camera's.
    """
    middle = part.colour
    if middle is None:
        return {}
    behind = part.backdrop[::2, ::2]
    lab = part.lab[::2, ::2]
    coarse = np.linalg.norm(lab[behind] - middle, axis=1)
    fine = np.abs(_lightness(part.single(rgb)[::2, ::2]) - lab[..., 0])[behind]
    spread = max(float(np.percentile(distance, 95)) for distance in (coarse, fine))
    luma = np.median(part.rgb[::2, ::2][behind] @ np.array(_LUMA, np.float32))
    names = ("backdrop_l", "backdrop_a", "backdrop_b", "backdrop_luma", "backdrop_spread")
    return dict(zip(names, map(float, (*middle, luma, spread)), strict=True))


def _lightness(rgb: Rgb) -> Floats:
    return cast(Floats, cv2.cvtColor(rgb.astype(np.float32) / np.float32(255), cv2.COLOR_RGB2LAB)[..., 0])
