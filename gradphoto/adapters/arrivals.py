"""Files as they come into a folder, looked at again and again without ever waiting: which are whole by now.

A JPEG that ends as one ends is whole when it has stood still for half a second. Anything else that is only some
seconds old is given the time for which a slow copy may pause.
"""

import os
import stat
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from gradphoto.adapters.found import Found, opened
from gradphoto.adapters.inbox import RECENT_SECONDS, Look, everything, parted
from gradphoto.adapters.whole import hold_back
from gradphoto.matching.kind import is_scanlog, suffix
from gradphoto.safe_name import safe_name

ENDED_SECONDS = 0.5
"""How long a picture with an end must stand still; a tethering program writes in one go."""
TABLE_SECONDS = 1.0
"""How long a table must; whoever writes one writes row by row."""
_JPEG = (".jpg", ".jpeg", ".jpe", ".mpo")
_TAIL = 1 << 16
"""Bytes at the end among which a JPEG's last marker stands; some cameras put zeros after it."""


def desk_logs(place: Path) -> Iterator[Found]:
    """The desks' logs that stand in a folder itself, or the one file that was named; links are not followed."""
    for file in _logs(place):
        with suppress(OSError):
            status = file.lstat()
            if stat.S_ISREG(status.st_mode):
                identity = (status.st_dev, status.st_ino)
                yield Found(safe_name(file.name), status.st_size, status.st_mtime_ns, False, file, identity)


def _logs(place: Path) -> list[Path]:
    if not place.is_dir():
        return [place]
    with suppress(OSError):
        return sorted(one for one in place.iterdir() if is_scanlog(one.name))
    return []  # gone for a moment


def folders_of(place: Path) -> list[Path]:
    """A folder with all below it, or the one file that was named."""
    return sorted(Path(here) for here, _, _ in os.walk(place)) or [place]


class Arrivals:
    """One folder that is looked at repeatedly."""

    def __init__(self, source: Path) -> None:
        self._source = source
        self._since: dict[Found, float] = {}
        """When each file, exactly as it is, was seen first."""

    def look(self) -> Look:
        """What is there now; `SourceError` when the folder cannot be opened."""
        files, refused = everything(self._source)
        now = time.monotonic()
        self._since = {found: self._since.get(found, now) for found in files}
        edge = time.time_ns() - RECENT_SECONDS * 1_000_000_000
        growing = {found.path for found in files if found.mtime_ns > edge and not self._still(found, now)}
        return hold_back(parted(files, refused, growing))

    def _still(self, found: Found, now: float) -> bool:
        stood = now - self._since[found]
        return stood >= ENDED_SECONDS and stood >= _patience(found)  # a file that moves is not opened


def _patience(found: Found) -> float:
    """Seconds after which a file that does not change any more is taken for whole."""
    ending = suffix(found.path)
    if ending == ".csv":
        return TABLE_SECONDS
    return ENDED_SECONDS if ending in _JPEG and _ends(found) else RECENT_SECONDS


def _ends(found: Found) -> bool:
    """Whether a JPEG has its last marker; one that is being copied has none yet, or nothing but zeros there."""
    try:
        with opened(found.file) as file:
            file.seek(max(0, found.size - _TAIL))
            return file.read(_TAIL).rstrip(b"\0").endswith(b"\xff\xd9")
    except OSError:
        return False
