"""Readings: what is found in a file, and that no file is too broken, large or odd to be answered for."""

from datetime import datetime
from functools import cache
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

import gradphoto.demo
from gradphoto.adapters.imaging.reader import read_original
from gradphoto.demo.slates import camera_exif, phone_slate
from gradphoto.discrepancy import FILE, NOTES
from gradphoto.reading import Reading
from gradphoto.versions import READER

FRAMES = Path(gradphoto.demo.__file__).parent / "frames"
NOON = datetime(2023, 7, 2, 12, 0, 1, 250_000)
CODE = "NX-6b1f0c93d2"


@cache
def frame_bytes(name: str = "sitter-04.jpg") -> bytes:
    return (FRAMES / name).read_bytes()


def frame(name: str = "sitter-04.jpg") -> Image.Image:
    image = Image.open(FRAMES / name)
    image.load()
    return image


def saved(image: Image.Image, kind: str = "JPEG", **options: Any) -> bytes:
    out = BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def read(data: bytes, name: str = "IMG_0001.JPG") -> Reading:
    return read_original(data, sha256(data).hexdigest(), name)


def texts(reading: Reading) -> list[str | None]:
    return [code.text for code in reading.codes]


def test_a_reading_tells_time_camera_and_body() -> None:
    reading = read(saved(frame(), exif=camera_exif(NOON, "Canon EOS R5", "012021001")))
    assert (reading.format, reading.width, reading.height, reading.trouble) == ("JPEG", 1600, 2400, None)
    assert "2023-07-02T12:00:01.250000" == reading.taken
    assert (reading.camera, reading.serial) == ("Canon EOS R5", "012021001")
    assert reading.version == READER


def test_a_portrait_has_one_face_and_no_code() -> None:
    reading = read(frame_bytes())
    assert reading.face is not None
    assert (reading.faces, reading.codes) == (1, ())


@pytest.mark.parametrize("orientation", [3, 6, 8])
def test_a_face_is_found_in_the_upright_picture_however_the_camera_was_held(orientation: int) -> None:
    lay = {3: Image.Transpose.ROTATE_180, 6: Image.Transpose.ROTATE_90, 8: Image.Transpose.ROTATE_270}
    exif = camera_exif(NOON, "Canon EOS R5", "1", orientation)
    straight = read(frame_bytes())
    turned = read(saved(frame().transpose(lay[orientation]), quality=95, exif=exif))
    assert (1600, 2400, orientation) == (turned.width, turned.height, turned.orientation)
    assert straight.face is not None
    assert turned.face is not None
    assert straight.face.eye == pytest.approx(turned.face.eye, abs=6)
    assert straight.face.cx == pytest.approx(turned.face.cx, abs=6)


@pytest.mark.parametrize("share", [0.16, 0.3, 0.55])
@pytest.mark.parametrize("dark_mode", [False, True])
def test_a_code_is_read_from_a_phone_however_it_is_held(share: float, dark_mode: bool) -> None:
    tilt = {0.16: -15, 0.3: 8, 0.55: 15}[share]
    slate = phone_slate(CODE, frame(), share, tilt=tilt, blur=2, dark_mode=dark_mode)
    reading = read(saved(slate, quality=90))
    assert [CODE] == texts(reading)
    assert share <= reading.codes[0].width <= share * 1.35


def test_two_codes_in_a_frame_are_both_read() -> None:
    slate = phone_slate("SECOND-CODE", (1600, 2400), 0.2)
    slate.paste(phone_slate(CODE, (800, 1200), 0.3), (0, 0))
    assert [CODE, "SECOND-CODE"] == texts(read(saved(slate, quality=90)))


def test_a_code_that_cannot_be_read_is_told_from_none() -> None:
    slate = phone_slate("https://my.chsi.com.cn/code?c=" + "A1B2" * 10, (1600, 2400), 0.3, blur=8)
    assert [None] == texts(read(saved(slate, quality=90)))


@pytest.mark.parametrize("name", sorted(path.name for path in FRAMES.glob("*.jpg")))
def test_no_sample_frame_is_taken_for_a_slate(name: str) -> None:
    reading = read(frame_bytes(name))
    assert (reading.codes, reading.trouble) == ((), None)


@pytest.mark.parametrize("tenth", range(10))
def test_a_truncated_file_is_held(tenth: int) -> None:
    data = frame_bytes()
    assert "truncated" == read(data[: len(data) * (2 * tenth + 1) // 20]).trouble


@pytest.mark.parametrize("tenth", range(10))
@pytest.mark.parametrize("options", [{}, {"progressive": True}, {"optimize": True}])
def test_a_hole_of_zeros_is_held(tenth: int, options: dict[str, Any]) -> None:
    data = saved(frame(), quality=85, **options)
    start = len(data) * (2 * tenth + 1) // 20
    reading = read(data[:start] + bytes(4096) + data[start + 4096 :])
    assert reading.trouble in ("corrupt", "truncated")
    assert reading.detail


def test_a_missing_end_is_held() -> None:
    assert "truncated" == read(frame_bytes()[:-2]).trouble


def test_the_checksums_of_a_png_are_believed() -> None:
    data = bytearray(saved(frame().resize((400, 600)), "PNG"))
    data[len(data) // 2] ^= 1
    assert "corrupt" == read(bytes(data)).trouble


@pytest.mark.parametrize(("spot", "extra"), [(20, b"abc"), (-2, bytes(300))])
def test_a_few_bytes_too_many_are_only_a_note(spot: int, extra: bytes) -> None:
    data = frame_bytes()
    reading = read(data[:spot] + extra + data[spot:])
    assert (reading.trouble, reading.notes, reading.faces) == (None, ("extraneous-bytes",), 1)
    assert set(reading.notes) <= set(NOTES)


def test_other_bytes_before_the_end_are_held_for_they_may_be_all_that_is_seen_of_a_damage() -> None:
    data = frame_bytes()
    assert "corrupt" == read(data[:-2] + b"few bytes" + data[-2:]).trouble


def test_bytes_too_many_do_not_hide_a_hole() -> None:
    data = frame_bytes()
    middle = len(data) // 2
    assert read(data[:20] + b"abc" + data[20:middle] + bytes(4096) + data[middle + 4096 :]).trouble == "corrupt"


def test_junk_after_the_end_does_no_harm() -> None:
    reading = read(frame_bytes() + b"junk" * 500)
    assert (reading.trouble, reading.notes, reading.faces) == (None, (), 1)


@pytest.mark.parametrize(
    ("data", "name", "trouble"),
    [
        (b"", "a.jpg", "empty"),
        (bytes(5000), "a.jpg", "empty"),
        (b"not a picture at all\n" * 9, "a.jpg", "not-a-picture"),
        (b"\xff\xd8\xff\xe0", "a.jpg", "truncated"),
        (b"GIF89a" + bytes(50), "a.jpg", "unsupported"),
        (b"\0\0\0\x18ftypheic" + bytes(200), "IMG_1.HEIC", "corrupt"),
        (b"\0\0\0\x18ftyphevc" + bytes(200), "IMG_1.HEIC", "unsupported"),
        (b"\0\0\0\x18ftypavif" + bytes(200), "IMG_1.HEIC", "unsupported"),
        (b"II*\0\x10\0\0\0CR\2\0" + bytes(200), "IMG_1.CR2", "raw-alone"),
        (b"\0\0\0\x18ftypcrx " + bytes(200), "IMG_1.CR3", "raw-alone"),
        (b"FUJIFILMCCD-RAW 0201" + bytes(200), "DSCF1.RAF", "raw-alone"),
        (b"MM\0*\0\0\0\x08" + bytes(200), "DSC_1.NEF", "raw-alone"),
    ],
)
def test_what_is_no_picture_is_held_by_name(data: bytes, name: str, trouble: str) -> None:
    assert trouble == read(data, name).trouble
    assert trouble in FILE


@pytest.mark.parametrize("side", [12_000, 20_000])
def test_a_picture_of_too_many_pixels_is_never_decoded(side: int) -> None:
    bomb = saved(Image.new("1", (side, side)), "PNG")
    assert "too-large" == read(bomb, "bomb.png").trouble


def test_the_content_decides_not_the_name() -> None:
    assert (read(frame_bytes(), "wrong.png").format, read(frame_bytes(), "wrong.png").faces) == ("JPEG", 1)


@pytest.mark.parametrize(
    ("kind", "mode"),
    [("JPEG", "CMYK"), ("JPEG", "L"), ("PNG", "RGBA"), ("PNG", "P"), ("TIFF", "CMYK"), ("WEBP", "RGB")],
)
def test_a_face_is_found_whatever_the_coding(kind: str, mode: str) -> None:
    small = frame().resize((800, 1200)).convert(mode)
    assert (kind, None, 1) == tuple(
        getattr(read(saved(small, kind)), key) for key in ("format", "trouble", "faces")
    )


def test_grey_of_sixteen_bits_is_not_burnt_out() -> None:
    deep = np.asarray(frame().resize((800, 1200)).convert("L")).astype(np.uint16) * 257
    assert 1 == read(saved(Image.fromarray(deep), "PNG")).faces


@pytest.mark.parametrize("start", range(0, 180, 7))
def test_broken_exif_never_hides_the_picture(start: int) -> None:
    exif = bytearray(camera_exif(NOON, "NIKON CORPORATION Z 6", "6001234"))
    exif[start : start + 6] = b"\xff\xfe\xfd\xfc\xfb\xfa"
    small = saved(frame().resize((400, 600)), exif=bytes(exif)) if exif[:6] == b"Exif\0\0" else frame_bytes()
    assert (read(small).trouble, read(small).faces) == (None, 1)


@pytest.mark.parametrize("time", [b"0000:00:00 00:00:00", b"2023:02:30 10:00:00", b"    :  :     :  :  "])
def test_a_time_that_never_was_is_no_time(time: bytes) -> None:
    exif = camera_exif(NOON, "Canon EOS R5", "1").replace(b"2023:07:02 12:00:01", time)
    assert None is read(saved(frame().resize((400, 600)), exif=exif)).taken


def test_the_same_bytes_have_the_same_reading() -> None:
    assert read(frame_bytes()) == read(frame_bytes())
