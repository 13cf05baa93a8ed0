"""Codes in a frame of the laptop's own camera: small, often repeated, and nobody waits for an unreadable one."""

from gradphoto.adapters.imaging.codes import find_codes
from gradphoto.adapters.imaging.decode import decode
from gradphoto.adapters.imaging.header import read_header
from gradphoto.discrepancy import Discrepancy


def codes_of(jpeg: bytes) -> tuple[str, ...]:
    """What could be read in a picture, sorted; nothing for anything that is none."""
    header = read_header(jpeg, "frame.jpg")
    if isinstance(header, Discrepancy):
        return ()
    decoded = decode(jpeg, header)
    if isinstance(decoded, Discrepancy) or decoded.pixels.shape[2] != 3:
        return ()
    return tuple(code.text for code in find_codes(decoded.pixels, 1, lambda: None) if code.text)
