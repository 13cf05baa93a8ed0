"""A portrait measured again from nothing but its own pixels: whether what was meant came out.

What the figures mean stands in the profile; lengths are pixels of the portrait.
"""

from typing import cast

import numpy as np
import simplejpeg

from gradphoto.adapters.imaging.crown import Bust, bust, crown
from gradphoto.adapters.imaging.detect import Rgb
from gradphoto.adapters.imaging.measure import faces
from gradphoto.adapters.imaging.mesh import shape
from gradphoto.adapters.imaging.models import Floats

_EDGE = 8
"""Pixels at an edge whose lines are looked at one by one."""
_LUMA = (0.299, 0.587, 0.114)
"""Of red, green and blue (ITU-R BT.601)."""


def remeasure(jpeg: bytes) -> dict[str, float]:
    """Faces, and of a single one crown, eye line, width and middle; how dark the darkest edge is.

    By name, rounded; what cannot be measured is left out.
    """
    pixels: Rgb = simplejpeg.decode_jpeg(jpeg, "RGB", strict=True)
    found = list(faces(pixels))
    if len(found) != 1:
        return {"portrait_faces": float(len(found))}
    part = bust(pixels, shape(found[0]))
    lengths = {"crown": crown(part), "eye": part.shape.eye, "width": part.shape.width, "cx": part.shape.cx}
    figures = {"portrait_faces": 1.0} | {name: round(float(value), 1) for name, value in lengths.items()}
    dark = _edge_dark(pixels, part)
    return figures if dark is None else figures | {"edge_dark": dark}


def _edge_dark(pixels: Rgb, part: Bust) -> float | None:
    """By what share of its brightness the backdrop falls short in the darkest line at the top, left or right.

    To the sides only above the eyes: below, hair and shoulders may reach the edge.
    """
    if part.colour is None:
        return None
    luma = cast(Floats, pixels @ np.array(_LUMA, np.float32))
    behind = float(np.median(part.rgb[part.backdrop] @ np.array(_LUMA, np.float32)))
    beside = luma[: max(1, int(part.shape.eye))]
    lines = (luma[:_EDGE].T, beside[:, :_EDGE], beside[:, -_EDGE:])
    darkest = min(float(np.median(line, axis=0).min()) for line in lines)
    return float(f"{max(0.0, 1 - darkest / max(behind, 1.0)):.2g}")
