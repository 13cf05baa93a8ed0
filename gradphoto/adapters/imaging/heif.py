"""HEIC, as phones and newer cameras write it: which files are one, their colours, and whether they are whole.

The decoder turns and mirrors the picture by itself (`irot`, `imir`), so what EXIF says of it counts no more.
It conceals damage, and HEVC has no sums; what can be proven here is a hole of zeros or a cut.
"""

from io import BytesIO
from typing import Any

import pillow_heif
from PIL import Image
from pillow_heif.as_plugin import HeifImageFile

from gradphoto.adapters.imaging.icc import BT2020, P3, matrix_profile
from gradphoto.adapters.imaging.iso_boxes import coded_parts
from gradphoto.discrepancy import Discrepancy

pillow_heif.options.DECODE_THREADS = 1
pillow_heif.options.THUMBNAILS = False
pillow_heif.options.DEPTH_IMAGES = False
pillow_heif.options.AUX_IMAGES = False

_STILL = (b"heic", b"heix", b"heim", b"heis")
_ANY = (b"mif1", b"mif2", b"miaf")
"""Brands of a container that may hold pictures of any coding: the brands after it say which."""

_HDR = (16, 18)
"""Transfer functions PQ and HLG (ITU-T H.273): light for another kind of screen, grey when shown as it is."""
_PRIMARIES = {9: BT2020, 11: P3, 12: P3}
_GAMMA = {4: 2.2, 5: 2.8, 8: 1.0}


def is_heic(data: bytes) -> bool:
    """Whether a file begins as a still picture in HEVC; sequences (`hevc`, `msf1`) and AVIF do not."""
    if data[4:8] != b"ftyp":
        return False
    brand, length = data[8:12], min(int.from_bytes(data[:4], "big"), 256)
    others = {data[at : at + 4] for at in range(16, length, 4)}
    return brand in _STILL or (brand in _ANY and not others.isdisjoint(_STILL))


def opened(data: bytes) -> Image.Image:
    """The primary picture, upright, 8 bits a channel, not decoded yet; anything may be raised for bad data."""
    picture: Image.Image = HeifImageFile(BytesIO(data))  # type: ignore[no-untyped-call]
    return picture


def profile(image: Image.Image) -> bytes | None:
    """The ICC profile that is embedded, or one made of the numbers that stand for it; None for sRGB."""
    icc: bytes | None = image.info.get("icc_profile")
    numbers = image.info.get("nclx_profile") or {}
    primaries = _PRIMARIES.get(numbers.get("color_primaries", 1))
    return icc or (matrix_profile(primaries, _gamma(numbers)) if primaries or _gamma(numbers) else None)


def is_hdr(image: Image.Image) -> bool:
    """Whether its light is meant for a screen of high dynamic range."""
    return (image.info.get("nclx_profile") or {}).get("transfer_characteristics") in _HDR


def _gamma(numbers: dict[str, Any]) -> float | None:
    return _GAMMA.get(numbers.get("transfer_characteristics", 1))


def damage(data: bytes) -> Discrepancy | None:
    """What proves that its coded pictures were not written so.

    Each is a chain of units with their lengths before them, to its very end, and within a unit no three bytes
    run 0, 0, 0 to 0, 0, 2: the coding itself prevents that (ITU-T H.265, 7.4.2).
    """
    parts = list(coded_parts(data))
    if not all(part.whole for part in parts):
        return Discrepancy(code="truncated")
    broken = any(not _is_chain(part.units, part.width) for part in parts)
    return Discrepancy(code="corrupt", detail="图像数据中有空洞") if broken else None


def _is_chain(units: bytes, width: int) -> bool:
    at = 0
    while at < len(units):
        end = at + width + int.from_bytes(units[at : at + width], "big")
        unit = units[at + width : end]
        if end > len(units) or not unit or any(bytes((0, 0, last)) in unit for last in range(3)):
            return False
        at = end
    return True
