"""Whichever way a picture came it makes the same portrait, and a portrait is nothing but a scaled cut of it."""

from datetime import datetime
from functools import cache
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from struct import error as struct_error
from struct import pack
from typing import Any

import cv2
import numpy as np
import piexif
import pytest
from PIL import Image

import gradphoto.demo
from config.spec import load_spec
from gradphoto.adapters.imaging.reader import read_original
from gradphoto.adapters.imaging.render import Rendered, cut, render
from gradphoto.adapters.imaging.tags import Tags, tag, untagged
from gradphoto.demo.slates import camera_exif
from gradphoto.geometry import Crop, solve
from gradphoto.reading import Reading
from tests.colour_ways import COLOURED, GREY, heic, saved

SPEC = load_spec("chsi-2017")
FRAMES = Path(gradphoto.demo.__file__).parent / "frames"
NOON = datetime(2023, 7, 2, 12, 0, 1)
ONE_PERCENT = 255 / 100
STORED = {1: None, 2: 0, 3: 3, 4: 1, 5: 5, 6: 2, 7: 6, 8: 4}
"""How `Image.transpose` lays an upright picture down for each EXIF orientation."""


@cache
def frame() -> Image.Image:
    with Image.open(FRAMES / "sitter-04.jpg") as image:
        return image.convert("RGB").resize((800, 1200), Image.Resampling.LANCZOS)


def read(data: bytes) -> Reading:
    reading = read_original(data, sha256(data).hexdigest(), "IMG_1.JPG")
    assert reading.trouble is None, reading.detail
    return reading


def crop_of(reading: Reading) -> Crop:
    assert reading.face is not None
    crop = solve(reading.face, reading.width, reading.height, SPEC)
    assert isinstance(crop, Crop)
    return crop


def edges(crop: Crop) -> list[float]:
    return [crop.left, crop.top, crop.right, crop.bottom]


@cache
def usual_crop() -> Crop:
    return crop_of(read(saved(frame(), "PNG")))


def portrait(data: bytes, reading: Reading | None = None, crop: Crop | None = None) -> np.ndarray[Any, Any]:
    """The whole way: read, cut, encoded, decoded."""
    made = render(data, reading or read(data), crop or usual_crop(), SPEC)
    assert isinstance(made, Rendered)
    return np.asarray(Image.open(BytesIO(made.jpeg))).astype(float)


@cache
def usual() -> np.ndarray[Any, Any]:
    return portrait(saved(frame(), "PNG"))


def apart(one: Any, other: Any) -> float:
    """Mean difference in levels of 255."""
    return float(np.abs(one - other).mean())


@pytest.mark.parametrize("way", COLOURED)
def test_a_portrait_is_the_same_within_a_hundredth_whichever_way_the_picture_came(way: str) -> None:
    data = COLOURED[way](frame())
    reading = read(data)
    own = crop_of(reading)
    assert apart(usual(), portrait(data, reading)) < ONE_PERCENT
    assert edges(usual_crop()) == pytest.approx(edges(own), abs=4)


@pytest.mark.parametrize("way", GREY)
def test_a_grey_picture_makes_the_same_portrait_in_grey(way: str) -> None:
    made = portrait(GREY[way](frame()))
    assert np.ptp(made, axis=2).max() <= 2
    assert apart(portrait(saved(frame().convert("L"), "PNG")), made) < ONE_PERCENT


@pytest.mark.parametrize("orientation", STORED)
@pytest.mark.parametrize("save", [saved, heic], ids=["JPEG", "HEIC"])
def test_a_picture_is_turned_upright_once_however_the_camera_was_held(save: Any, orientation: int) -> None:
    turn = STORED[orientation]
    stored = frame() if turn is None else frame().transpose(Image.Transpose(turn))
    data = save(stored, exif=camera_exif(NOON, "Canon EOS R5", "1", orientation))
    reading = read(data)
    assert (800, 1200, "2023-07-02T12:00:01.000000") == (reading.width, reading.height, reading.taken)
    assert apart(usual(), portrait(data, reading)) < ONE_PERCENT


def exif_with(entry: bytes, more: bytes = b"") -> bytes:
    """EXIF of one entry in its main directory."""
    return b"Exif\0\0MM\0*\0\0\0\x08" + pack(">H", 1) + entry + bytes(4) + more


BROKEN = {
    "cut off in its first directory": b"Exif\0\0MM\0*\0\0\0\x08\0\x05\x01",
    "a text of unknown type": exif_with(pack(">HHII", 0x10F, 77, 4, 0)),
    "a value beyond the end": exif_with(pack(">HHII", 0x10F, 2, 60_000, 0xFFFFFF)),
    "a directory that is none": exif_with(pack(">HHII", 0x8769, 4, 1, 0xFFFFFFF0)),
    "no byte order": b"Exif\0\0XX\0*\0\0\0\x08" + bytes(20),
    "a thumbnail that is none": exif_with(pack(">HHII", 0x10F, 2, 1, 0), pack(">H", 0)),
}


@pytest.mark.parametrize("kind", BROKEN)
def test_a_picture_with_broken_exif_makes_the_same_portrait_and_is_tagged(kind: str) -> None:
    data = saved(frame(), exif=BROKEN[kind])
    made = render(data, read(data), usual_crop(), SPEC)
    assert isinstance(made, Rendered)
    tagged = tag(made.jpeg, Tags("2164001200017", "p", SPEC.id, "ab" * 32), SPEC.bytes_max)
    assert b"2164001200017" == piexif.load(tagged)["0th"][piexif.ImageIFD.ImageDescription]
    assert untagged(tagged) == made.jpeg
    assert apart(usual(), np.asarray(Image.open(BytesIO(tagged))).astype(float)) < ONE_PERCENT


def test_the_broken_kinds_are_such_as_piexif_raises_on() -> None:
    raised = []
    for exif in BROKEN.values():
        try:
            piexif.load(saved(frame(), exif=exif))
        except (TypeError, ValueError, struct_error, piexif.InvalidImageDataError) as trouble:
            raised.append(type(trouble))
    assert len(raised) >= 3


def redone(name: str, crop: Crop, stretch: float = 1.0) -> np.ndarray[Any, Any]:
    """The same cut by other means: OpenCV's decoder and Lanczos at four times the size, then the mean of 4 × 4."""
    pixels = cv2.imread(str(FRAMES / name))[..., ::-1]
    across, down = 4 * SPEC.width / (crop.right - crop.left), 4 * SPEC.height * stretch / (crop.bottom - crop.top)
    shift = [factor * (0.5 - start) - 0.5 for factor, start in ((across, crop.left), (down, crop.top))]
    matrix = np.array([[across, 0, shift[0]], [0, down, shift[1]]])
    large = cv2.warpAffine(
        pixels,
        matrix,
        (4 * SPEC.width, 4 * SPEC.height),
        flags=cv2.INTER_LANCZOS4,
        borderMode=cv2.BORDER_REPLICATE,
    )
    return cv2.resize(large, (SPEC.width, SPEC.height), interpolation=cv2.INTER_AREA).astype(float)


@pytest.mark.parametrize("name", ["sitter-04.jpg", "sitter-19.jpg", "sitter-26.jpg", "sitter-30-long-hair.jpg"])
def test_a_portrait_is_nothing_but_a_scaled_cut(name: str) -> None:
    data = (FRAMES / name).read_bytes()
    reading = read(data)
    crop = crop_of(reading)
    image = cut(data, reading, crop, SPEC)
    assert isinstance(image, Image.Image)
    made, own = np.asarray(image).astype(float), redone(name, crop)
    assert apart(own, made) < 1.5
    assert np.percentile(np.abs(own - made), 99.9) < 16
    assert apart(own, made[:, ::-1]) > 5 * apart(own, made)
    assert all(apart(redone(name, crop, stretch), made) > 1.5 * apart(own, made) for stretch in (0.99, 1.01))
    assert apart(own, portrait(data, reading, crop)) < 2 * ONE_PERCENT
