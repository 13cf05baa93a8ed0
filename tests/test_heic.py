"""HEIC: which files are read, and that a damaged one is held or harmless, never the end of a run."""

import random
from collections import Counter
from collections.abc import Callable
from functools import cache
from hashlib import sha256
from pathlib import Path

import pytest
from PIL import Image

import gradphoto.demo
from gradphoto.adapters.imaging.heif import damage, is_heic
from gradphoto.adapters.imaging.reader import read_original
from gradphoto.adapters.processes import Died, each
from gradphoto.discrepancy import FILE
from gradphoto.reading import Reading
from tests.colour_ways import heic
from tests.test_limits import read_with_little_memory

FRAME = Path(gradphoto.demo.__file__).parent / "frames" / "sitter-04.jpg"


@cache
def picture(tile_size: int = 0) -> bytes:
    with Image.open(FRAME) as image:
        small = image.convert("RGB").resize((480, 720))
    return heic(small, quality=80, chroma=420, **({"tile_size": tile_size} if tile_size else {}))


def read(data: bytes) -> Reading:
    return read_original(data, sha256(data).hexdigest(), "IMG_1.HEIC")


def outcome(data: bytes) -> str:
    return read(data).trouble or "read"


def branded(brand: bytes, *others: bytes) -> bytes:
    """The picture under another brand."""
    length = int.from_bytes(picture()[:4], "big")
    ftyp = b"ftyp" + brand + bytes(4) + b"".join(others)
    return (len(ftyp) + 4).to_bytes(4, "big") + ftyp.ljust(length - 4, b"\0") + picture()[length:]


def test_a_picture_from_a_phone_is_read() -> None:
    reading = read(picture())
    assert ("HEIF", 480, 720, 1) == (reading.format, reading.width, reading.height, reading.faces)
    assert damage(picture()) is None
    assert damage(picture(tile_size=128)) is None


@pytest.mark.parametrize(
    ("brand", "others", "still"),
    [
        (b"heic", (b"mif1", b"heic"), True),
        (b"heix", (b"mif1", b"heix"), True),
        (b"mif1", (b"mif1", b"heic"), True),
        (b"mif1", (b"avif",), False),
        (b"avif", (b"mif1",), False),
        (b"avis", (b"msf1",), False),
        (b"hevc", (b"msf1", b"heic"), False),
        (b"msf1", (b"hevc",), False),
        (b"qt  ", (), False),
        (b"isom", (b"mp41",), False),
    ],
)
def test_a_still_picture_is_read_and_everything_else_in_such_a_container_is_held_by_name(
    brand: bytes, others: tuple[bytes, ...], still: bool
) -> None:
    data = branded(brand, *others)
    assert still == is_heic(data)
    assert still or ("unsupported", True) == (read(data).trouble, bool(read(data).detail))


def test_light_for_another_kind_of_screen_is_held_by_name() -> None:
    with Image.open(FRAME) as image:
        small = image.convert("RGB").resize((240, 360))
    reading = read(heic(small, transfer_characteristics=16, color_primaries=9))
    assert ("unsupported", "HDR（PQ或HLG）") == (reading.trouble, reading.detail)


def test_a_picture_that_wants_more_memory_than_there_is_is_held() -> None:
    large = heic(Image.new("RGB", (4000, 4000), "red"))
    ((_, trouble),) = each(read_with_little_memory, [large], 1)
    assert trouble in ("too-large", "corrupt")


@pytest.mark.parametrize("tile_size", [0, 128])
@pytest.mark.parametrize("tenth", range(10))
def test_a_cut_and_a_hole_of_zeros_are_held_though_the_decoder_conceals_them(tenth: int, tile_size: int) -> None:
    data = picture(tile_size)
    start = len(data) * (2 * tenth + 1) // 20
    hole = data[:start] + bytes(4096) + data[start + 4096 :]
    assert outcome(data[:start]) in ("truncated", "corrupt")
    assert outcome(hole[: len(data)]) in ("truncated", "corrupt")


def flipped(number: int) -> bytes:
    """The picture with one bit turned, every third time in the boxes before the pixels."""
    chance, data = random.Random(number), bytearray(picture(128 * (number % 2)))
    data[chance.randrange(len(data) if number % 3 else 2000)] ^= 1 << chance.randrange(8)
    return bytes(data)


def outcome_of(number: int) -> str:
    return outcome(flipped(number))


def test_no_damage_ends_a_run(amount: Callable[[int, int], int], figure: Callable[[str], None]) -> None:
    """Single bits anywhere; the coding has no sums, so many go unseen."""
    numbers = range(amount(40, 5000))
    found = Counter("died" if isinstance(result, Died) else result for _, result in each(outcome_of, numbers, 2))
    told = ", ".join(f"{word} {count}" for word, count in found.most_common())
    figure(f"{len(numbers)} flipped bits in HEIC: {told}")
    assert set(found) <= {"read", *FILE} - {"reader-died"}
