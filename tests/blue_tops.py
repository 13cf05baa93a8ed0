"""Sample sitters in blue: their own clothing, folds and shadows kept, in the colour of another."""

from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from PIL import Image

import gradphoto.demo
from gradphoto.adapters.imaging.crown import bust
from gradphoto.adapters.imaging.detect import detect
from gradphoto.adapters.imaging.mesh import mesh, shape

FRAMES = sorted((Path(gradphoto.demo.__file__).parent / "frames").glob("*.jpg"))
BLUES = {
    "navy": (20, 30, 80),
    "midnight": (25, 25, 112),
    "royal": (65, 105, 225),
    "cobalt": (0, 71, 171),
    "denim": (60, 90, 140),
    "steel": (70, 130, 180),
    "sky": (135, 206, 235),
    "light shirt": (173, 200, 230),
    "pale shirt": (200, 215, 235),
    "uniform": (40, 80, 160),
    "petrol": (0, 95, 140),
    "backdrop": (65, 138, 213),
    "99号": (100, 197, 255),
}
OTHERS = {
    "white": (240, 240, 240),
    "grey": (120, 120, 120),
    "black": (25, 25, 25),
    "red": (190, 30, 40),
    "green": (30, 120, 60),
    "beige": (200, 180, 150),
    "brown": (100, 65, 40),
    "purple": (120, 40, 130),
    "pink": (235, 170, 190),
    "dark suit": (35, 37, 43),
    "olive": (100, 100, 50),
    "teal": (0, 128, 110),
}


@cache
def frame(path: Path) -> Image.Image:
    """A sample frame at half its size, the size at which everything is measured."""
    with Image.open(path) as image:
        return image.convert("RGB").resize((image.width // 2, image.height // 2), Image.Resampling.BOX)


@cache
def torso(path: Path) -> "np.ndarray[Any, Any]":
    """Share of clothing, 0 to 1, at every point of the frame: the person from below the chin down."""
    rgb = np.asarray(frame(path))
    found = mesh(rgb, detect(rgb)[0])
    assert found is not None
    part = bust(rgb, shape(found.points))
    scale = np.array([[part.pixel, 0, part.left], [0, part.pixel, part.top]])
    size = (rgb.shape[1], rgb.shape[0])
    mask = cv2.warpAffine(part.person, scale, size, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    neck = int(part.shape.chin + 0.2 * part.shape.width)
    mask[:neck] = 0
    return mask[..., np.newaxis]


def dressed(path: Path, colour: Iterable[int]) -> Image.Image:
    """The sitter in that colour, lit as the own clothing is."""
    rgb, mask = np.asarray(frame(path)).astype(np.float32), torso(path)
    luma = rgb @ np.array((0.299, 0.587, 0.114), np.float32)
    light = luma / max(np.median(luma[mask[..., 0] > 0.5]), 8)
    worn = np.array(tuple(colour), np.float32) * np.clip(light, 0.5, 1.6)[..., np.newaxis]
    return Image.fromarray(np.clip(rgb + mask * (worn - rgb), 0, 255).astype(np.uint8))
