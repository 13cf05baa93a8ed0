"""Whether a session's inbox says by itself that the session is over.

A file `CLOSED` at the top is a person's word. Without it the copies of cards must say so: every folder there is a
card's copy, whole by its own manifest, and the session's last window is past, for a card may be full at noon.
Either way nothing may have changed for a while.
"""

import os
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from config.campaign import Session
from gradphoto.adapters.found import Found
from gradphoto.adapters.inbox import CLOSED, everything
from gradphoto.adapters.whole import whole_by_manifest

State = tuple[tuple[str, int, int], ...]
"""What stands in an inbox: path, size and time stamp of each file."""


class Inbox(NamedTuple):
    """One look at a session's folder."""

    state: State
    marked: bool
    """Whether `CLOSED` is there."""
    whole: bool
    """Whether there are copies of cards, all of them whole, and nothing else in folders."""


@dataclass
class Quiet:
    """Since when each session's inbox has not changed, as far as one watcher has seen."""

    seconds: float
    since: dict[str, tuple[State, float]] = field(default_factory=dict)

    def still(self, session: str, state: State, now: float) -> bool:
        """Whether it has stood still for long enough at `now`, a clock that only goes on."""
        before = self.since.get(session)
        if before is None or before[0] != state:
            self.since[session] = state, now
            return False
        return now - before[1] >= self.seconds


def inbox_of(folder: Path) -> Inbox:
    """Look at a session's folder; `SourceError` when it cannot be opened."""
    files, _ = everything(folder)
    marked = (folder / CLOSED).is_file() and not (folder / CLOSED).is_symlink()
    state = tuple((one.path, one.size, one.mtime_ns) for one in files)
    return Inbox(state, marked, _whole(folder, files))


def is_over(inbox: Inbox, session: Session, now: datetime) -> bool:
    """Whether that inbox, which stands still, says so at `now` on the campaign's clock."""
    past = all(window.end <= now for window in session.windows)
    return inbox.marked or (inbox.whole and past)


def folders(inbox: Path) -> list[str]:
    """The names of the folders in an inbox, in order; none when it cannot be looked into."""
    try:
        with os.scandir(inbox) as entries:
            return sorted(entry.name for entry in entries if entry.is_dir())
    except OSError:
        return []


def _whole(folder: Path, files: Iterable[Found]) -> bool:
    tops = {one.file.relative_to(folder).parts[0] for one in files if one.file.parent != folder}
    return bool(tops) and all(whole_by_manifest(folder / top) == [] for top in tops)
