"""What a file says about itself before its pixels are decoded: format, size, orientation, time, camera.

The content decides, never the name; only a RAW file, which looks like any TIFF, is told by its suffix.
Nothing here raises for bad data: what cannot be used is a trouble, what cannot be read is left out.
"""

import re
import warnings
from dataclasses import dataclass, replace
from io import BytesIO
from pathlib import PurePosixPath

from PIL import Image, UnidentifiedImageError

from gradphoto.adapters.imaging import exif, heif
from gradphoto.adapters.imaging.foreign import foreign_name
from gradphoto.adapters.limits import too_large, wants_memory
from gradphoto.discrepancy import Discrepancy

MAX_PIXELS = 120_000_000
"""Above the largest camera in use (102 MP); decoding more could exhaust a worker's memory."""

READABLE = ("JPEG", "PNG", "TIFF", "WEBP", "BMP")
"""What is decoded besides HEIC; each goes through Pillow's own parser and no other."""

RAW_SUFFIXES = (
    ".3fr", ".arw", ".cr2", ".cr3", ".crw", ".dng", ".erf", ".iiq", ".kdc", ".mrw", ".nef", ".nrw", ".orf",
    ".pef", ".raf", ".raw", ".rw2", ".rwl", ".sr2", ".srw", ".x3f",
)  # fmt: skip

_UPRIGHT = ("TIFF", "HEIF")
"""What the decoder turns upright by itself."""

_RAW = re.compile(
    rb"FUJIFILMCCD-RAW|IIRO|IIRS|MMOR|IIU\0|II\*\0.{4}CR|II\x1a\0.{2}HEAPCCDR|\0MRM|FOVb|.{4}ftypcrx ",
    re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class Header:
    """A file's own words; `width` and `height` in pixels as stored, before the orientation applies."""

    format: str
    mode: str
    width: int
    height: int
    icc: bytes | None
    tags: exif.Tags

    @property
    def upright(self) -> tuple[int, int]:
        """Width and height of the upright picture."""
        turned = self.tags.orientation >= 5
        return (self.height, self.width) if turned else (self.width, self.height)


def read_header(data: bytes, name: str) -> Header | Discrepancy:
    """The header of a picture that can be decoded, or why there is none."""
    if not data.strip(b"\0"):
        return Discrepancy(code="empty", detail=f"{len(data)}字节")
    if _is_raw(data, name):
        return Discrepancy(code="raw-alone")
    if not heif.is_heic(data) and (foreign := foreign_name(data)):
        return Discrepancy(code="unsupported", detail=foreign)
    try:
        return _opened(data)
    except UnidentifiedImageError:
        return _unknown(data)
    except Image.DecompressionBombError:
        return Discrepancy(code="too-large", detail=f"上限{MAX_PIXELS // 1_000_000}百万像素")
    except Exception as trouble:  # a hostile header makes the parsers raise anything at all
        if wants_memory(trouble):
            return too_large()
        code = "truncated" if "Unexpected end of file" in str(trouble) else "corrupt"  # libheif's words
        return Discrepancy(code=code, detail=type(trouble).__name__)


def _is_raw(data: bytes, name: str) -> bool:
    tiff = data[:4] in (b"II*\0", b"MM\0*")
    return bool(_RAW.match(data)) or (tiff and PurePosixPath(name).suffix.lower() in RAW_SUFFIXES)


def open_picture(data: bytes) -> Image.Image:
    """A picture by its own parser, not decoded yet; anything may be raised for bad data."""
    return heif.opened(data) if heif.is_heic(data) else Image.open(BytesIO(data), formats=READABLE)


def _opened(data: bytes) -> Header | Discrepancy:
    with warnings.catch_warnings(action="ignore"), open_picture(data) as image:
        width, height = image.size
        if width * height > MAX_PIXELS:
            return Discrepancy(code="too-large", detail=f"{width}×{height}像素")
        if image.format == "HEIF" and heif.is_hdr(image):
            return Discrepancy(code="unsupported", detail="HDR（PQ或HLG）")
        icc = heif.profile(image) if image.format == "HEIF" else image.info.get("icc_profile")
        tags = exif.read(image)
        if image.format in _UPRIGHT:
            tags = replace(tags, orientation=1)
        kind = "JPEG" if image.format == "MPO" else image.format or ""  # its primary frame is a plain JPEG
        return Header(kind, image.mode, width, height, icc, tags)


def _unknown(data: bytes) -> Discrepancy:
    """A picture's beginning without the rest is damage; anything else is no picture."""
    if data[:3] == b"\xff\xd8\xff":
        return Discrepancy(code="truncated" if b"\xff\xda" not in data else "corrupt")
    if data[:4] in (b"II*\0", b"MM\0*"):
        return Discrepancy(code="unsupported")
    if data[:4] in (b"\x89PNG", b"RIFF"):
        return Discrepancy(code="corrupt")
    return Discrepancy(code="not-a-picture")
