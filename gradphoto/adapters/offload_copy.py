"""One file of a card, read once and written to every target that lacks it."""

import hashlib
import os
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import IO, NamedTuple

from gradphoto.adapters.durable import settle
from gradphoto.adapters.found import Found, pieces
from gradphoto.adapters.offload_target import Target
from gradphoto.adapters.offload_write import PART, take_name
from gradphoto.card_manifest import Listed


class Read(NamedTuple):
    """A file of the card as it was read, and its first piece."""

    listed: Listed
    head: bytes


def copy_out(found: Found, targets: Sequence[Target]) -> Read:
    """Read a file of the card once, and write it where it is missing.

    `Unreadable` or `StillGrowing` when the card does not give it, and then no target has it; the trouble of
    a target is kept with the target.
    """
    sha256, head = hashlib.sha256(), b""
    parts = [_Part(target, found) for target in targets if not target.has(found.path)]
    try:
        for piece in pieces(found):
            sha256.update(piece)
            head = head or piece
            for part in parts:
                part.write(piece)
        for part in parts:
            part.finish()
    finally:
        for part in parts:
            part.drop()
    return Read(Listed(found.path, found.size, sha256.hexdigest()), head)


class _Part:
    """A file on its way to one target; does nothing any more once that target is in trouble."""

    def __init__(self, target: Target, found: Found) -> None:
        self._target, self._found, self._place = target, found, target.place(found.path)
        self._file: IO[bytes] | None = None
        self._attempt(self._open)

    def write(self, piece: bytes) -> None:
        self._attempt(lambda: self._file and self._file.write(piece))

    def finish(self) -> None:
        """Make it durable, with the card's time stamp, and give it its name."""
        self._attempt(self._finish)

    def drop(self) -> None:
        """Leave nothing but the finished file."""
        if self._file:
            with suppress(OSError):
                self._file.close()
            with suppress(OSError):
                Path(self._file.name).unlink()

    def _attempt(self, step: Callable[[], object]) -> None:
        self._target.attempt(f"写入 {self._place} 时", step)

    def _open(self) -> None:
        self._target.make_folder(self._found.path)
        self._file = NamedTemporaryFile(dir=self._place.parent, prefix=".", suffix=PART, delete=False)  # noqa: SIM115

    def _finish(self) -> None:
        if self._file is None:
            return
        settle(self._file)
        self._file.close()
        with suppress(OSError):  # a time that the drive cannot hold is no trouble
            os.utime(self._file.name, ns=(self._found.mtime_ns, self._found.mtime_ns))
        with suppress(FileExistsError):  # somebody was faster: compared like any other
            take_name(Path(self._file.name), self._place)
            self._target.copied += 1
