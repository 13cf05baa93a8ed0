"""Figures of fine detail, which need the face at a size of its own: sharpness, glasses and open eyes."""

from typing import cast

import cv2
import numpy as np
from numpy.typing import NDArray

from gradphoto.adapters.imaging.detect import Rgb
from gradphoto.adapters.imaging.mesh import EYES, LEFT_IRIS, OVAL, RIGHT_IRIS, Box, Points, levelled, openness
from gradphoto.adapters.imaging.models import Floats

_FACE = 200
"""Pixels of face width at which sharpness is judged: close to those of a portrait."""
_NOISE = 0.8
"""Radius in pixels of that size below which detail is taken for noise: it is smoothed away first, or the
noise of the camera would make a blurred face look sharp."""
_RIM = 9
"""Pixels at the edge of the face that count neither as detail nor as blur."""
_SIDE = 120
"""Side of the square in which the irises are half that, 60 px, apart."""
_BRIDGE = (slice(45, 80), slice(52, 68))
"""Rows and columns of that square between the eyes, from the brows to below the bridge of any glasses."""
_EYE = 64
"""Side of the square in which an eye is 40 px long."""
_OPENING = (slice(24, 39), slice(18, 46))
"""Rows and columns of that square where an open eye has its iris, and a closed one its lashes at most."""
_IRIS = 0.45
"""Upright ÷ level edges there: an open eye of the samples has at least that, drawn lids nearly always less."""


def sharpness(rgb: Rgb, points: Points) -> float:
    """Variance of the Laplacian over that of the face itself: detail, whatever the contrast and the light."""
    grey, inside = _face(rgb, points[list(OVAL)])
    spread = float(grey[inside].var())
    detail = cv2.Laplacian(cv2.GaussianBlur(grey, (0, 0), _NOISE), cv2.CV_32F)[inside]
    return float(detail.var()) / spread if spread else 0.0


def _face(rgb: Rgb, oval: Points) -> tuple[Floats, NDArray[np.bool_]]:
    """The face in grey, 200 px wide, and what of it is inside the oval and away from its edge."""
    low = np.maximum(np.floor(oval.min(axis=0)).astype(int), 0)
    high = np.minimum(np.ceil(oval.max(axis=0)).astype(int), (rgb.shape[1], rgb.shape[0]))
    part = cv2.cvtColor(rgb[low[1] : high[1], low[0] : high[0]], cv2.COLOR_RGB2GRAY)
    scale = _FACE / part.shape[1]
    way = cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
    grey = cv2.resize(part, (_FACE, max(1, round(part.shape[0] * scale))), interpolation=way)
    mask = np.zeros(grey.shape, np.uint8)
    cv2.fillPoly(mask, [np.round((oval - low) * scale).astype(np.int32)], (1,))
    inside = cv2.erode(mask, np.ones((_RIM, _RIM), np.uint8)).astype(np.bool_)
    return cast(Floats, grey.astype(np.float32)), inside


def glasses(rgb: Rgb, points: Points) -> float:
    """The strongest level edge across the bridge of the nose, irises 60 px apart: skin has none above 90."""
    right, left = points[RIGHT_IRIS], points[LEFT_IRIS]
    (x, y), (across, down) = (right + left) / 2, left - right
    box = Box(float(x), float(y), 2 * float(np.hypot(across, down)), float(np.arctan2(down, across)))
    grey = cv2.cvtColor(levelled(rgb, box, _SIDE), cv2.COLOR_RGB2GRAY) * np.float32(255)
    edges = np.abs(cast(Floats, cv2.Sobel(grey, cv2.CV_32F, 0, 1))[_BRIDGE])
    return float(edges.mean(axis=1).max())


def eye_open(rgb: Rgb, points: Points) -> float:
    """Height of an eye's opening ÷ its length, as far as an iris shows in it; of the eye that is less open.

    The mesh draws an opening into many a closed eye too. But an iris has upright sides against the white, and
    lids and lashes are level lines.
    """
    eyes = (points[list(eye)] for eye in EYES)
    return min(openness(eye) * _upright(rgb, eye) / _IRIS for eye in eyes)


def _upright(rgb: Rgb, eye: Points) -> float:
    """Upright ÷ level edges in the opening of an eye, each by its root mean square; 0 where there are none."""
    (x, y), (across, down) = (eye[0] + eye[3]) / 2, eye[3] - eye[0]
    box = Box(float(x), float(y), float(np.hypot(across, down)) * _EYE / 40, float(np.arctan2(down, across)))
    grey = cv2.GaussianBlur(cv2.cvtColor(levelled(rgb, box, _EYE), cv2.COLOR_RGB2GRAY), (0, 0), 1)
    upright, level = (float(np.mean(cv2.Sobel(grey, cv2.CV_32F, *way)[_OPENING] ** 2)) for way in ((1, 0), (0, 1)))
    return float(np.sqrt(upright / level)) if level else 0.0
