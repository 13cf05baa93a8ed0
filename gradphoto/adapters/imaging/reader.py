"""From an original's bytes to its reading: header, pixels, codes, face and figures, in one go."""

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from gradphoto.adapters.imaging.codes import find_codes
from gradphoto.adapters.imaging.colour import to_srgb
from gradphoto.adapters.imaging.decode import Decoded, Pixels, decode
from gradphoto.adapters.imaging.header import Header, read_header
from gradphoto.adapters.imaging.measure import measure
from gradphoto.adapters.imaging.turn import upright_pixels
from gradphoto.adapters.limits import too_large, wants_memory
from gradphoto.discrepancy import Discrepancy
from gradphoto.reading import Reading
from gradphoto.versions import READER


class Seen(NamedTuple):
    """A reading with what it was made of, for whoever wants more of the same decoding; None where it failed."""

    reading: Reading
    header: Header | None = None
    decoded: Decoded | None = None


def read_original(data: bytes, sha256: str, name: str) -> Reading:
    """What is in a file. Bad data is a reading with a trouble, never an error; `name` only tells RAW."""
    return see_original(data, sha256, name).reading


def see_original(data: bytes, sha256: str, name: str) -> Seen:
    """The same, with the decoding that it was read from."""
    try:
        return _see(data, sha256, name)
    except Exception as trouble:
        if wants_memory(trouble):
            return Seen(_troubled(too_large(), sha256))
        raise


def _see(data: bytes, sha256: str, name: str) -> Seen:
    header = read_header(data, name)
    if isinstance(header, Discrepancy):
        kind = "RAW" if header.code == "raw-alone" else None
        return Seen(_troubled(header, sha256, format=kind))
    said = _said(header)
    decoded = decode(data, header)
    if isinstance(decoded, Discrepancy):
        return Seen(_troubled(decoded, sha256, **said))
    seen = _seen(data, header, decoded)
    return Seen(Reading(sha256=sha256, version=READER, notes=decoded.notes, **said, **seen), header, decoded)


def _troubled(trouble: Discrepancy, sha256: str, **said: Any) -> Reading:
    return Reading(sha256=sha256, version=READER, trouble=trouble.code, detail=trouble.detail, **said)


def _said(header: Header) -> dict[str, Any]:
    width, height = header.upright
    tags = header.tags
    return {
        "format": header.format,
        "width": width,
        "height": height,
        "orientation": tags.orientation,
        "taken": tags.taken,
        "camera": tags.camera,
        "serial": tags.serial,
    }


def _seen(data: bytes, header: Header, decoded: Decoded) -> dict[str, Any]:
    pixels = _upright(header, decoded)
    measured = measure(pixels, decoded.scale)
    return {
        "codes": find_codes(pixels, measured.faces, _full(data, header, decoded)),
        "faces": measured.faces,
        "face": measured.face,
        "figures": measured.figures,
        "appearance": measured.appearance,
    }


def _upright(header: Header, decoded: Decoded) -> Pixels:
    pixels = decoded.pixels
    if header.icc or pixels.shape[2] == 4:
        pixels = np.asarray(to_srgb(decoded.image, header.icc))
    return upright_pixels(pixels, header.tags.orientation)


def _full(data: bytes, header: Header, decoded: Decoded) -> Callable[[], Pixels | None]:
    """A way to the full size; nothing when that was decoded already."""

    def full() -> Pixels | None:
        whole = decode(data, header, least=1.0) if decoded.scale < 1 else None
        return _upright(header, whole) if isinstance(whole, Decoded) else None

    return full
