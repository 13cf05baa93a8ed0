"""The 478 points of a face, and the measures that follow from them.

The box of a detection, or of a first mesh, is turned so that the eyes lie level, made 1.5 times as large
and shown to the network at 256 px; a second pass on the first one's own box settles the points.
"""

from typing import NamedTuple, cast

import cv2
import numpy as np
from numpy.typing import NDArray

from gradphoto.adapters.imaging.detect import Detection, Rgb
from gradphoto.adapters.imaging.models import Floats, load

Points = NDArray[np.float64]
"""478 × 2, x and y in pixels of the array."""

_MARGIN = 1.5
_PRESENT = 0.5
"""Chance, by the network's own word, from which what it was shown is a face."""

RIGHT_IRIS, LEFT_IRIS, CHIN, NOSE = 468, 473, 152, 1
"""The sitter's right and left; in the picture the right iris is on the left."""
_EYE_CORNERS = (33, 263)
_TEMPLES = (234, 454)
OVAL = (
    10, 338, 297, 332, 284, 251, 389, 356, 454, 323, 361, 288, 397, 365, 379, 378, 400, 377,
    152, 148, 176, 149, 150, 136, 172, 58, 132, 93, 234, 127, 162, 21, 54, 103, 67, 109,
)  # fmt: skip
EYES = (33, 160, 158, 133, 153, 144), (362, 385, 387, 263, 373, 380)
"""The right and the left: corner, two points of the upper lid, corner, two of the lower lid."""
_LIPS = (13, 14, 78, 308)
"""Inner edge: upper, lower, and both corners."""


class Mesh(NamedTuple):
    """A face's points and the chance that it is one at all."""

    points: Points
    presence: float


class Box(NamedTuple):
    """A square of the picture by its middle, in pixels of the array."""

    x: float
    y: float
    side: float
    angle: float
    """Radians, clockwise in the picture."""


def mesh(rgb: Rgb, face: Detection) -> Mesh | None:
    """The mesh of a detected face; None when what was detected is no face after all."""
    found = _pass(rgb, _of_detection(face))
    if found.presence < _PRESENT:
        return None
    found = _pass(rgb, _of_points(found.points))
    return found if found.presence >= _PRESENT else None


def _pass(rgb: Rgb, box: Box) -> Mesh:
    model = load("mesh")
    flat, presence, _ = model.run(levelled(rgb, box, model.side))
    points = (flat.reshape(-1, 3)[:, :2] / model.side - 0.5) * box.side
    turned = points.astype(np.float64) @ _turn(box.angle).T
    return Mesh(turned + (box.x, box.y), float(1 / (1 + np.exp(-presence.item()))))


def levelled(rgb: Rgb, box: Box, side: int) -> Floats:
    """The box turned level, side × side × 3, 0 to 1; drawn at twice its size first, else it would alias."""
    scale = 2 * side / box.side
    there = scale * _turn(-box.angle)
    shift = side - there @ (box.x - 0.5, box.y - 0.5) - 0.5  # OpenCV counts from the middle of a pixel
    matrix = np.column_stack([there, shift])
    large = cv2.warpAffine(rgb, matrix, (2 * side, 2 * side), flags=cv2.INTER_LINEAR)
    small = cv2.resize(large, (side, side), interpolation=cv2.INTER_AREA)
    return cast(Floats, small.astype(np.float32) / np.float32(255))


def _of_detection(face: Detection) -> Box:
    (ax, ay), (bx, by) = face.eyes
    side = max(face.width, face.bottom - face.top) * _MARGIN
    middle = ((face.left + face.right) / 2, (face.top + face.bottom) / 2)
    return Box(*middle, side, float(np.arctan2(by - ay, bx - ax)))


def _of_points(points: Points) -> Box:
    """The box round all points, level with the eyes."""
    right, left = points[_EYE_CORNERS[0]], points[_EYE_CORNERS[1]]
    angle = float(np.arctan2(left[1] - right[1], left[0] - right[0]))
    turned = points @ _turn(-angle).T
    low, high = turned.min(axis=0), turned.max(axis=0)
    x, y = _turn(angle) @ ((low + high) / 2)
    return Box(float(x), float(y), float((high - low).max()) * _MARGIN, angle)


def _turn(angle: float) -> NDArray[np.float64]:
    return np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])


class Shape(NamedTuple):
    """What a mesh says of the face; lengths in pixels of the array, angles in degrees."""

    eye: float
    """Mean height of the irises."""
    chin: float
    width: float
    """Of the oval, which runs at the ears and leaves the hair out."""
    cx: float
    roll: float
    """Positive when the line through the irises falls to the right of the picture."""
    yaw: float
    """How far the nose is off the middle, to the right of the picture, as a share of half the width."""


def shape(points: Points) -> Shape:
    """The measures of a face."""
    across = points[OVAL, 0]
    low, high = float(across.min()), float(across.max())
    right, left = points[RIGHT_IRIS], points[LEFT_IRIS]
    roll = float(np.degrees(np.arctan2(left[1] - right[1], left[0] - right[0])))
    return Shape(
        eye=float(right[1] + left[1]) / 2,
        chin=float(points[CHIN, 1]),
        width=high - low,
        cx=(low + high) / 2,
        roll=roll,
        yaw=_yaw(points),
    )


def _yaw(points: Points) -> float:
    right, left = points[_TEMPLES[0]], points[_TEMPLES[1]]
    axis = (left - right) / np.linalg.norm(left - right)
    half = np.linalg.norm(left - right) / 2
    return float((points[NOSE] - (right + left) / 2) @ axis / half)


def openness(eye: Points) -> float:
    """Height of an eye's opening as a share of its length, by the six points of one of `EYES`."""
    lids = np.linalg.norm(eye[1] - eye[5]) + np.linalg.norm(eye[2] - eye[4])
    return float(lids / 2 / np.linalg.norm(eye[0] - eye[3]))


def mouth_openness(points: Points) -> float:
    """Gap between the lips as a share of the mouth's width."""
    upper, lower, right, left = points[list(_LIPS)]
    return float(np.linalg.norm(upper - lower) / np.linalg.norm(right - left))
