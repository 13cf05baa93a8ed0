"""The portrait on other faces: sizes, light, tints, cuts and codings, by lengths that are known and not measured.

`tests.other_faces` says how a sample sitter is seen otherwise. The crown is exact by how the frames were made, and
once more it is looked for in the delivered pixels by nothing but their colour.
"""

from collections.abc import Callable, Sequence
from functools import cache
from hashlib import sha256
from io import BytesIO
from typing import NamedTuple

import numpy as np
import pytest
from PIL import Image

from config.spec import load_spec, shipped_specs
from gradphoto.adapters.imaging.reader import read_original
from gradphoto.adapters.imaging.render import Rendered, render
from gradphoto.checks import findings, lab
from gradphoto.discrepancy import Discrepancy
from gradphoto.geometry import Crop, solve
from gradphoto.reading import Reading
from tests.blue_tops import FRAMES
from tests.other_faces import PLAIN, STOPS, TINTS, Variant, drawn, lit, single, stored, truth

SPEC = load_spec("chsi-2017")
FAULTY = {"01", "02", "06", "10", "14", "16", "17", "23", "24", "27", "28", "29"}
"""Sitters who lean, look aside, wear glasses, a hat or blue."""
CLEAN = [number for number, path in enumerate(FRAMES) if path.name[7:9] not in FAULTY]


class Made(NamedTuple):
    """A portrait by what is known of its original; lengths in its own pixels."""

    held: tuple[str, ...]
    """For what it is held back: the codes."""
    crown: float
    eye: float
    face: float
    aside: float
    """Of the middle of the face from the middle of the portrait."""
    error: float
    """By how much the crown that the crop was made for was wrong."""
    seen: int
    """The row at which the delivered pixels leave the backdrop."""


@cache
def outcome(variant: Variant) -> Made | Discrepancy:
    """The portrait, or why there is none."""
    data = stored(variant)
    reading = read_original(data, sha256(data).hexdigest(), "IMG_0001.JPG")
    made, crop = portrait_of(data, reading)
    if not isinstance(made, Rendered) or crop is None or reading.face is None:
        assert isinstance(made, Discrepancy)
        return made
    held = tuple(one.code for one in findings(reading, SPEC, made.figures) if one.means != "hint")
    return by_the_truth(variant, crop, reading.face.crown, held, made.jpeg)


def portrait_of(data: bytes, reading: Reading) -> tuple[Rendered | Discrepancy, Crop | None]:
    if reading.face is None:
        return Discrepancy(code="several-faces"), None
    crop = solve(reading.face, reading.width, reading.height, SPEC)
    return (render(data, reading, crop, SPEC), crop) if isinstance(crop, Crop) else (crop, None)


def by_the_truth(variant: Variant, crop: Crop, crown: float, held: tuple[str, ...], jpeg: bytes) -> Made:
    known, scale = truth(variant), crop.scale
    return Made(
        held=held,
        crown=(known.crown - crop.top) * scale,
        eye=(known.eye - crop.top) * scale,
        face=known.face * scale,
        aside=(known.cx - crop.left) * scale - SPEC.width / 2,
        error=(crown - known.crown) * scale,
        seen=top_of_hair(jpeg),
    )


def top_of_hair(jpeg: bytes) -> int:
    """The first row with eight pixels that are far from the median of the first twelve rows."""
    pixels = np.asarray(Image.open(BytesIO(jpeg)).convert("RGB")).astype(int)
    behind = np.median(pixels[:12].reshape(-1, 3), axis=0)
    return int(np.argmax((np.abs(pixels - behind).max(axis=2) > 24).sum(axis=1) >= 8))


def seen_otherwise(sitters: Sequence[int], each: int) -> list[Variant]:
    """Sitters as drawn from `each` seeds."""
    return [drawn(100 * number + seed)._replace(frame=number) for seed in range(each) for number in sitters]


def is_inside(one: Made) -> bool:
    """Whether every length is in its range by the truth, and the crown by the pixels too."""
    lengths = ((one.crown, SPEC.crown), (one.eye, SPEC.eye), (one.face, SPEC.face), (one.seen, SPEC.crown))
    return all(length in span for length, span in lengths) and abs(one.aside) <= 6


def is_true(one: Made) -> bool:
    """Whether the crown was found, and the delivered pixels show the sitter where the crop says."""
    return abs(one.error) <= 8 and abs(one.seen - one.crown) <= 4


def is_held(variant: Variant) -> bool:
    found = outcome(variant)
    return isinstance(found, Discrepancy) or bool(found.held)


def check(variants: Sequence[Variant], figure: Callable[[str], None]) -> None:
    """All rules at once, for a portrait is dear to make. Of a sitter who is held the portrait is measured too."""
    found = [(variant, one) for variant in variants if isinstance(one := outcome(variant), Made)]
    clean = [variant for variant in variants if variant.frame in CLEAN]
    held = [variant for variant in clean if is_held(variant)]
    figure(f"{len(found)} of {len(variants)} made: {said([one for _, one in found])}")
    figure(f"held {len(held)} of {len(clean)} clean ones")
    assert [] == [variant for variant, one in found if not is_inside(one)]
    assert [] == [variant for variant, one in found if not is_true(one)]
    assert len(held) <= 0.03 * len(clean), held


def said(found: Sequence[Made]) -> str:
    """The spans of the lengths, and how wrong the crown was."""
    columns = {name: [getattr(one, name) for one in found] for name in ("crown", "eye", "face", "aside")}
    spans = ", ".join(f"{name} {min(column):.0f}–{max(column):.0f}" for name, column in columns.items())
    errors = sorted(abs(one.error) for one in found)
    return f"{spans}; crown wrong by {errors[len(errors) // 2]:.1f}, at most {errors[-1]:.1f} px"


def test_every_portrait_of_another_face_is_inside_the_ranges_by_the_truth(
    amount: Callable[[int, int], int], figure: Callable[[str], None]
) -> None:
    """All ways together: in short every clean sitter once, in long everybody ten times."""
    seeds = amount(1, 10)
    check(seen_otherwise(CLEAN if seeds == 1 else range(len(FRAMES)), seeds), figure)


@pytest.mark.long
def test_so_is_that_of_every_sitter_in_each_way_on_its_own(figure: Callable[[str], None]) -> None:
    check([way._replace(frame=number) for way in single() for number in range(len(FRAMES))], figure)


@pytest.mark.parametrize("orientation", [1, 3, 6, 8])
def test_a_frame_cut_close_and_stored_turned_is_delivered_upright(orientation: int) -> None:
    found = outcome(PLAIN._replace(frame=4, size=0.5, orientation=orientation, aside=0.06, below=-0.06))
    assert isinstance(found, Made)
    assert is_inside(found)
    assert is_true(found)


def test_a_mirrored_face_is_on_the_other_side() -> None:
    aside = PLAIN._replace(frame=10)
    assert 1600 - truth(aside).cx == truth(aside._replace(mirrored=True)).cx
    assert not is_held(aside._replace(size=0.5, mirrored=True))


def backdrop_held(colour: tuple[int, ...], spec_id: str) -> bool:
    names = ("backdrop_l", "backdrop_a", "backdrop_b")
    level = dict(zip(names, lab(colour), strict=True))  # type: ignore[arg-type]
    reading = Reading(sha256="", version="", faces=1, figures=level)
    return "backdrop-colour" in [one.code for one in findings(reading, load_spec(spec_id)) if one.means != "hint"]


@pytest.mark.parametrize("spec_id", shipped_specs())
def test_a_profile_lets_its_own_backdrop_pass_in_any_light(spec_id: str) -> None:
    own = load_spec(spec_id).backdrop
    for stops in STOPS:
        for tint in TINTS.values():
            seen = tuple(lit(gain * 2**stops)[level] for gain, level in zip(tint, own, strict=True))
            assert not backdrop_held(seen, spec_id), (stops, tint)


@pytest.mark.parametrize("spec_id", shipped_specs())
def test_and_holds_every_backdrop_that_is_far_from_it(spec_id: str) -> None:
    others = {"grey": (128, 128, 128), "black": (20, 20, 20), "red": (170, 25, 35), "brown": (150, 80, 60)}
    others |= {"sample": (65, 138, 213)} if load_spec(spec_id).backdrop[0] > 200 else {"white": (250, 250, 250)}
    assert [] == [name for name, colour in others.items() if not backdrop_held(colour, spec_id)]
