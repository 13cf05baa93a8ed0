"""What a picture may cost its worker: a hang, a bomb or a lack of memory costs that picture and no other."""

import os
import resource
import struct
import time
import zlib
from collections.abc import Sequence
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from PIL import Image, PngImagePlugin

import gradphoto.demo
from gradphoto.adapters.imaging.reader import read_original
from gradphoto.adapters.limits import MEMORY, patience
from gradphoto.adapters.processes import Died, each
from gradphoto.discrepancy import FILE
from gradphoto.reading import Reading
from tests.scans import many_scans

FRAME = (Path(gradphoto.demo.__file__).parent / "frames" / "sitter-04.jpg").read_bytes()


def read(data: bytes, name: str = "a.jpg") -> Reading:
    return read_original(data, sha256(data).hexdigest(), name)


def saved(image: Image.Image, kind: str, **options: Any) -> bytes:
    out = BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def outcomes(results: Sequence[object]) -> list[object]:
    return [Died if isinstance(result, Died) else result for result in results]


def wait(item: tuple[float, float]) -> float:
    """Sleep for the first number of seconds with the patience of the second."""
    with patience(item[1]):
        time.sleep(item[0])
    return item[0]


def read_within(item: tuple[bytes, float]) -> str | None:
    with patience(item[1]):
        return read(item[0]).trouble


def read_with_little_memory(data: bytes) -> str | None:
    """The trouble of a picture when the process may grow by 64 MB only."""
    read(FRAME)  # the networks are there
    data_kb = next(
        line.split()[1] for line in Path("/proc/self/status").read_text().splitlines() if "VmData" in line
    )
    _, hard = resource.getrlimit(resource.RLIMIT_DATA)
    resource.setrlimit(resource.RLIMIT_DATA, ((int(data_kb) << 10) + (64 << 20), hard))
    try:
        return read(data).trouble
    finally:
        resource.setrlimit(resource.RLIMIT_DATA, (hard, hard))


def limits(_: int) -> tuple[int, int, str]:
    kinds = (resource.RLIMIT_DATA, resource.RLIMIT_CORE)
    data, core = (resource.getrlimit(kind)[1] for kind in kinds)
    return data, core, Path("/proc/self/oom_score_adj").read_text().strip()


def test_a_hang_costs_only_the_item_it_hung_at() -> None:
    found = each(wait, [(0, 60), (3600, 1), (0, 60)], 2)
    assert [0, Died, 0] == outcomes([result for _, result in found])


def test_time_that_is_not_used_up_is_given_back() -> None:
    assert [0, 2] == [result for _, result in each(wait, [(0, 1), (2, 60)], 1)]


def test_a_legal_picture_of_very_many_scans_is_ended_in_its_time_and_the_others_are_read() -> None:
    assert read(many_scans(1024, 1024)).trouble is None
    slow = many_scans(8192, 13824)
    assert len(slow) < 500_000
    found = each(read_within, [(FRAME, 600), (slow, 1), (FRAME, 600)], 2)
    assert [None, Died, None] == outcomes([result for _, result in found])


def test_a_worker_has_its_limits_leaves_no_dump_and_is_the_first_to_go_when_memory_ends() -> None:
    assert [(MEMORY, 0, "1000")] == [result for _, result in each(limits, [0], 1)]


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "TIFF", "BMP"])
def test_a_picture_that_wants_more_memory_than_there_is_is_held(kind: str) -> None:
    large = Image.new("RGB", (6000, 6000), "red")
    options = {"progressive": True} if kind == "JPEG" else {}
    ((_, trouble),) = each(read_with_little_memory, [saved(large, kind, **options)], 1)
    assert "too-large" == trouble


def test_a_webp_that_wants_more_memory_is_held_too_though_its_decoder_does_not_say_why() -> None:
    large = saved(Image.new("RGB", (6000, 6000), "red"), "WEBP")
    assert [(large, "corrupt")] == list(each(read_with_little_memory, [large], 1))


def claims(width: int, height: int) -> dict[str, bytes]:
    """Headers that promise a size and hold next to nothing."""
    tiff = [
        (256, 4, 1, width),
        (257, 4, 1, height),
        (258, 3, 1, 8),
        (259, 3, 1, 1),
        (262, 3, 1, 1),
        (273, 4, 1, 200),
    ]
    entries = b"".join(struct.pack("<HHII", *entry) for entry in tiff)
    ihdr = b"IHDR" + struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    frame = struct.pack(">BHHB", 8, height, width, 3) + b"\1\x22\0\2\x11\1\3\x11\1"
    return {
        "JPEG": b"\xff\xd8\xff\xc0" + struct.pack(">H", len(frame) + 2) + frame
        + b"\xff\xda\0\x0c\3\1\0\2\x11\3\x11\0?\0",
        "PNG": b"\x89PNG\r\n\x1a\n\0\0\0\r" + ihdr + struct.pack(">I", zlib.crc32(ihdr)) + bytes(50),
        "BMP": b"BM" + struct.pack("<IHHIIiiHHIIIIII", 54, 0, 0, 54, 40, width, height, 1, 24, 0, 0, 0, 0, 0, 0),
        "GIF": b"GIF89a" + struct.pack("<HH", width, height) + bytes(50),
        "TIFF": b"II*\0\x08\0\0\0" + struct.pack("<H", len(tiff)) + entries + bytes(200),
        "WEBP": b"RIFF\x40\0\0\0WEBPVP8X\x0a\0\0\0\0\0\0\0"
        + struct.pack("<I", max(width, 1) - 1)[:3] + struct.pack("<I", max(height, 1) - 1)[:3] + bytes(40),
    }  # fmt: skip


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "BMP", "GIF", "TIFF", "WEBP"])
@pytest.mark.parametrize("size", [(65535, 65535), (65500, 1), (0, 0), (10_000, 10_000)])
def test_a_header_that_promises_too_much_is_held(kind: str, size: tuple[int, int]) -> None:
    assert read(claims(*size)[kind]).trouble in FILE


def exif_loop() -> bytes:
    """EXIF whose main directory names itself as Exif, GPS and interoperability directory, and as the next one."""
    entries = b"".join(struct.pack(">HHII", tag, 4, 1, 8) for tag in (0x8769, 0x8825, 0xA005, 0x14A))
    return b"Exif\0\0MM\0*\0\0\0\x08" + struct.pack(">H", 4) + entries + struct.pack(">I", 8)


def exif_of_one_huge_value_many_times() -> bytes:
    entries = b"".join(struct.pack(">HHII", tag, 1, 60_000, 8) for tag in range(5000))
    return b"Exif\0\0MM\0*\0\0\0\x08" + struct.pack(">H", 5000) + entries


def exif_thumbnail(thumbnail: bytes) -> bytes:
    first = struct.pack(">HHHII", 1, 0x0112, 3, 1, 1 << 16) + struct.pack(">I", 26)
    second = (
        struct.pack(">H", 2)
        + struct.pack(">HHII", 0x201, 4, 1, 56)
        + struct.pack(">HHII", 0x202, 4, 1, len(thumbnail))
    )
    return b"Exif\0\0MM\0*\0\0\0\x08" + first + second + bytes(4) + thumbnail


@pytest.mark.parametrize(
    "exif",
    [exif_loop(), exif_of_one_huge_value_many_times(), exif_thumbnail(many_scans(8192, 8192)[:60_000])],
)
def test_a_bomb_in_the_tags_does_not_hide_the_picture(exif: bytes) -> None:
    data = FRAME[:2] + b"\xff\xe1" + struct.pack(">H", len(exif) + 2) + exif + FRAME[2:]
    assert (None, 1) == (read(data).trouble, read(data).faces)


def test_a_colour_profile_of_ten_megabytes_does_not_hide_the_picture() -> None:
    image = Image.open(BytesIO(FRAME))
    data = saved(image, "JPEG", quality=90, icc_profile=os.urandom(1) * 10_000_000)
    assert (None, 1) == (read(data).trouble, read(data).faces)


@pytest.mark.parametrize("chunk", [b"zTXt", b"iCCP", b"iTXt"])
def test_a_text_that_swells_in_a_png_is_held_or_left_out(chunk: bytes) -> None:
    info = PngImagePlugin.PngInfo()
    packed = zlib.compress(bytes(200_000_000), 9)
    body = {b"zTXt": b"a\0\0", b"iCCP": b"a\0\0", b"iTXt": b"a\0\1\0\0\0"}[chunk] + packed
    info.add(chunk, body)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    assert read(saved(Image.new("RGB", (64, 64)), "PNG", pnginfo=info)).trouble in (None, "corrupt")
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 150_000


@pytest.mark.parametrize("size", [(1, 1), (1, 65_000), (65_000, 1), (3, 2400), (20_000, 7)])
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "TIFF"])
def test_a_picture_of_any_shape_is_read(size: tuple[int, int], kind: str) -> None:
    assert (None, 0) == (lambda found: (found.trouble, found.faces))(read(saved(Image.new("RGB", size), kind)))


def test_a_film_of_a_thousand_frames_is_its_first_one() -> None:
    first, *rest = (Image.new("RGB", (64, 64), (number % 256, 0, 0)) for number in range(1000))
    for kind in ("PNG", "WEBP", "TIFF"):
        assert read(saved(first, kind, save_all=True, append_images=rest)).trouble is None
