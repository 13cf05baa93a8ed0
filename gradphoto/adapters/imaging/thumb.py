"""Pictures for people to look at: small, upright, in sRGB. Nothing of them is delivered."""

from io import BytesIO
from typing import NamedTuple

from PIL import Image

from gradphoto.adapters.imaging.colour import to_srgb
from gradphoto.adapters.imaging.decode import Decoded, decode
from gradphoto.adapters.imaging.header import Header, read_header
from gradphoto.adapters.imaging.turn import upright_image
from gradphoto.discrepancy import Discrepancy

SMALL, LARGE = 240, 1200
"""Pixels of the longer side."""
_QUALITY = {SMALL: 80, LARGE: 85}


class Shown(NamedTuple):
    """One original as two JPEGs without tags, by one decoding."""

    small: bytes
    large: bytes


def shown(data: bytes) -> Shown | Discrepancy:
    """The small and the large picture of an original, or why it cannot be shown."""
    header = read_header(data, "")
    if isinstance(header, Discrepancy):
        return header
    decoded = decode(data, header)
    if isinstance(decoded, Discrepancy):
        return decoded
    large = _fitted(decoded.image, LARGE)
    upright = upright_image(to_srgb(large, header.icc), header.tags.orientation)
    return Shown(_jpeg(_fitted(upright, SMALL), SMALL), _jpeg(upright, LARGE))


def small(header: Header, decoded: Decoded) -> bytes:
    """The small picture of an original that was decoded already."""
    fitted = _fitted(decoded.image, SMALL)
    return _jpeg(upright_image(to_srgb(fitted, header.icc), header.tags.orientation), SMALL)


def _fitted(image: Image.Image, longest: int) -> Image.Image:
    """Scaled down to that longer side, never up."""
    ratio = longest / max(image.size)
    if ratio >= 1:
        return image
    size = (max(1, round(image.width * ratio)), max(1, round(image.height * ratio)))
    return image.resize(size, Image.Resampling.LANCZOS, reducing_gap=2.0)


def _jpeg(image: Image.Image, longest: int) -> bytes:
    out = BytesIO()
    image.save(out, "JPEG", quality=_QUALITY[longest])
    return out.getvalue()
