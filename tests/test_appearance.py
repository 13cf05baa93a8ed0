"""Appearances: the same sitter never seems another, and most others do."""

from functools import cache
from io import BytesIO
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

import gradphoto.demo
from gradphoto.adapters.imaging.measure import measure
from gradphoto.appearance import Appearance, distance

FRAMES = sorted(Path(gradphoto.demo.__file__).parent.glob("frames/*.jpg"))
SIDE = (800, 1200)

levels = st.floats(0, 255)
appearances = st.tuples(*[levels] * 33)
dim = st.tuples(*[st.floats(10, 190)] * 33)


@cache
def frame(path: Path) -> Image.Image:
    return Image.open(path).convert("RGB").resize(SIDE, Image.Resampling.BOX)


@cache
def appearance(path: Path) -> Appearance:
    return measure(np.asarray(frame(path)), 0.5).appearance


def again(path: Path, sitting: int) -> Appearance:
    """The same sitter once more: moved, nearer or farther, turned, in other light, in another JPEG."""
    draw = np.random.default_rng(sitting)
    scale, roll = draw.uniform(0.9, 1.1), draw.uniform(-3, 3)
    x, y = draw.uniform(-30, 30, 2)
    moved = frame(path).rotate(
        roll, Image.Resampling.BICUBIC, center=(400, 540), translate=(x, y), fillcolor=(65, 138, 213)
    )
    wide, high = SIDE[0] / scale / 2, SIDE[1] / scale / 2
    box = (400 - wide, 600 - high, 400 + wide, 600 + high)
    near = moved.transform(SIDE, Image.Transform.EXTENT, box, Image.Resampling.BICUBIC, fillcolor=(65, 138, 213))
    gains = draw.uniform(0.92, 1.08) * draw.uniform(0.97, 1.03, 3)
    lit = near.point([min(255, round(level * gain)) for gain in gains for level in range(256)])
    out = BytesIO()
    lit.save(out, "JPEG", quality=int(draw.integers(75, 96)))
    return measure(np.asarray(Image.open(out)), 0.5).appearance


@given(appearances, appearances)
def test_a_distance_is_the_same_both_ways_and_none_to_itself(one: Appearance, other: Appearance) -> None:
    assert distance(one, other) == pytest.approx(distance(other, one))
    assert 0 == distance(one, one)


@given(appearances)
def test_what_was_not_seen_differs_from_nothing(one: Appearance) -> None:
    assert 0 == distance(one, ()) == distance((), one)


@given(dim, st.tuples(*[st.floats(0.82, 1.2)] * 3))
def test_other_light_is_no_difference(one: Appearance, light: tuple[float, float, float]) -> None:
    parts = [light[index // 5 % 3] for index in range(30)]
    other = tuple(value * gain for value, gain in zip(one, (*light, *parts), strict=True))
    assert distance(one, other) == pytest.approx(0, abs=1e-6)


@pytest.mark.parametrize("path", FRAMES, ids=lambda path: path.stem)
def test_the_same_sitter_is_never_taken_for_another(path: Path) -> None:
    looks = [appearance(path), *(again(path, sitting) for sitting in range(2))]
    assert max(distance(one, other) for one, other in combinations(looks, 2)) < 0.6


def test_nine_in_ten_other_sitters_are_noticed() -> None:
    pairs = [distance(appearance(one), appearance(other)) for one, other in combinations(FRAMES, 2)]
    assert sum(value > 1 for value in pairs) > 0.9 * len(pairs)
