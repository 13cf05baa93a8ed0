"""One ordinary file of a source: as it was looked at, and its bytes as long as it is still that."""

import os
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, NamedTuple

from gradphoto.adapters.reasons import reason
from gradphoto.adapters.store import PIECE


class StillGrowing(Exception):
    """The file is not, or no longer, what was looked at."""


class Unreadable(Exception):
    """One file cannot be read; its message says why."""


class Found(NamedTuple):
    """An ordinary file. `path` is relative, with `/`, in its safe form; `file` is where it stands."""

    path: str
    size: int
    mtime_ns: int
    unsafe: bool
    """Whether its name had to be escaped."""
    file: Path
    identity: tuple[int, int]
    """Device and inode."""


def pieces(found: Found) -> Iterator[bytes]:
    """The bytes of a whole file, at most `PIECE` at a time.

    `StillGrowing` when it is not, before or after, exactly what was looked at; `Unreadable` with the reason.
    """
    try:
        with opened(found.file) as file:
            read = 0
            compare(found, os.fstat(file.fileno()))
            while read <= found.size and (piece := file.read(PIECE)):
                read += len(piece)
                yield piece
            compare(found, os.fstat(file.fileno()))
    except FileNotFoundError:
        raise StillGrowing(found.path) from None
    except OSError as trouble:
        raise Unreadable(f"无法读取（{reason(trouble)}）") from trouble
    if read != found.size:
        raise StillGrowing(found.path)


def compare(found: Found, now: os.stat_result) -> None:
    """`StillGrowing` when the file is not, now, exactly what was looked at."""
    before = (found.size, found.mtime_ns, *found.identity)
    if before != (now.st_size, now.st_mtime_ns, now.st_dev, now.st_ino) or not stat.S_ISREG(now.st_mode):
        raise StillGrowing(found.path)


def opened(file: Path) -> BinaryIO:
    """A file opened for reading only, unbuffered; a link in its place is not followed, a pipe not waited for."""
    flags = ("O_NOFOLLOW", "O_NONBLOCK", "O_BINARY")
    handle = os.open(file, os.O_RDONLY | sum(getattr(os, name, 0) for name in flags))
    return open(handle, "rb", buffering=0)  # noqa: PTH123
