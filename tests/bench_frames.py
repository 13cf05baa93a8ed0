"""The frames of the benchmark: 24 megapixels each, seeded, both stored orientations, one in twenty a slate."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from io import BytesIO
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

import gradphoto.demo
from gradphoto.demo.slates import camera_exif, phone_slate

CLEAN = (3, 4, 5, 7, 8, 9, 11, 12, 13, 15, 18, 19)
"""Sample sitters who pass every check."""
SLATE_EVERY = 20
_SIZE = 4000, 6000
_START = datetime(2023, 7, 3, 9)
_SENSOR = 6.0
"""Standard deviation of the noise in levels: with it and this quality a frame has about 7.7 MB."""
_QUALITY = 91


def large(folder: Path, count: int) -> None:
    """Frames as a 24-megapixel camera writes them, upright by their orientation whichever way they are stored."""
    folder.mkdir(parents=True)
    for number in range(count):
        name = f"IMG_{number + 1:04d}.JPG"
        (folder / name).write_bytes(_large(number, slate=number % SLATE_EVERY == 0))


def small(folder: Path, count: int) -> None:
    """As many sample frames of 3.8 megapixels, no two of the same bytes: for how cost grows."""
    folder.mkdir(parents=True)
    for number, data in zip(range(count), _samples(), strict=False):
        note = f"frame {number}".encode()
        segment = b"\xff\xfe" + (len(note) + 2).to_bytes(2, "big") + note
        (folder / f"IMG_{number + 1:04d}.JPG").write_bytes(data[:2] + segment + data[2:])


def _samples() -> Iterator[bytes]:
    while True:
        for sitter in CLEAN:
            yield _path(sitter).read_bytes()


def _path(sitter: int) -> Path:
    return Path(gradphoto.demo.__file__).parent / "frames" / f"sitter-{sitter:02d}.jpg"


def _large(number: int, slate: bool) -> bytes:
    orientation = (1, 6, 8)[number % 3]
    with Image.open(_path(CLEAN[number % len(CLEAN)])) as image:
        upright = image.convert("RGB").resize(_SIZE, Image.Resampling.BICUBIC)
    if slate:
        upright = phone_slate(f"code-{number}", upright, 0.3)
    pixels = np.rot90(_noisy(np.asarray(upright), number), {1: 0, 6: 1, 8: 3}[orientation])
    exif = camera_exif(_START + timedelta(seconds=30 * number), "Canon EOS R6", "082024001234", orientation)
    out = BytesIO()
    Image.fromarray(np.ascontiguousarray(pixels)).save(out, "JPEG", quality=_QUALITY, exif=exif)
    return out.getvalue()


def _noisy(pixels: NDArray[np.uint8], seed: int) -> NDArray[np.uint8]:
    """The grain of a sensor; enlarging left none."""
    grain = np.random.default_rng(seed).standard_normal(pixels.shape[:2], np.float32) * np.float32(_SENSOR)
    return np.clip(pixels + grain[..., np.newaxis], 0, 255).astype(np.uint8)
