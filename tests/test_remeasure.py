"""A portrait is measured again from its own pixels; what left its range waits for a person."""

from functools import cache
from hashlib import sha256
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageDraw

import gradphoto.demo
from config.spec import load_spec
from gradphoto.adapters.imaging.reader import read_original
from gradphoto.adapters.imaging.remeasure import remeasure
from gradphoto.adapters.imaging.render import Rendered, render
from gradphoto.checks import findings
from gradphoto.geometry import Crop, solve
from gradphoto.reading import Reading

SPEC = load_spec("chsi-2017")
FRAMES = sorted((Path(gradphoto.demo.__file__).parent / "frames").glob("*.jpg"))
NOBODY = Reading(sha256="", version="", faces=1)
GOOD = {"portrait_faces": 1, "crown": 80, "eye": 250, "width": 240, "cx": 240, "edge_dark": 0.01}


@cache
def reading_of(path: Path) -> Reading:
    data = path.read_bytes()
    return read_original(data, sha256(data).hexdigest(), path.name)


def rendered(path: Path, crop: Crop | None = None) -> Rendered:
    reading = reading_of(path)
    assert reading.face is not None
    own = crop or solve(reading.face, reading.width, reading.height, SPEC)
    assert isinstance(own, Crop)
    made = render(path.read_bytes(), reading, own, SPEC)
    assert isinstance(made, Rendered)
    return made


def told(**figures: float) -> list[tuple[str, str]]:
    """Findings that portrait figures alone give rise to."""
    return [
        (found.code, found.means) for found in findings(Reading(sha256="", version="", faces=1), SPEC, figures)
    ]


def edged(draw: str, pixels: int) -> float:
    """The figure of a portrait with a black border on one side."""
    image = Image.open(BytesIO(rendered(FRAMES[3]).jpeg)).convert("RGB")
    box = {"left": (0, 0, pixels - 1, 640), "right": (480 - pixels, 0, 480, 640), "top": (0, 0, 480, pixels - 1)}
    ImageDraw.Draw(image).rectangle(box[draw], fill="black")
    return remeasure(jpeg_of(image))["edge_dark"]


def jpeg_of(image: Image.Image) -> bytes:
    out = BytesIO()
    image.save(out, "JPEG", quality=90)
    return out.getvalue()


@pytest.mark.parametrize("path", FRAMES[::3], ids=lambda path: path.stem)
def test_the_portrait_of_a_sample_frame_measures_what_was_meant(path: Path) -> None:
    made = rendered(path)
    assert [] == told(**made.figures)
    assert made.figures["crown"] in SPEC.crown
    assert made.figures["eye"] in SPEC.eye
    assert made.figures["width"] in SPEC.face


@pytest.mark.parametrize(
    ("figure", "inside", "outside"),
    [
        ("crown", 42, 41),
        ("crown", 118, 119),
        ("eye", 304, 305),
        ("width", 174, 173),
        ("cx", 246, 247),
        ("cx", 234, 233),
    ],
)
def test_a_length_may_leave_its_range_by_its_tolerance_and_no_more(
    figure: str, inside: float, outside: float
) -> None:
    assert [] == told(**GOOD | {figure: inside})
    assert [("remeasured", "person")] == told(**GOOD | {figure: outside})


def test_the_finding_says_which_length_by_how_much() -> None:
    (found,) = findings(NOBODY, SPEC, GOOD | {"crown": 30.5})
    assert "成片复测超出规格（头顶超出范围像素 19.5，限值 8）" == found.discrepancy.text


@pytest.mark.parametrize("faces", [0, 2])
def test_a_portrait_without_a_single_face_is_a_finding(faces: float) -> None:
    assert [("remeasured", "person")] == told(portrait_faces=faces)


def test_a_portrait_that_was_not_measured_gives_rise_to_nothing() -> None:
    assert [] == told()


def test_a_wrong_cut_is_found_by_the_pixels_alone() -> None:
    crop = solve(reading_of(FRAMES[3]).face, 1600, 2400, SPEC)  # type: ignore[arg-type]
    assert isinstance(crop, Crop)
    wrong = Crop(crop.scale, crop.left + 60, crop.top + 150, crop.right + 60, crop.bottom + 150)
    assert [("remeasured", "person")] == told(**rendered(FRAMES[3], wrong).figures)


@pytest.mark.parametrize("side", ["left", "right", "top"])
@pytest.mark.parametrize("pixels", [2, 6])
def test_a_dark_edge_is_found(side: str, pixels: int) -> None:
    assert [("dark-edges", "person")] == told(**GOOD | {"edge_dark": edged(side, pixels)})


def test_light_that_falls_off_a_little_to_the_corners_is_no_dark_edge() -> None:
    pixels = np.asarray(Image.open(BytesIO(rendered(FRAMES[3]).jpeg))).astype(float)
    y, x = np.mgrid[-1:1:640j, -1:1:480j]
    vignette = pixels * (1 - 0.15 * (x**2 + y**2))[..., np.newaxis]
    assert [] == told(
        **GOOD | {"edge_dark": remeasure(jpeg_of(Image.fromarray(vignette.astype(np.uint8))))["edge_dark"]}
    )
