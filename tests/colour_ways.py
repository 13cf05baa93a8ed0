"""One picture in every coding and colour space that a camera, a phone or a photo program leaves behind."""

from collections.abc import Callable
from functools import cache, partial
from io import BytesIO
from struct import pack
from typing import Any

import cv2
import numpy as np
import pillow_heif
from PIL import Image, ImageCms

from gradphoto.adapters.imaging.icc import P3, SRGB, matrix_profile
from tests.test_render import adobe_rgb

pillow_heif.register_heif_opener()

FAST = {"enc_params": {"preset": "ultrafast"}, "quality": 95, "chroma": 444}
GAMMA = 1.5
"""Of the inks that the CMYK profile here tells of: a reader that ignores it is far off."""


def saved(image: Image.Image, kind: str = "JPEG", **options: Any) -> bytes:
    out = BytesIO()
    image.save(out, kind, **({"quality": 95, "subsampling": 0} if kind in ("JPEG", "MPO") else {}) | options)
    return out.getvalue()


def heic(image: Image.Image, **options: Any) -> bytes:
    return saved(image, "HEIF", **FAST | options)


def heic_of_ten_bits(image: Image.Image) -> bytes:
    deep = np.asarray(image).astype(np.uint16) * 257
    out = BytesIO()
    pillow_heif.from_bytes("RGB;16", image.size, deep.tobytes()).save(out, **FAST)
    return out.getvalue()


def sixteen_bits(image: Image.Image) -> bytes:
    deep = np.asarray(image)[..., ::-1].astype(np.uint16) * 257
    return bytes(cv2.imencode(".png", deep)[1])


def meant(image: Image.Image, icc: bytes) -> Image.Image:
    """The same colours by the numbers of another profile."""
    other = ImageCms.ImageCmsProfile(BytesIO(icc))
    shown = ImageCms.profileToProfile(image, ImageCms.createProfile("sRGB"), other)
    assert shown is not None
    return shown


def in_profile(icc: bytes, save: Callable[..., bytes], image: Image.Image) -> bytes:
    return save(meant(image, icc), icc_profile=icc)


def by_numbers(image: Image.Image) -> bytes:
    """HEIC in Display P3 that says so without a profile."""
    return heic(meant(image, matrix_profile(P3)), color_primaries=12, transfer_characteristics=13)


def with_inks(image: Image.Image) -> bytes:
    """CMYK under a profile of its own."""
    ink = 255 - 255 * (np.asarray(image) / 255) ** (1 / GAMMA)
    black = np.zeros((*ink.shape[:2], 1))
    inks = Image.fromarray(np.round(np.dstack([ink, black])).astype(np.uint8), "CMYK")
    return saved(inks, icc_profile=ink_profile())


def linear(srgb: Any) -> Any:
    return np.where(srgb > 0.04045, ((srgb + 0.055) / 1.055) ** 2.4, srgb / 12.92)


@cache
def ink_profile(nodes: int = 11) -> bytes:
    """An output profile whose inks darken by another gamma; its table leads to L*a*b* (ICC.1:2001, lut16)."""
    axes = np.meshgrid(*[np.linspace(0, 1, nodes)] * 4, indexing="ij")
    paper = [((1 - axes[channel]) * (1 - axes[3])) ** GAMMA for channel in range(3)]
    xyz = linear(np.stack(paper, axis=-1)) @ np.array(SRGB) / (0.9642, 1, 0.8249)
    x, y, z = np.moveaxis(np.where(xyz > 216 / 24389, np.cbrt(xyz), (24389 / 27 * xyz + 16) / 116), -1, 0)
    lab = np.stack([(116 * y - 16) * 652.8, (500 * (x - y) + 128) * 256, (200 * (y - z) + 128) * 256], axis=-1)
    table = np.clip(np.round(lab), 0, 65535).astype(">u2").tobytes()
    matrix = pack(">9i", *(65536 * (place % 4 == 0) for place in range(9)))
    ramp = pack(">HH", 0, 65535)
    lut = b"mft2\0\0\0\0" + pack(">BBBx", 4, 3, nodes) + matrix + pack(">HH", 2, 2) + 4 * ramp + table + 3 * ramp
    return _profile(b"prtr", b"CMYK", b"Lab ", {b"A2B0": lut})


def grey_profile(gamma: float) -> bytes:
    curve = b"curv\0\0\0\0" + pack(">IH", 1, round(gamma * 256)) + b"\0\0"
    return _profile(b"mntr", b"GRAY", b"XYZ ", {b"kTRC": curve})


def _profile(kind: bytes, space: bytes, reference: bytes, parts: dict[bytes, bytes]) -> bytes:
    white = pack(">3i", 63190, 65536, 54061)
    text = b"desc\0\0\0\0" + pack(">I", 5) + b"test\0" + bytes(82)
    parts = {b"desc": text, b"wtpt": b"XYZ \0\0\0\0" + white, **parts}
    start = 132 + 12 * len(parts)
    table, body = pack(">I", len(parts)), b""
    for name, part in parts.items():
        table += pack(">4sII", name, start + len(body), len(part))
        body += part + bytes(-len(part) % 4)
    head = pack(">I4xI4s4s4s12x4s28x", start + len(body), 0x02100000, kind, space, reference, b"acsp")
    return (head + white).ljust(128, b"\0") + table + body


def grey_by_gamma(image: Image.Image) -> bytes:
    light = linear(np.asarray(image.convert("L")) / 255) ** (1 / 1.0)
    return saved(
        Image.fromarray(np.round(255 * light ** (1 / 1.4)).astype(np.uint8)), icc_profile=grey_profile(1.4)
    )


def deep_grey(image: Image.Image) -> bytes:
    return saved(Image.fromarray(np.asarray(image.convert("L")).astype(np.uint16) * 257), "PNG")


def on_nothing(image: Image.Image) -> bytes:
    """With an alpha channel that is opaque throughout."""
    return saved(image.convert("RGBA"), "PNG")


COLOURED: dict[str, Callable[[Image.Image], bytes]] = {
    "JPEG": saved,
    "progressive": partial(saved, progressive=True),
    "colour halved": partial(saved, subsampling=2),
    "MPO": partial(saved, kind="MPO"),
    "CMYK": lambda image: saved(image.convert("CMYK")),
    "CMYK under a profile": with_inks,
    "AdobeRGB": partial(in_profile, adobe_rgb(), saved),
    "P3": partial(in_profile, matrix_profile(P3), saved),
    "P3 in PNG": partial(in_profile, matrix_profile(P3), partial(saved, kind="PNG")),
    "sRGB profile": partial(saved, icc_profile=ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()),
    "broken profile": partial(saved, icc_profile=b"no profile at all" * 20),
    "PNG": partial(saved, kind="PNG"),
    "PNG of 16 bits": sixteen_bits,
    "PNG with alpha": on_nothing,
    "TIFF": partial(saved, kind="TIFF", compression="tiff_lzw"),
    "BMP": partial(saved, kind="BMP"),
    "WEBP": partial(saved, kind="WEBP", lossless=True),
    "HEIC": heic,
    "HEIC in tiles": partial(heic, tile_size=256),
    "HEIC of 10 bits": heic_of_ten_bits,
    "HEIC in P3": partial(in_profile, matrix_profile(P3), heic),
    "HEIC in P3 by numbers": by_numbers,
}
GREY: dict[str, Callable[[Image.Image], bytes]] = {
    "grey JPEG": lambda image: saved(image.convert("L")),
    "grey under a profile": grey_by_gamma,
    "grey PNG of 16 bits": deep_grey,
    "grey HEIC": lambda image: saved(image.convert("L"), "HEIF", quality=95, enc_params=FAST["enc_params"]),
}
