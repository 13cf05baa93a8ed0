"""What a run tells machines of itself: a line of JSON for each event, quiet unless somebody asked for it.

An event has the fields that `EVENTS` gives it and no others, and a text in one is an id or the name of a kind: no
name, number, code or path of a person can be in it. A log that cannot be written is nobody's trouble.
"""

import os
import re
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TextIO

import structlog

from gradphoto.adapters.durable import private, private_folder

Fact = int | float | str | tuple[str, ...]
Facts = dict[str, Fact]

_OF_STAGE = ("stage", "session", "centre", "part", "seconds")
EVENTS: Mapping[str, tuple[str, ...]] = {
    "run-begun": ("flow", "snapshot", "sessions", "centres"),
    "run-ended": ("flow", "run", "seconds", "packaged", "unchanged", "failed"),
    "run-failed": ("flow", "seconds", "trouble"),
    "stage-ended": (*_OF_STAGE, "count", "added", "refused", "growing", "result", "version"),
    "stage-failed": (*_OF_STAGE, "trouble"),
}
"""By event its fields; docs/operations.md says what they mean."""
STDERR = "-"
VARIABLE = "GRADPHOTO_LOG"
"""The setting `log` as a variable: what a worker goes by that has no workspace."""

_ID = re.compile(r"[A-Za-z][A-Za-z0-9_.-]{0,63}|[0-9]{4}-[0-9]{2}-[0-9]{2}-[a-z0-9-]{1,40}")
"""Names of ours, and sessions; a student's number begins with a digit and is none."""
_HIDDEN = "?"


class _Log:
    """Where this process logs; None: nowhere."""

    def __init__(self) -> None:
        self.place: str | None = None
        self.logger: structlog.typing.FilteringBoundLogger | None = None


_log = _Log()


def open_log(where: str, folder: Path = Path()) -> None:
    """Log to a file (relative to `folder`), to standard error (`-`), or (empty) nowhere, from now on."""
    place = where if where in ("", STDERR) else str(folder / where)
    if place != _log.place:
        _log.place, _log.logger = place, _opened(place)


def tell(event: str, **facts: Fact) -> None:
    """Log an event with those of the facts that it has and that are no one's."""
    if _log.place is None:
        open_log(os.environ.get(VARIABLE, ""))
    if _log.logger:
        said = {name: _discreet(facts[name]) for name in EVENTS[event] if name in facts}
        with suppress(OSError, ValueError):
            (_log.logger.error if event.endswith("-failed") else _log.logger.info)(event, **said)


@contextmanager
def timed(stage: str, **ids: Fact) -> Iterator[Facts]:
    """Log how a stage ended and how long it took; the facts that are put into what it yields are told too."""
    begin, found = time.monotonic(), Facts()
    try:
        yield found
    except BaseException as trouble:
        tell("stage-failed", stage=stage, **ids, seconds=since(begin), trouble=type(trouble).__name__)
        raise
    tell("stage-ended", stage=stage, **ids, **found, seconds=since(begin))


def since(begin: float) -> float:
    """Seconds since a moment of the monotonic clock, to the millisecond."""
    return round(time.monotonic() - begin, 3)


def _discreet(fact: Fact) -> Fact:
    if isinstance(fact, tuple):
        return tuple(one if _ID.fullmatch(one) else _HIDDEN for one in fact)
    return fact if not isinstance(fact, str) or _ID.fullmatch(fact) else _HIDDEN


def _opened(place: str) -> "structlog.typing.FilteringBoundLogger | None":
    if not place:
        return None
    made: structlog.typing.FilteringBoundLogger = structlog.wrap_logger(
        structlog.WriteLogger(sys.stderr if place == STDERR else _file(Path(place))),
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True, key="at"),
            structlog.processors.JSONRenderer(sort_keys=True, ensure_ascii=False),
        ],
        wrapper_class=structlog.make_filtering_bound_logger("info"),
        cache_logger_on_first_use=True,
    )
    return made


def _file(path: Path) -> TextIO:
    """Added to, for several runs log into one; what cannot be opened goes to standard error."""
    try:
        private_folder(path.parent)
        return open(path, "a", encoding="utf-8", buffering=1, opener=private)
    except OSError:
        return sys.stderr
