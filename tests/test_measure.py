"""What is measured in a picture: the sample frames by their known truth, and faults that were planted."""

import json
from collections.abc import Callable
from functools import cache
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import get_args

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFilter

import gradphoto.demo
from config.spec import FigureName, load_spec
from gradphoto.adapters.imaging.reader import read_original
from gradphoto.checks import findings
from gradphoto.geometry import Crop, solve
from gradphoto.reading import Reading

SPEC = load_spec("chsi-2017")
FRAMES = {path.stem[7:9]: path for path in Path(gradphoto.demo.__file__).parent.glob("frames/*.jpg")}
TRUTH = {
    name[7:9]: truth
    for name, truth in json.loads((FRAMES["01"].parent / "truth.json").read_text(encoding="utf-8")).items()
}
FAULTS = {
    "tilted": ["01", "02", "06", "23"],
    "turned": ["10", "16"],
    "glasses": ["17", "24", "27", "28"],
    "blue-top": ["14", "24", "29"],
}
WELL_LIT = ["06", "14", "17", "20", "28"]
CLEAN = sorted({*FRAMES} - {*WELL_LIT} - {name for names in FAULTS.values() for name in names})
SOME = ["05", "19", "26", "30"]
"""Bald and light, curly, bald and dark, long light hair."""
BACKDROP = (65, 138, 213)


def read(image: Image.Image) -> Reading:
    out = BytesIO()
    image.save(out, "JPEG", quality=92)
    return read_original(out.getvalue(), sha256(out.getvalue()).hexdigest(), "IMG_0001.JPG")


@cache
def sample(name: str) -> Reading:
    data = FRAMES[name].read_bytes()
    return read_original(data, sha256(data).hexdigest(), FRAMES[name].name)


@cache
def frame(name: str) -> Image.Image:
    return Image.open(FRAMES[name]).convert("RGB")


def lit(image: Image.Image, *gains: float) -> Image.Image:
    """In other light: one gain for all channels, or one each."""
    return image.point([min(255, round(level * gain)) for gain in (gains * 3)[:3] for level in range(256)])


def set_on(name: str, backdrop: Image.Image) -> Image.Image:
    """A sample sitter before another backdrop, wherever the frame has the sample backdrop's colour."""
    pixels = np.asarray(frame(name)).astype(int)
    behind = np.abs(pixels - BACKDROP).max(axis=2) < 24
    mask = Image.fromarray((255 * behind).astype(np.uint8)).filter(ImageFilter.BoxBlur(1))
    return Image.composite(backdrop, frame(name), mask)


def graver(reading: Reading) -> list[str]:
    """Codes of the findings that are more than a hint."""
    return [finding.code for finding in findings(reading, SPEC) if finding.means != "hint"]


def all_codes(reading: Reading) -> list[str]:
    return [finding.code for finding in findings(reading, SPEC)]


def errors(reading: Reading, truth: dict[str, float]) -> dict[str, float]:
    """By how many pixels of the portrait each length is wrong."""
    assert reading.face is not None
    crop = solve(reading.face, reading.width, reading.height, SPEC)
    assert isinstance(crop, Crop)
    found = {**reading.face.model_dump(), "face": reading.face.width}
    return {key: abs(found[key] - truth[key]) * crop.scale for key in ("crown", "eye", "face", "cx")}


@pytest.mark.parametrize("name", CLEAN)
def test_a_clean_sitting_holds_nothing_back(name: str) -> None:
    assert [] == graver(sample(name))


def test_seventeen_sittings_are_clean() -> None:
    assert 17 == len(CLEAN)


@pytest.mark.parametrize("code", FAULTS)
def test_the_known_faults_are_found(code: str) -> None:
    assert [] == [name for name in FAULTS[code] if code not in all_codes(sample(name))]


@pytest.mark.parametrize("code", ["tilted", "glasses", "blue-top"])
def test_a_clear_fault_is_for_a_person_and_nobody_else_has_it(code: str) -> None:
    assert FAULTS[code] == [name for name in sorted(FRAMES) if code in graver(sample(name))]


@pytest.mark.parametrize("name", WELL_LIT)
def test_well_lit_skin_is_not_overexposed(name: str) -> None:
    assert "overexposed" not in all_codes(sample(name))
    assert "overexposed" not in all_codes(read(lit(frame(name), 1.1)))


@pytest.mark.parametrize("name", ["07", "24", "26", "29"])
def test_dark_skin_is_not_underexposed(name: str) -> None:
    assert "underexposed" not in all_codes(read(lit(frame(name), 0.85)))


@pytest.mark.parametrize("name", sorted(FRAMES))
def test_a_face_is_where_the_truth_says(name: str) -> None:
    wrong = errors(sample(name), TRUTH[name])
    assert {} == {key: value for key, value in wrong.items() if value > {"crown": 6, "eye": 2}.get(key, 10)}


@pytest.mark.parametrize("name", SOME)
@pytest.mark.parametrize("scale", [0.6, 1.5])
def test_it_is_so_at_any_size(name: str, scale: float) -> None:
    reading = read(frame(name).resize((round(1600 * scale), round(2400 * scale))))
    wrong = errors(reading, {key: value * scale for key, value in TRUTH[name].items()})
    assert max(wrong["crown"], wrong["eye"]) < 6
    assert [] == graver(reading)


@pytest.mark.parametrize("name", SOME)
@pytest.mark.parametrize("gains", [(0.85,), (1.15,), (1.04, 1, 0.95), (0.96, 1, 1.05)])
def test_light_and_tint_change_no_finding(name: str, gains: tuple[float, ...]) -> None:
    reading = read(lit(frame(name), *gains))
    assert [] == graver(reading)
    assert errors(reading, TRUTH[name])["crown"] < 6


@pytest.mark.parametrize("name", ["28", "30"])
def test_long_light_hair_does_not_make_the_crown_doubtful(name: str) -> None:
    for colour in ((100, 197, 255), (250, 250, 250), (120, 120, 120)):
        reading = read(set_on(name, Image.new("RGB", (1600, 2400), colour)))
        assert "crown-doubtful" not in all_codes(reading)
        assert errors(reading, TRUTH[name])["crown"] < 6


@pytest.mark.parametrize("name", SOME)
def test_a_blurred_picture_is_found_also_under_noise(name: str) -> None:
    blurred = frame(name).filter(ImageFilter.GaussianBlur(6))
    noise = np.random.default_rng(1).normal(0, 3, (2400, 1600, 3))
    noisy = Image.fromarray(np.clip(np.asarray(blurred) + noise, 0, 255).astype(np.uint8))
    assert "blurred" in graver(read(blurred))
    assert "blurred" in graver(read(noisy))


@pytest.mark.parametrize("name", SOME)
@pytest.mark.parametrize(("gain", "code"), [(2.2, "overexposed"), (0.25, "underexposed")])
def test_wrong_exposure_is_found_on_any_skin(name: str, gain: float, code: str) -> None:
    assert code in graver(read(lit(frame(name), gain)))


@pytest.mark.parametrize("white", [(255, 255, 255), (255, 252, 236), (240, 250, 255)])
def test_a_white_backdrop_is_no_wrong_exposure(white: tuple[int, int, int]) -> None:
    codes = all_codes(read(set_on("26", Image.new("RGB", (1600, 2400), white))))
    assert "backdrop-colour" in codes
    assert "overexposed" not in codes


def weave() -> Image.Image:
    noise = np.random.default_rng(2).normal(0, 40, (2400, 1600, 1))
    return Image.fromarray(np.clip(np.array(BACKDROP) + noise, 0, 255).astype(np.uint8))


def bricks() -> Image.Image:
    wall = Image.new("RGB", (1600, 2400), (150, 80, 60))
    draw = ImageDraw.Draw(wall)
    for row in range(0, 2400, 120):
        draw.rectangle((0, row, 1600, row + 9), (200, 200, 195))
        for column in range(row % 240, 1600, 220):
            draw.rectangle((column, row, column + 9, row + 120), (200, 200, 195))
    return wall


def two_tones() -> Image.Image:
    halves = Image.new("RGB", (1600, 2400), BACKDROP)
    halves.paste((150, 150, 150), (0, 0, 800, 2400))
    return halves


@pytest.mark.parametrize("backdrop", [weave, bricks, two_tones])
def test_a_backdrop_with_a_texture_is_found(backdrop: Callable[[], Image.Image]) -> None:
    assert "backdrop-uneven" in graver(read(set_on("05", backdrop())))


def test_two_people_side_by_side_are_two_faces() -> None:
    both = Image.new("RGB", (3200, 2400))
    both.paste(frame("03"), (0, 0))
    both.paste(frame("19"), (1600, 0))
    reading = read(both)
    assert (2, None, {}) == (reading.faces, reading.face, reading.figures)
    assert ["several-faces"] == graver(reading)


@pytest.mark.parametrize("share", [0.3, 0.5])
def test_somebody_in_the_background_is_a_second_face(share: float) -> None:
    picture = frame("03").copy()
    picture.paste(
        frame("30").crop((500, 350, 1100, 1350)).resize((round(600 * share), round(1000 * share))), (60, 200)
    )
    assert 2 == read(picture).faces


def test_a_backdrop_alone_has_no_face_and_no_figures() -> None:
    reading = read(Image.new("RGB", (1600, 2400), BACKDROP))
    assert (0, None, {}, ()) == (reading.faces, reading.face, reading.figures, reading.appearance)


def test_every_figure_has_a_name_that_a_profile_can_use_and_is_rounded() -> None:
    derived = {"faces", "roll", "yaw", "backdrop_delta"}
    derived |= {"edge_dark", "portrait_faces", "crown_out", "eye_out", "face_out", "centre_out"}
    names = set(get_args(FigureName)) - derived | {"backdrop_l", "backdrop_a", "backdrop_b"}
    assert names == set(sample("05").figures)
    assert all(value == float(f"{value:.3g}") for value in sample("05").figures.values())
