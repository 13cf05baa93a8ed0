"""The sample sitters as other cameras would have seen them, with their truth.

A frame is mirrored (to the networks another person), cut, resized, lit otherwise, stored turned and compressed;
its known lengths go along: `Truth` is where they stand in the upright picture that the file shows.
"""

import json
import random
from functools import cache, lru_cache
from io import BytesIO
from typing import NamedTuple

import numpy as np
from PIL import Image

from tests.blue_tops import FRAMES

SIZES = (0.5, 0.75, 1.0, 1.5, 2.0)
"""Of the sample's 1600×2400; from 1200 pixels across on a frame is decoded at half its size."""
STOPS = (-0.6, -0.3, 0.0, 0.3, 0.6)
TINTS = {
    "none": (1.0, 1.0, 1.0),
    "red +10 %": (1.1, 1.0, 1.0),
    "red −10 %": (0.9, 1.0, 1.0),
    "blue +10 %": (1.0, 1.0, 1.1),
    "blue −10 %": (1.0, 1.0, 0.9),
    "warm": (1.15, 1.0, 0.85),
    "cold": (0.85, 1.0, 1.15),
    "green": (1.0, 1.1, 1.0),
    "magenta": (1.0, 0.9, 1.0),
}
"""Gains of red, green and blue in linear light, which is where a white balance counts."""
QUALITIES = (60, 75, 88, 97)
ORIENTATIONS = (1, 3, 6, 8)
"""As the four ways of holding a camera store them."""
CUTS = (-0.06, -0.03, 0.0, 0.03, 0.06)
"""Shares of the width by which a sitter sits off to one side, and of the height cut off below."""

_STORED = {3: Image.Transpose.ROTATE_180, 6: Image.Transpose.ROTATE_90, 8: Image.Transpose.ROTATE_270}


class Truth(NamedTuple):
    """Where the sitter is in the upright picture, in its pixels."""

    crown: float
    eye: float
    face: float
    cx: float


class Variant(NamedTuple):
    """How one frame is seen."""

    frame: int = 0
    size: float = 1.0
    stops: float = 0.0
    tint: str = "none"
    quality: int = 92
    orientation: int = 1
    mirrored: bool = False
    aside: float = 0.0
    """Share of the width that is cut off on the left; negative, on the right."""
    below: float = 0.0
    """Share of the height that is cut off at the foot, or, negative, at the top."""


PLAIN = Variant()


def single() -> list[Variant]:
    """Every way to differ on its own."""
    found = [PLAIN, PLAIN._replace(mirrored=True)]
    found += [PLAIN._replace(size=size) for size in SIZES]
    found += [PLAIN._replace(stops=stops) for stops in STOPS]
    found += [PLAIN._replace(tint=tint) for tint in TINTS]
    found += [PLAIN._replace(quality=quality) for quality in QUALITIES]
    found += [PLAIN._replace(orientation=orientation) for orientation in ORIENTATIONS]
    found += [PLAIN._replace(aside=cut) for cut in CUTS] + [PLAIN._replace(below=cut) for cut in CUTS]
    return list(dict.fromkeys(found))


def drawn(seed: int) -> Variant:
    """All ways together, drawn from a seed."""
    pick = random.Random(seed)
    return Variant(
        0, pick.choice(SIZES), pick.choice(STOPS), pick.choice(sorted(TINTS)), pick.choice(QUALITIES),
        pick.choice(ORIENTATIONS), pick.random() < 0.5, pick.choice(CUTS), pick.choice(CUTS),
    )  # fmt: skip


def picture(variant: Variant) -> Image.Image:
    """The upright picture before it is stored."""
    image = _frame(variant.frame).crop(_box(variant))
    if variant.mirrored:
        image = image.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
    if variant.size != 1:
        size = round(image.width * variant.size), round(image.height * variant.size)
        image = image.resize(size, Image.Resampling.BICUBIC)
    gains = [gain * 2**variant.stops for gain in TINTS[variant.tint]]
    return image if set(gains) == {1.0} else image.point([level for gain in gains for level in lit(gain)])


def stored(variant: Variant) -> bytes:
    """The file that the camera wrote."""
    image, exif = picture(variant), Image.Exif()
    if variant.orientation in _STORED:
        image = image.transpose(_STORED[variant.orientation])
    exif[0x0112] = variant.orientation
    out = BytesIO()
    image.save(out, "JPEG", quality=variant.quality, exif=exif)
    return out.getvalue()


def truth(variant: Variant) -> Truth:
    """What is known of the frame, where the variant shows it."""
    said = _said()[FRAMES[variant.frame].name]
    left, top, right, _ = _box(variant)
    cx = right - said["cx"] if variant.mirrored else said["cx"] - left
    lengths = said["crown"] - top, said["eye"] - top, said["face"], cx
    return Truth(*(length * variant.size for length in lengths))


def lit(gain: float) -> list[int]:
    """By 8-bit level of sRGB the level under `gain` × the light (IEC 61966-2-1)."""
    level = np.arange(256) / 255
    linear = np.where(level > 0.04045, ((level + 0.055) / 1.055) ** 2.4, level / 12.92) * gain
    curved = np.where(linear > 0.0031308, 1.055 * linear ** (1 / 2.4) - 0.055, 12.92 * linear)
    return [int(value) for value in np.clip(np.round(255 * curved), 0, 255)]


def _box(variant: Variant) -> tuple[int, int, int, int]:
    """What of the frame is kept, in even pixels so that half the size of it is exact."""
    width, height = _frame(variant.frame).size
    aside, below = 2 * round(variant.aside * width / 2), 2 * round(variant.below * height / 2)
    return max(aside, 0), max(-below, 0), width + min(aside, 0), height - max(below, 0)


@lru_cache(maxsize=2)
def _frame(number: int) -> Image.Image:
    with Image.open(FRAMES[number]) as image:
        return image.convert("RGB")


@cache
def _said() -> dict[str, dict[str, float]]:
    found: dict[str, dict[str, float]] = json.loads((FRAMES[0].parent / "truth.json").read_text(encoding="utf-8"))
    return found
