"""Zip archives whose bytes follow from names and contents alone: stored, one date, one mode, given order.

Not deflated: what a compressor makes of the same bytes differs between its releases.
"""

from collections.abc import Iterable
from typing import BinaryIO
from zipfile import ZIP_STORED, ZipFile, ZipInfo

DATE = (1980, 1, 1, 0, 0, 0)
"""The earliest that a zip can say."""
_UNIX = 3
_FILE = 0o100644 << 16


def write_zip(target: BinaryIO, members: Iterable[tuple[str, bytes]]) -> None:
    """Write (name, bytes) pairs in their order, holding one at a time; `target` must be seekable.

    When `members` raises, the archive stays without its directory, so that nobody takes it for whole.
    """
    if not target.seekable():
        raise ValueError("a stream that cannot seek would get other bytes than a file")
    archive = ZipFile(target, "w", ZIP_STORED)
    try:
        for name, data in members:
            archive.writestr(_member(name), data)
    except BaseException:
        archive.fp = None  # closing, also by the collector, would write the directory
        raise
    archive.close()


def _member(name: str) -> ZipInfo:
    member = ZipInfo(name, DATE)
    member.create_system, member.external_attr = _UNIX, _FILE
    return member
