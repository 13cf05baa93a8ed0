"""What other programs read and this one does not: told by its first bytes, and called by its name."""

import re

_FOREIGN = (
    (rb".{4}ftyp(avif|avis)", "AVIF"),
    (rb".{4}ftyp(hev[cxms]|msf1)", "HEIC序列"),
    (rb".{4}ftyp(mif1|mif2|miaf)", "HEIF"),
    (rb".{4}ftyp(qt|mp4|isom|iso[2-9]|M4V|3gp|avc1)", "视频"),
    (rb".{4}ftyp", "MP4/HEIF"),
    (rb"GIF8", "GIF"),
    (rb"8BPS", "PSD"),
    (rb"\xff\x0a|\0\0\0\x0cJXL ", "JPEG XL"),
    (rb"\0\0\0\x0cjP  |\xff\x4f\xff\x51", "JPEG 2000"),
    (rb"%PDF", "PDF"),
    (rb"II\xbc", "JPEG XR"),
)
"""Pictures that other programs read, by how they begin, and their names."""


def foreign_name(data: bytes) -> str:
    """The name of such a format; empty when it is none of them. HEIC pictures must have been told apart before."""
    return next((name for begins, name in _FOREIGN if re.match(begins, data, re.DOTALL)), "")
