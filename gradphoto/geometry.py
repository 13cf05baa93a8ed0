"""The crop that makes a portrait of a picture: pure, only scaling and cutting.

With scale s (portrait pixels per original pixel) and offset t, the line y of the original stands at
s·y + t in the portrait. Every rule of the profile is then a half plane in (s, t), and the distance
from its aim a sum of squares.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from math import ceil
from typing import NamedTuple

from config.spec import Range, Spec
from gradphoto.discrepancy import Discrepancy
from gradphoto.quadratic import Line, least
from gradphoto.reading import Face

MARGIN = 0.02
"""Portrait pixels kept from every bound of a range, so that rounding the box to 0.01 px breaks none."""

ADVICE = {
    "no-headroom": "请后退一些，或把镜头抬高一些再拍",
    "no-footroom": "请后退一些，或把镜头放低一些再拍",
    "off-side": "请让人坐到画面中间再拍",
    "too-near": "请后退一些再拍",
    "too-far": "请靠近一些再拍",
    "upscaled": "请把相机设为最大尺寸，或靠近一些再拍",
    "proportions": "请看头顶和脸两侧是否看得清，抬正头再拍",
}
"""What the photographer does about each rule that no crop fulfils."""


@dataclass(frozen=True, slots=True)
class Crop:
    """A rectangle of the upright original, its edges in pixels rounded to 0.01, and its scale."""

    scale: float
    """Portrait pixels per original pixel, at most 1."""
    left: float
    top: float
    right: float
    bottom: float


def solve(face: Face, width: int, height: int, spec: Spec) -> Crop | Discrepancy:
    """The crop of a `width`×`height` original nearest to the profile's aim, or the rule that none fulfils."""
    trouble = _infeasible(face, width, height, spec)
    if trouble:
        return trouble
    scale, offset = least(_aims(face, spec), _rules(face, width, height, spec), slack=MARGIN / 4)
    left, top = face.cx - spec.width / 2 / scale, -offset / scale
    box = left, top, left + spec.width / scale, top + spec.height / scale
    return Crop(min(round(scale, 6), 1.0), *(round(edge, 2) + 0.0 for edge in box))


def _rules(face: Face, width: int, height: int, spec: Spec) -> list[Line]:
    return [
        *_within(face.width, 0, spec.face),
        *_within(face.crown, 1, spec.crown),
        *_within(face.eye, 1, spec.eye),
        Line(width, 0, width),  # in pixels, as the others, or the slack would enlarge
        Line(-min(face.cx, width - face.cx), 0, -spec.width / 2),
        Line(0, 1, 0),
        Line(-height, -1, -spec.height),
    ]


def _within(a: float, b: float, span: Range) -> Iterator[Line]:
    yield Line(a, b, span.high - MARGIN)
    yield Line(-a, -b, -span.low - MARGIN)


def _aims(face: Face, spec: Spec) -> list[Line]:
    """Each length's distance from its aim, in halves of its range."""
    lengths = (
        (face.width, 0, spec.aim.face, spec.face),
        (face.crown, 1, spec.aim.crown, spec.crown),
        (face.eye, 1, spec.aim.eye, spec.eye),
    )
    return [Line(*(part / _half(span) for part in (a, b, aim))) for a, b, aim, span in lengths]


def _half(span: Range) -> float:
    return max(span.high - span.low, 1) / 2


class _Need(NamedTuple):
    """A rule that asks for `pixels` of the portrait where the original has only `has` to give."""

    code: str
    what: str
    pixels: float
    has: float

    def lacks(self, ceiling: float) -> float:
        """Original pixels missing when the scale can be no more than `ceiling`."""
        return self.pixels / ceiling - self.has

    def refusal(self, ceiling: float) -> Discrepancy:
        """The rule, by how much it is broken, in original pixels of which at least one lacks, and what to do."""
        lacks = max(1, round(self.lacks(ceiling)))
        return Discrepancy(code=self.code, detail=f"{self.what}还差{lacks}像素：{ADVICE[self.code]}")


def _infeasible(face: Face, width: int, height: int, spec: Spec) -> Discrepancy | None:
    """The rule that no crop fulfils.

    With t eliminated each rule is a least or a greatest scale, so the crops that fulfil all are an interval
    of scales; it is empty exactly when some need is beyond the greatest one.
    """
    gap = face.eye - face.crown
    if min(gap, face.width) <= 0:
        return Discrepancy(code="proportions", detail=f"头顶不在眼睛上方：{ADVICE['proportions']}")
    ceiling = min((spec.face.high - MARGIN) / face.width, (spec.eye.high - spec.crown.low - 2 * MARGIN) / gap)
    head, frame = _head_needs(face, gap, spec), _frame_needs(width, height, spec)
    place = _place_needs(face, width, height, spec)
    for needs in (head, frame, place):
        worst = max(needs, key=lambda need: need.lacks(ceiling))
        if worst.lacks(ceiling) > 0:
            return worst.refusal(ceiling)
    return _too_small(head, frame, place)


def _head_needs(face: Face, gap: float, spec: Spec) -> list[_Need]:
    return [
        _Need("proportions", "脸宽", spec.face.low + MARGIN, face.width),
        _Need("proportions", "头顶到眼睛", spec.eye.low - spec.crown.high + 2 * MARGIN, gap),
    ]


def _frame_needs(width: int, height: int, spec: Spec) -> list[_Need]:
    return [
        _Need("too-near", "画面宽度", spec.width, width),
        _Need("too-near", "画面高度", spec.height, height),
    ]


def _place_needs(face: Face, width: int, height: int, spec: Spec) -> list[_Need]:
    return [
        _Need("no-headroom", "头顶上方", spec.crown.low + MARGIN, face.crown),
        _Need("no-headroom", "眼睛上方", spec.eye.low + MARGIN, face.eye),
        _Need("no-footroom", "头顶以下", spec.height - spec.crown.high + MARGIN, height - face.crown),
        _Need("no-footroom", "眼睛以下", spec.height - spec.eye.high + MARGIN, height - face.eye),
        _Need("off-side", "脸的一侧", spec.width / 2, min(face.cx, width - face.cx)),
    ]


def _too_small(head: list[_Need], frame: list[_Need], place: list[_Need]) -> Discrepancy | None:
    """All rules can be had, but only by enlarging: the sitter is far off, or the picture itself is small."""
    worst = max([*head, *frame, *place], key=lambda need: need.pixels / need.has)
    if worst.lacks(1) <= 0:
        return None
    if worst in head and all(need.lacks(1) <= 0 for need in frame):
        return worst._replace(code="too-far").refusal(1)
    times = ceil(100 * worst.pixels / worst.has) / 100
    return Discrepancy(code="upscaled", detail=f"需放大到{times:.2f}倍：{ADVICE['upscaled']}")
