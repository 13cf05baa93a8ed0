"""From bytes to pixels, once and strictly: what a lenient decoder would paint over is a trouble here.

Of a JPEG half the size is enough for everything that is measured, and entropy decoding cannot be scaled
away anyway; strictness holds at any scale. The pixels stay as they are stored: see `turn` for upright ones.
"""

import warnings
from dataclasses import dataclass
from math import ceil
from typing import cast

import numpy as np
import simplejpeg
from numpy.typing import NDArray
from PIL import Image

from gradphoto.adapters.imaging.header import Header, open_picture
from gradphoto.adapters.imaging.heif import damage
from gradphoto.adapters.imaging.tidy import tidy
from gradphoto.adapters.limits import too_large, wants_memory
from gradphoto.discrepancy import Discrepancy

Pixels = NDArray[np.uint8]
"""Height × width × 3 (RGB) or 4 (CMYK), C-contiguous."""

SMALL = 1200
"""Pixels of the shorter side below which a JPEG is decoded in full: a code on it has no pixel to spare."""


@dataclass(frozen=True, slots=True)
class Decoded:
    """Pixels as stored, of the size `scale` × the stored size; `notes` are discrepancy codes."""

    pixels: Pixels
    scale: float
    notes: tuple[str, ...] = ()

    @property
    def image(self) -> Image.Image:
        """The same pixels for Pillow, RGB or CMYK."""
        return Image.fromarray(self.pixels, "CMYK" if self.pixels.shape[2] == 4 else "RGB")


def decode(data: bytes, header: Header, least: float = 0.0) -> Decoded | Discrepancy:
    """The pixels at half or full scale, whichever is not below `least`; or what is wrong with them."""
    if header.format != "JPEG":
        return _other(data, header)
    half = min(header.width, header.height) >= SMALL and least <= 0.5
    try:
        return Decoded(_jpeg(data, header, half), 0.5 if half else 1.0)
    except ValueError as trouble:
        return _doubtful(data, header, half, str(trouble))


def _jpeg(data: bytes, header: Header, half: bool) -> Pixels:
    """A JPEG's pixels; the least sizes are in stored orientation, else a turned one decodes in full."""
    parts = 2 if half else 1
    cmyk = header.mode == "CMYK"
    pixels = simplejpeg.decode_jpeg(
        data,
        "CMYK" if cmyk else "RGB",
        min_height=ceil(header.height / parts),
        min_width=ceil(header.width / parts),
        min_factor=1,
        strict=True,
    )
    return cast(Pixels, 255 - pixels if cmyk else pixels)  # every writer of CMYK JPEGs stores it inverted


def _doubtful(data: bytes, header: Header, half: bool, words: str) -> Decoded | Discrepancy:
    """A refused JPEG: bytes between its parts or zeros at its end are a note, everything else is a trouble.

    Other bytes over at the end are none: of 2,000 damaged JPEGs 26 had 1 to 55 of them, for a decoder that lost
    its place in the data often finds it again just before the end.
    """
    if wants_memory(ValueError(words)):
        return too_large()
    if "extraneous bytes" not in words:
        code = "truncated" if "Premature end of JPEG" in words else "corrupt"
        return Discrepancy(code=code, detail=words)
    head, scans = tidy(data)
    try:
        pixels = _jpeg(head + scans, header, half)
    except ValueError:
        return Discrepancy(code="corrupt", detail=words)
    return Decoded(pixels, 0.5 if half else 1.0, ("extraneous-bytes",))


def _other(data: bytes, header: Header) -> Decoded | Discrepancy:
    """Any other picture's first frame through Pillow, whose `verify` checks the sums of a PNG."""
    if header.format == "HEIF" and (found := damage(data)):
        return found
    try:
        with warnings.catch_warnings(action="ignore"):  # the header has counted the pixels already
            pixels = _first_frame(data)
    except Exception as trouble:  # the parsers raise anything at all for bad data
        if wants_memory(trouble):
            return too_large()
        code = "truncated" if "truncated" in str(trouble) else "corrupt"
        return Discrepancy(code=code, detail=type(trouble).__name__)
    if pixels.shape[:2] != (header.height, header.width):
        return Discrepancy(code="corrupt", detail=f"实为{pixels.shape[1]}×{pixels.shape[0]}像素")
    return Decoded(pixels, 1.0)


def _first_frame(data: bytes) -> Pixels:
    with open_picture(data) as image:
        image.verify()
    with open_picture(data) as image:
        image.load()
        return _eight_bits(image)


def _eight_bits(image: Image.Image) -> Pixels:
    """RGB on white, or CMYK as it is; grey of 16 bits is scaled, for Pillow would cut it off at 255."""
    if image.mode.startswith("I;16") or image.mode == "I":
        image = Image.fromarray((np.asarray(image).astype(np.uint32) // 257).astype(np.uint8))
    if image.has_transparency_data:
        white = Image.new("RGBA", image.size, "white")
        image = Image.alpha_composite(white, image.convert("RGBA"))
    return np.asarray(image if image.mode == "CMYK" else image.convert("RGB"))
