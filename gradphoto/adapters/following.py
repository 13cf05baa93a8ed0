"""When to look at a folder again: at once when the system says that something changed there, else every so often.

Network drives and some disks say nothing, and where the system cannot watch at all only the clock is left.
"""

from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from threading import Event

from watchfiles import watch

PAUSE = 0.5
"""Seconds between two looks when nothing is heard: a card reader is not kept busy, and five seconds are kept."""


def moments(folders: Sequence[Path], stop: Event) -> Iterator[None]:
    """A moment to look at the folders, the first at once, until `stop` is set."""
    yield
    while not stop.is_set():
        with suppress(OSError, RuntimeError):  # no such folder now, or no more watches to be had
            yield from _heard([folder for folder in folders if folder.exists()], stop)
        if not stop.wait(PAUSE):
            yield


def _heard(folders: Sequence[Path], stop: Event) -> Iterator[None]:
    timeout = round(PAUSE * 1000)
    every = watch(
        *folders, watch_filter=None, debounce=200, stop_event=stop, rust_timeout=timeout, yield_on_timeout=True
    )
    yield from (None for _ in (every if folders else ()))
