"""Profiles: what the shipped one says, how a wrong one is refused, and what findings follow from it."""

from importlib.resources import files
from pathlib import Path
from typing import get_args

import pytest

from config.spec import CheckName, SpecError, load_spec
from gradphoto.checks import findings, lab
from gradphoto.discrepancy import CHECKS
from gradphoto.reading import Face, Reading

SPEC = load_spec("chsi-2017")
SHIPPED = (files("config") / "specs" / "chsi-2017.toml").read_text(encoding="utf-8")


def a_reading(faces: int = 1, roll: float = 0, yaw: float = 0, **figures: float) -> Reading:
    """A reading that differs from a clean one only in what is given."""
    face = Face(crown=1, eye=2, chin=3, width=1, cx=1, roll=roll, yaw=yaw)
    return Reading(sha256="", version="", faces=faces, face=face if faces == 1 else None, figures=figures)


def test_the_shipped_profile_is_that_of_document_99() -> None:
    assert (SPEC.width, SPEC.height, SPEC.dpi) == (480, 640, 300)
    assert (SPEC.quality_min, SPEC.bytes_min, SPEC.bytes_max) == (60, 30 * 1024, 40 * 1024)
    assert [(r.low, r.high) for r in (SPEC.crown, SPEC.eye, SPEC.face)] == [(50, 110), (200, 300), (180, 300)]


def test_every_check_has_words_and_every_word_its_check() -> None:
    assert set(CHECKS) == set(get_args(CheckName)) == set(SPEC.checks)


def test_a_profile_of_ones_own_is_read_from_its_file(tmp_path: Path) -> None:
    path = tmp_path / "own.toml"
    path.write_text(SHIPPED.replace("bytes_max = 40960", "bytes_max = 61440"), encoding="utf-8")
    assert 61440 == load_spec(path).bytes_max


@pytest.mark.parametrize(
    ("right", "wrong", "named"),
    [
        ("width = 480", "width = 0", "width"),
        ("width = 480", "", "width：缺少"),
        ("width = 480", "width = 480\nbreadth = 1", "breadth：不认识"),
        ("crown = { low = 50, high = 110 }", "crown = { low = 50, high = 40 }", "crown"),
        ("eye = 250", "eye = 900", "aim.eye"),
        ("bytes_min = 30720", "bytes_min = 50000", "bytes_min"),
        ('means = "refuse"', 'means = "perhaps"', "checks.blurred.0.means"),
        ("checks.tilted", "checks.slanted", "checks.slanted"),
        ('figure = "roll"', 'figure = "pitch"', "checks.tilted.0.figure"),
        ("width = 480", "width = = 480", "TOML"),
    ],
)
def test_a_wrong_profile_is_refused_in_one_line_that_names_the_key(
    tmp_path: Path, right: str, wrong: str, named: str
) -> None:
    path = tmp_path / "wrong.toml"
    path.write_text(SHIPPED.replace(right, wrong, 1), encoding="utf-8")
    with pytest.raises(SpecError) as refused:
        load_spec(path)
    message = str(refused.value)
    assert named in message
    assert str(path) in message
    assert 1 == len(message.splitlines())


def test_a_profile_that_does_not_exist_is_refused_by_its_name() -> None:
    with pytest.raises(SpecError, match="chsi-1999"):
        load_spec("chsi-1999")


def test_a_clean_reading_has_no_findings() -> None:
    assert () == findings(a_reading(sharpness=0.03, eye_open=0.3, glasses=50, blue_top=0.1), SPEC)


@pytest.mark.parametrize(
    ("reading", "expected"),
    [
        (a_reading(faces=2), ("several-faces", "person", 2, 1)),
        (a_reading(roll=-6), ("tilted", "person", 6, 5.5)),
        (a_reading(sharpness=0.003), ("blurred", "person", 0.003, 0.005)),
        (a_reading(sharpness=0.001), ("blurred", "refuse", 0.001, 0.0015)),
        (a_reading(eye_open=0.1), ("eyes-closed", "person", 0.1, 0.15)),
    ],
)
def test_a_figure_beyond_its_bound_is_a_finding(reading: Reading, expected: tuple[str, str, float, float]) -> None:
    assert [expected] == [finding[:4] for finding in findings(reading, SPEC)]


def test_findings_come_in_the_order_of_the_profile_and_say_figure_and_bound() -> None:
    found = findings(a_reading(roll=7, yaw=0.5, sharpness=0.001), SPEC)
    assert [finding.code for finding in found] == ["tilted", "turned", "blurred"]
    assert "头部倾斜（7，限值 5.5）" == found[0].discrepancy.text


def test_a_backdrop_is_compared_in_the_eyes_colour_space() -> None:
    l, a, b = lab(SPEC.backdrop)  # noqa: E741
    assert () == findings(a_reading(backdrop_l=l, backdrop_a=a, backdrop_b=b), SPEC)
    white = findings(a_reading(backdrop_l=100, backdrop_a=0, backdrop_b=0), SPEC)
    assert [finding[:2] for finding in white] == [("backdrop-colour", "person")]
