"""Portraits: size, bytes, colours and tags of what is delivered, whatever the original was."""

import json
import shutil
import subprocess
from dataclasses import replace
from datetime import datetime
from functools import cache
from io import BytesIO
from pathlib import Path
from struct import pack
from typing import Any

import numpy as np
import piexif
import pytest
from PIL import Image, ImageCms

import gradphoto.demo
from config.spec import load_spec
from gradphoto.adapters.imaging.render import TAG_BUDGET, Rendered, encode, render
from gradphoto.adapters.imaging.tags import Tags, tag
from gradphoto.adapters.imaging.turn import upright_pixels
from gradphoto.demo.slates import camera_exif
from gradphoto.discrepancy import Discrepancy
from gradphoto.geometry import Crop, solve
from gradphoto.reading import Face, Reading
from gradphoto.versions import RECIPE

SPEC = load_spec("chsi-2017")
FRAMES = Path(gradphoto.demo.__file__).parent / "frames"
TRUTH = json.loads((FRAMES / "truth.json").read_text(encoding="utf-8"))
NOON = datetime(2023, 7, 2, 10, 5, 6, 70_000)
TAGS = Tags(
    student_no="2164001200017",
    recipe=RECIPE,
    spec_id=SPEC.id,
    source_sha256="ab" * 32,
    taken="2023-07-02T10:05:06.070000",
    artist="新华社宁夏分社",
    copyright="宁夏开放大学",
)
STORED = {2: 0, 3: 3, 4: 1, 5: 5, 6: 2, 7: 6, 8: 4}
"""How `Image.transpose` lays an upright picture down for each EXIF orientation."""


def crop_of(name: str) -> Crop:
    """The crop of a sample frame by its measured truth."""
    truth = TRUTH[name]
    lengths = {key: truth[key] for key in ("crown", "eye", "chin", "cx", "roll")}
    crop = solve(Face(**lengths, width=truth["face"], yaw=0), 1600, 2400, SPEC)
    assert isinstance(crop, Crop)
    return crop


def rendered(data: bytes, crop: Crop, orientation: int = 1) -> Rendered:
    """The portrait of an original that has one."""
    portrait = render(data, Reading(sha256="", version="", orientation=orientation), crop, SPEC)
    assert isinstance(portrait, Rendered)
    return portrait


@cache
def sample(name: str = "sitter-04.jpg") -> Rendered:
    return rendered((FRAMES / name).read_bytes(), crop_of(name))


def saved(image: Image.Image, kind: str = "JPEG", **options: Any) -> bytes:
    out = BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def opened(data: bytes) -> Image.Image:
    image = Image.open(BytesIO(data))
    image.load()
    return image


def pixels(data: bytes) -> np.ndarray[Any, np.dtype[np.int16]]:
    return np.asarray(opened(data).convert("RGB")).astype(np.int16)


def mean_difference(one: bytes, other: bytes) -> float:
    return float(np.abs(pixels(one) - pixels(other)).mean())


def the_frame() -> Image.Image:
    return opened((FRAMES / "sitter-04.jpg").read_bytes())


@pytest.mark.parametrize("name", sorted(TRUTH))
def test_every_sample_frame_makes_a_portrait_to_the_specification(name: str) -> None:
    portrait = sample(name)
    jpeg = tag(portrait.jpeg, TAGS, SPEC.bytes_max)
    image = opened(jpeg)
    assert (
        image.size,
        image.mode,
        image.format,
        image.info["dpi"],
    ) == ((480, 640), "RGB", "JPEG", (300, 300))
    assert SPEC.bytes_min <= len(portrait.jpeg) < len(jpeg) <= SPEC.bytes_max
    assert SPEC.quality_min <= portrait.quality
    assert "progressive" not in image.info


def test_the_same_original_makes_the_same_bytes() -> None:
    data, crop = (FRAMES / "sitter-04.jpg").read_bytes(), crop_of("sitter-04.jpg")
    assert rendered(data, crop) == rendered(data, crop)


def test_the_quality_is_the_highest_that_leaves_room_for_the_tags() -> None:
    portrait = sample()
    higher = saved(opened(portrait.jpeg), quality=portrait.quality + 2, subsampling=2, optimize=True)
    assert len(portrait.jpeg) <= SPEC.bytes_max - TAG_BUDGET < len(higher)


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_frame_is_upright_however_the_camera_was_held(orientation: int) -> None:
    frame = the_frame()
    turn = STORED.get(orientation)
    stored = frame if turn is None else frame.transpose(Image.Transpose(turn))
    data = saved(stored, quality=95, subsampling=0, exif=camera_exif(NOON, "Canon EOS R5", "1", orientation))
    portrait = rendered(data, crop_of("sitter-04.jpg"), orientation)
    assert mean_difference(sample().jpeg, portrait.jpeg) < 1.5
    assert (frame.height, frame.width, 3) == upright_pixels(np.asarray(stored), orientation).shape


@pytest.mark.parametrize(
    ("kind", "options"),
    [
        ("JPEG", {"progressive": True, "quality": 95}),
        ("MPO", {"quality": 95}),
        ("TIFF", {}),
        ("BMP", {}),
        ("TIFF", {"compression": "tiff_lzw"}),
    ],
)
def test_the_coding_of_the_original_does_not_matter(kind: str, options: dict[str, Any]) -> None:
    portrait = rendered(saved(the_frame(), kind, **options), crop_of("sitter-04.jpg"))
    assert mean_difference(sample().jpeg, portrait.jpeg) < 1.5


def test_a_cmyk_original_has_the_right_colours() -> None:
    portrait = rendered(saved(the_frame().convert("CMYK"), quality=95), crop_of("sitter-04.jpg"))
    assert mean_difference(sample().jpeg, portrait.jpeg) < 2


def test_a_picture_in_adobe_rgb_has_the_colours_that_were_meant() -> None:
    wide = ImageCms.ImageCmsProfile(BytesIO(adobe_rgb()))
    meant = ImageCms.profileToProfile(the_frame(), ImageCms.createProfile("sRGB"), wide)
    assert meant is not None
    with_profile = rendered(saved(meant, quality=95, icc_profile=adobe_rgb()), crop_of("sitter-04.jpg"))
    without = rendered(saved(meant, quality=95), crop_of("sitter-04.jpg"))
    assert mean_difference(sample().jpeg, with_profile.jpeg) < 2
    assert mean_difference(sample().jpeg, without.jpeg) > 5


def test_a_broken_profile_does_no_harm() -> None:
    data = saved(the_frame(), quality=95, icc_profile=b"no profile at all" * 20)
    assert mean_difference(sample().jpeg, rendered(data, crop_of("sitter-04.jpg")).jpeg) < 1.5


def test_an_original_that_became_damaged_is_no_portrait() -> None:
    data = (FRAMES / "sitter-04.jpg").read_bytes()
    trouble = render(data[:-9000], Reading(sha256="", version=""), crop_of("sitter-04.jpg"), SPEC)
    assert "truncated" == getattr(trouble, "code", None)


def test_a_picture_too_smooth_or_too_noisy_for_the_byte_range_is_a_finding() -> None:
    noise = np.random.default_rng(1).integers(0, 256, (640, 480, 3), dtype=np.uint8)
    for image in (Image.new("RGB", (480, 640), SPEC.backdrop), Image.fromarray(noise)):
        trouble = encode(image, SPEC)
        assert isinstance(trouble, Discrepancy)
        assert (trouble.code, bool(trouble.detail)) == ("byte-window", True)


def test_a_delivered_portrait_says_whose_it_is_and_what_it_was_made_of() -> None:
    exif = piexif.load(tag(sample().jpeg, TAGS, SPEC.bytes_max))
    main, more = exif["0th"], exif["Exif"]
    assert b"2164001200017" == main[piexif.ImageIFD.ImageDescription] == more[piexif.ExifIFD.ImageUniqueID]
    assert f"gradphoto {RECIPE}".encode() == main[piexif.ImageIFD.Software]
    assert (1, (300, 1), (300, 1)) == tuple(main[key] for key in (0x0112, 0x011A, 0x011B))
    assert "新华社宁夏分社" == main[piexif.ImageIFD.Artist].decode()
    assert "宁夏开放大学" == main[piexif.ImageIFD.Copyright].decode()
    assert b"2023:07:02 10:05:06" == more[piexif.ExifIFD.DateTimeOriginal]
    assert b"07" == more[piexif.ExifIFD.SubSecTimeOriginal]
    comment = more[piexif.ExifIFD.UserComment]
    assert b"UNICODE\0" == comment[:8]
    assert f"chsi-2017 {'ab' * 32}\n新华社宁夏分社\n宁夏开放大学" == comment[8:].decode("utf-16-be")
    assert (exif["GPS"], exif["1st"], exif["thumbnail"]) == ({}, {}, None)


def test_a_comment_without_chinese_is_ascii() -> None:
    tags = replace(TAGS, artist="Xinhua", copyright="")
    more = piexif.load(tag(sample().jpeg, tags, SPEC.bytes_max))["Exif"]
    assert b"ASCII\0\0\0chsi-2017 " + b"ab" * 32 == more[piexif.ExifIFD.UserComment]


@pytest.mark.skipif(shutil.which("exiftool") is None, reason="exiftool is not installed")
def test_another_program_reads_the_chinese_of_the_tags(tmp_path: Path) -> None:
    (tmp_path / "a.jpg").write_bytes(tag(sample().jpeg, TAGS, SPEC.bytes_max))
    command = ["exiftool", "-j", "-UserComment", "-Artist", "-Copyright", "-ImageUniqueID", "a.jpg"]
    told = subprocess.run(command, cwd=tmp_path, capture_output=True, check=True, timeout=60)
    (found,) = json.loads(told.stdout)
    assert f"chsi-2017 {'ab' * 32}\n新华社宁夏分社\n宁夏开放大学" == found["UserComment"]
    assert ("新华社宁夏分社", "宁夏开放大学") == (found["Artist"], found["Copyright"])
    assert "2164001200017" == str(found["ImageUniqueID"])


def test_tags_change_no_pixel_and_leave_the_jfif_density_in_place() -> None:
    tagged = tag(sample().jpeg, TAGS, SPEC.bytes_max)
    assert 0 == mean_difference(sample().jpeg, tagged)
    assert b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01\x01\x01\x01\x2c\x01\x2c" == tagged[:18]


def test_nothing_of_the_cameras_own_tags_is_delivered() -> None:
    gps = {piexif.GPSIFD.GPSLatitudeRef: b"N", piexif.GPSIFD.GPSLatitude: ((38, 1), (29, 1), (0, 1))}
    exif = piexif.dump({"0th": {piexif.ImageIFD.Make: b"Canon"}, "Exif": {0x927C: b"maker note"}, "GPS": gps})
    portrait = rendered(saved(the_frame(), quality=95, exif=exif), crop_of("sitter-04.jpg"))
    tagged = tag(portrait.jpeg, TAGS, SPEC.bytes_max)
    assert [word for word in (b"Canon", b"maker note") if word in tagged] == []
    assert {} == piexif.load(tagged)["GPS"]


def test_tags_that_would_break_the_byte_range_are_refused() -> None:
    with pytest.raises(ValueError, match="over 30000"):
        tag(sample().jpeg, TAGS, 30_000)


def adobe_rgb() -> bytes:
    """A matrix profile with the primaries and the gamma of Adobe RGB (1998), adapted to D50 (ICC.1:2001)."""

    def xyz(*values: float) -> bytes:
        return b"XYZ \0\0\0\0" + pack(">3i", *(round(value * 65536) for value in values))

    text = b"wide"
    curve = b"curv\0\0\0\0" + pack(">IH", 1, round(2.19921875 * 256)) + b"\0\0"
    parts = {
        b"desc": b"desc\0\0\0\0" + pack(">I", len(text) + 1) + text + b"\0" + bytes(82),
        b"wtpt": xyz(0.9642, 1, 0.8249),
        b"rXYZ": xyz(0.60974, 0.31111, 0.01947),
        b"gXYZ": xyz(0.20528, 0.62567, 0.06087),
        b"bXYZ": xyz(0.14919, 0.06322, 0.74457),
        b"rTRC": curve,
        b"gTRC": curve,
        b"bTRC": curve,
    }
    table, body = b"", b""
    for name, part in parts.items():
        table += name + pack(">II", 128 + 4 + 12 * len(parts) + len(body), len(part))
        body += part + bytes(-len(part) % 4)
    head = pack(
        ">I4xI4s4s4s12x4s20x4x", 132 + len(table) + len(body), 0x02100000, b"mntr", b"RGB ", b"XYZ ", b"acsp"
    )
    head += bytes(4) + pack(">3i", 63190, 65536, 54061)
    return head.ljust(128, b"\0") + pack(">I", len(parts)) + table + body
