"""How a photo compares with its profile: pure, from the figures of a reading to findings.

What a figure is and how it is measured belongs to the adapters, what it means to the profile.
"""

from collections.abc import Mapping, Sequence
from math import hypot
from types import MappingProxyType
from typing import NamedTuple

from config.spec import Bound, FigureName, Means, Range, Spec
from gradphoto.discrepancy import Discrepancy
from gradphoto.reading import Reading


class Finding(NamedTuple):
    """A check that fired: its code, what that means, and the figure beside the bound that it broke."""

    code: str
    means: Means
    figure: float
    bound: float
    name: FigureName

    @property
    def discrepancy(self) -> Discrepancy:
        """The finding as a person reads it."""
        told = f"{self.figure:g}，限值 {self.bound:g}"
        what = _WORDS.get(self.name)
        return Discrepancy(code=self.code, detail=f"{what} {told}" if what else told)


_WORDS: dict[FigureName, str] = {
    "portrait_faces": "人脸数",
    "crown_out": "头顶超出范围像素",
    "eye_out": "眼睛超出范围像素",
    "face_out": "脸宽超出范围像素",
    "centre_out": "脸偏离正中像素",
}
"""What a figure is, where the check has several."""

NOTHING: Mapping[str, float] = MappingProxyType({})


def findings(reading: Reading, spec: Spec, portrait: Mapping[str, float] = NOTHING) -> tuple[Finding, ...]:
    """Every check of the profile that the photo fails, in the profile's order; one finding a check.

    `portrait` holds what was measured in the finished portrait. A figure that is not there (there is no face, or
    no portrait yet) fires nothing.
    """
    figures = _figures(reading, spec) | _outside(portrait, spec)
    found = (_first(code, bounds, figures) for code, bounds in spec.checks.items())
    return tuple(finding for finding in found if finding)


def _first(code: str, bounds: tuple[Bound, ...], figures: dict[str, float]) -> Finding | None:
    for bound in bounds:
        figure = figures.get(bound.figure)
        if figure is None:
            continue
        if bound.low is not None and figure < bound.low:
            return Finding(code, bound.means, figure, bound.low, bound.figure)
        if bound.high is not None and figure > bound.high:
            return Finding(code, bound.means, figure, bound.high, bound.figure)
    return None


def _figures(reading: Reading, spec: Spec) -> dict[str, float]:
    """The reading's own figures, and those that follow from the face and from the profile's backdrop."""
    figures = {**reading.figures, "faces": float(reading.faces)}
    if reading.face:
        figures |= {"roll": abs(reading.face.roll), "yaw": abs(reading.face.yaw)}
    colour = [reading.figures[key] for key in _BACKDROP if key in reading.figures]
    if len(colour) == len(_BACKDROP):
        figures["backdrop_delta"] = round(_apart(colour, lab(spec.backdrop)), 1)
    return figures


def _apart(one: Sequence[float], other: Sequence[float]) -> float:
    """ΔE of two L*a*b* colours, lightness counted half, as where a colour has to be accepted (CMC 2:1).

    How light a backdrop comes out is the lamps' doing, which hue it has is the cloth's.
    """
    light, red, yellow = (a - b for a, b in zip(one, other, strict=True))
    return hypot(light / 2, red, yellow)


def _outside(portrait: Mapping[str, float], spec: Spec) -> dict[str, float]:
    """The portrait's own figures, and by how many pixels each length is outside its range."""
    middle = spec.width / 2
    lengths = (
        ("crown_out", "crown", spec.crown),
        ("eye_out", "eye", spec.eye),
        ("face_out", "width", spec.face),
        ("centre_out", "cx", Range(low=middle, high=middle)),
    )
    return dict(portrait) | {
        name: round(max(span.low - portrait[key], portrait[key] - span.high, 0.0), 1)
        for name, key, span in lengths
        if key in portrait
    }


_BACKDROP = ("backdrop_l", "backdrop_a", "backdrop_b")


def lab(rgb: tuple[int, int, int]) -> tuple[float, float, float]:
    """An sRGB colour in CIE L*a*b* under D65 (IEC 61966-2-1, CIE 15).

    >>> [round(part) for part in lab((255, 255, 255))]
    [100, 0, 0]
    """
    red, green, blue = (_linear(channel / 255) for channel in rgb)
    x = _cube(0.4124 * red + 0.3576 * green + 0.1805 * blue, 0.9505)
    y = _cube(0.2126 * red + 0.7152 * green + 0.0722 * blue, 1.0)
    z = _cube(0.0193 * red + 0.1192 * green + 0.9505 * blue, 1.0890)
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)


def _linear(channel: float) -> float:
    return float(((channel + 0.055) / 1.055) ** 2.4) if channel > 0.04045 else channel / 12.92


def _cube(value: float, white: float) -> float:
    share = value / white
    return float(share ** (1 / 3)) if share > 216 / 24389 else (24389 / 27 * share + 16) / 116
