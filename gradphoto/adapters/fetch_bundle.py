"""A bundle from a portal into a file that grows: whatever cuts it off, the next try goes on from there.

The file's name holds the digest of what it becomes, so a piece of another bundle is never gone on with. What is in
it counts only once its digest was compared.
"""

import os
import random
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, NamedTuple, TypeVar

from gradphoto.adapters.durable import private, settle
from gradphoto.adapters.lock import lock
from gradphoto.adapters.portal_answer import NotThoseBytes
from gradphoto.adapters.portal_client import Portal
from gradphoto.adapters.portal_trouble import Cut, PortalRefused
from gradphoto.portal_offer import Offer

Answer = TypeVar("Answer")
Say = Callable[[str], None]
Hear = Callable[[int], None]
"""Hears how many bytes are there."""


class PortalGone(PortalRefused):
    """Nobody answered for longer than there was patience."""


class AlreadyFetching(PortalRefused):
    """Another program fetches the same bundle into the same folder."""


class Patience(NamedTuple):
    """So many tries without a byte, and the seconds of the first and of the longest pause between them."""

    tries: int = 9
    first: float = 1.0
    most: float = 30.0

    def pause(self, failed: int, wait: float) -> float:
        """Seconds until the next try after so many failed ones: twice as long each time, and not quite alike."""
        longer = self.first * 2.0 ** (failed - 1) * random.uniform(0.75, 1.25)
        return min(max(wait, longer), self.most)


class Tries:
    """The tries at one portal; `say` hears why the next one waits."""

    def __init__(self, origin: str, patience: Patience, say: Say) -> None:
        self._origin, self._patience, self._say, self._failed = origin, patience, say, 0

    def failed(self, cut: Cut, came: bool = False) -> None:
        """Wait for the next try; `PortalGone` when this was the last. `came`: this one brought something."""
        self._failed = 1 if came else self._failed + 1
        if self._failed >= self._patience.tries:
            raise PortalGone(
                f"{self._origin}：{cut}，试了 {self._failed} 次。已下载的部分保留着，稍后再运行一次即可"
            )
        seconds = self._patience.pause(self._failed, cut.wait)
        self._say(f"{cut}，{seconds:.0f} 秒后再试")
        time.sleep(seconds)


def patiently(act: Callable[[], Answer], tries: Tries) -> Answer:
    """What `act` comes to, tried again after each `Cut`; `PortalGone` when patience ends."""
    while True:
        try:
            return act()
        except Cut as cut:
            tries.failed(cut)


def fetch(portal: Portal, offer: Offer, part: Path, hear: Hear, tries: Tries) -> bool:
    """Have the file `part` hold as many bytes as were offered; whether some were there before.

    `OSError` is trouble with the file; what the portal refuses, `AlreadyFetching` and `PortalGone` are
    `PortalRefused`. What came in before stays in the file.
    """
    with _growing(part, offer.bytes) as file:
        resumed = (have := file.tell()) > 0
        while have < offer.bytes:
            try:
                _go_on(portal, offer, file, hear)
            except Cut as cut:
                tries.failed(cut, came=file.tell() > have)
            except NotThoseBytes:
                if not have:
                    raise
                _empty(file)
            have = file.tell()
        settle(file)
        return resumed


def _go_on(portal: Portal, offer: Offer, file: IO[bytes], hear: Hear) -> None:
    """Add what comes now, and never more than was offered."""
    with portal.bundle(offer, file.tell()) as coming:
        if coming.start != file.tell():
            _empty(file)
        hear(file.tell())
        for piece in coming.pieces:
            file.write(piece[: offer.bytes - file.tell()])
            hear(file.tell())
            if file.tell() == offer.bytes:
                return
    raise Cut("连接中断")


@contextmanager
def _growing(part: Path, size: int) -> Iterator[IO[bytes]]:
    """The file, at its end, for this program alone; what is longer than it may become is no piece of it."""
    with open(part, "ab", opener=_own) as file:
        if not lock(file):
            raise AlreadyFetching(f"{part.name}：另一个程序正在下载这个照片包，请等它结束")
        file.seek(0, os.SEEK_END)  # Windows locks beyond it
        if file.tell() > size:
            _empty(file)
        yield file


def _empty(file: IO[bytes]) -> None:
    file.seek(0)
    file.truncate()


def _own(path: str, flags: int) -> int:
    """A link that somebody put there is not followed."""
    return private(path, flags | getattr(os, "O_NOFOLLOW", 0))
