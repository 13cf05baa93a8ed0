"""The crop: what it must fulfil, that none better is missed, and which rule is named when there is none."""

from math import ceil
from re import search
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.spec import load_spec
from gradphoto.discrepancy import GEOMETRY, Discrepancy
from gradphoto.geometry import ADVICE, MARGIN, Crop, solve
from gradphoto.reading import Face

SPEC = load_spec("chsi-2017")
FRAME = (1600, 2400)


def a_face(**changes: float) -> Face:
    """A sitter as most sample frames show one."""
    usual = {"crown": 420, "eye": 790, "chin": 1170, "width": 460, "cx": 800, "roll": 0, "yaw": 0}
    return Face(**(usual | changes))


Sitting = tuple[Face, int, int]


@st.composite
def anywhere(draw: st.DrawFn) -> Sitting:
    """Frames of any size with a face of any size and nearly any proportion, anywhere in it."""
    width, height = draw(st.integers(300, 8000)), draw(st.integers(300, 8000))
    share = st.floats(0, 1)
    face_width = width * (0.02 + 0.9 * draw(share))
    crown = height * 0.6 * draw(share)
    eye = crown + face_width * (0.2 + 1.5 * draw(share))
    cx = width * draw(share)
    return a_face(crown=crown, eye=eye, chin=eye + face_width, width=face_width, cx=cx), width, height


@st.composite
def fitting(draw: st.DrawFn) -> Sitting:
    """Frames round a portrait that fulfils every rule, with nothing or much to spare on each side."""
    scale = draw(st.floats(0.08, 0.99))
    face_width, crown, eye = draw(st.floats(181, 299)), draw(st.floats(51, 109)), draw(st.floats(201, 299))
    left, right, above, below = (draw(st.just(0) | st.floats(0, 2000)) for _ in range(4))
    face = a_face(
        crown=above + crown / scale,
        eye=above + eye / scale,
        chin=above + 400 / scale,
        width=face_width / scale,
        cx=left + 240.5 / scale,
    )
    return face, ceil(left + right + 482 / scale), ceil(above + below + 642 / scale)


def lines(face: Face, crop: Crop) -> dict[str, float]:
    """Where a box puts the face, by the box alone."""
    down = SPEC.height / (crop.bottom - crop.top)
    across = SPEC.width / (crop.right - crop.left)
    return {
        "crown": (face.crown - crop.top) * down,
        "eye": (face.eye - crop.top) * down,
        "face": face.width * across,
    }


def grid(face: Face, width: int, height: int, slack: float) -> tuple[Any, Any, Any]:
    """Scales and offsets of a fine grid, and which of them fulfil every rule with `slack` to spare."""
    s, share = np.meshgrid(np.linspace(0.005, 1, 400), np.linspace(0, 1, 200))
    t = (110 - s * face.crown) - 60 * share
    allowed = (s * face.width >= 180 + slack) & (s * face.width <= 300 - slack)
    allowed &= (s * face.crown + t >= 50 + slack) & (s * face.crown + t <= 110 - slack)
    allowed &= (s * face.eye + t >= 200 + slack) & (s * face.eye + t <= 300 - slack)
    allowed &= (t <= -slack) & (s * height + t >= 640 + slack)
    allowed &= s * min(face.cx, width - face.cx) >= 240 + slack
    return s, t, allowed


def cost(face: Face, s: Any, t: Any) -> Any:
    """The distance from the aim, in halves of the ranges."""
    return (
        ((s * face.width - 240) / 60) ** 2
        + ((s * face.crown + t - 80) / 30) ** 2
        + ((s * face.eye + t - 250) / 50) ** 2
    )


@given(fitting())
def test_a_sitting_that_some_crop_suits_is_never_refused(sitting: Sitting) -> None:
    assert isinstance(solve(*sitting, SPEC), Crop)


@given(fitting() | anywhere())
def test_a_crop_fulfils_every_range_and_lies_inside_the_frame(sitting: Sitting) -> None:
    face, width, height = sitting
    crop = solve(face, width, height, SPEC)
    if isinstance(crop, Discrepancy):
        return
    assert [name for name, value in lines(face, crop).items() if value not in getattr(SPEC, name)] == []
    assert 0 <= crop.left < crop.right <= width
    assert 0 <= crop.top < crop.bottom <= height
    assert crop.scale <= 1


@given(fitting())
def test_a_crop_neither_stretches_nor_moves_the_face_from_the_middle(sitting: Sitting) -> None:
    crop = solve(*sitting, SPEC)
    assert isinstance(crop, Crop)
    wide, high = crop.right - crop.left, crop.bottom - crop.top
    assert pytest.approx(SPEC.width / SPEC.height, abs=5e-5) == wide / high
    assert (crop.left + crop.right) / 2 == pytest.approx(sitting[0].cx, abs=0.011)


@given(anywhere())
def test_a_picture_is_refused_only_when_no_crop_exists(sitting: Sitting) -> None:
    refusal = solve(*sitting, SPEC)
    if isinstance(refusal, Crop):
        return
    assert refusal.code in GEOMETRY
    assert not grid(*sitting, 2 * MARGIN)[2].any()


@given(fitting())
def test_no_other_crop_is_nearer_to_the_aim(sitting: Sitting) -> None:
    face, crop = sitting[0], solve(*sitting, SPEC)
    assert isinstance(crop, Crop)
    s, t, allowed = grid(*sitting, 2 * MARGIN)
    least = np.min(cost(face, s, t), where=allowed, initial=np.inf)
    assert cost(face, crop.scale, -crop.top * crop.scale) <= least + 1e-3


def test_a_usual_sitting_is_cropped_to_the_aim_within_a_few_pixels() -> None:
    crop = solve(a_face(crown=400, eye=740, width=480), *FRAME, SPEC)
    assert isinstance(crop, Crop)
    assert {
        name: pytest.approx(value, abs=0.1)
        for name, value in lines(a_face(crown=400, eye=740, width=480), crop).items()
    } == {"crown": 80, "eye": 250, "face": 240}


@pytest.mark.parametrize(
    ("code", "frame", "changes"),
    [
        ("no-headroom", FRAME, {"crown": 40, "eye": 410}),
        ("no-footroom", FRAME, {"crown": 1700, "eye": 2070}),
        ("off-side", FRAME, {"cx": 250}),
        ("too-far", FRAME, {"crown": 900, "eye": 1010, "width": 140}),
        ("too-near", (1600, 1000), {"crown": 100, "eye": 700, "width": 900}),
        ("proportions", FRAME, {"crown": 420, "eye": 1300}),
        ("proportions", FRAME, {"crown": 800}),
        ("upscaled", (400, 600), {"crown": 90, "eye": 180, "width": 115, "cx": 200}),
    ],
)
def test_the_rule_that_no_crop_fulfils_is_named(
    code: str, frame: tuple[int, int], changes: dict[str, float]
) -> None:
    refusal = solve(a_face(**changes), *frame, SPEC)
    assert isinstance(refusal, Discrepancy)
    assert code == refusal.code
    assert refusal.detail.endswith(ADVICE[code])


@given(anywhere())
def test_a_refusal_says_what_is_lacking_and_what_to_do(sitting: Sitting) -> None:
    refusal = solve(*sitting, SPEC)
    if isinstance(refusal, Discrepancy):
        lacking, advice = refusal.detail.split("：")
        assert advice == ADVICE[refusal.code]
        assert search(r"还差[1-9]\d*像素$|需放大到\d+\.\d\d倍$|头顶不在眼睛上方$", lacking)


def test_a_refusal_says_by_how_many_pixels_of_the_original() -> None:
    near_the_edge = a_face(cx=300)
    lacking = 240 / (300 / 460) - 300
    refusal = solve(near_the_edge, *FRAME, SPEC)
    assert isinstance(refusal, Discrepancy)
    assert refusal.text == f"人不在画面中间（脸的一侧还差{lacking:.0f}像素：请让人坐到画面中间再拍）"
