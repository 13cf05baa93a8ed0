"""How far a stage is, told to whoever listens in this process; and the way to tell all stages to stop."""

from collections.abc import Callable
from threading import Event

Tick = Callable[[int], None]
"""Called with the number of captures that were just finished."""
Listener = Callable[[str, int, int], None]
"""Called with a stage's name, the captures just finished, and the captures just added to be done."""

_listeners: list[Listener] = []
_stop = Event()


class Stopped(Exception):
    """Somebody wants this process to end: a stage keeps what it has and goes no further."""


def listen(listener: Listener) -> None:
    """Tell `listener` of every stage's progress from now on."""
    _listeners.append(listener)


def ignore(listener: Listener) -> None:
    """Tell it no more."""
    _listeners.remove(listener)


def stop() -> None:
    """Make every stage of this process raise `Stopped` at its next capture."""
    _stop.set()


def stopping() -> bool:
    """Whether somebody said stop."""
    return _stop.is_set()


def begin(stage: str, total: int) -> Tick:
    """A stage has `total` captures more to do; returns how to say that some are done."""
    _tell(stage, 0, total)
    return lambda count: _tell(stage, count, 0)


def counter(stage: str) -> Callable[[int, int], None]:
    """The same for whoever says after each capture how many are done and how many there are."""
    told = 0

    def count(_done: int, total: int) -> None:
        nonlocal told
        _tell(stage, 1, total - told)
        told = total

    return count


def _tell(stage: str, done: int, more: int) -> None:
    if stopping():
        raise Stopped
    for listener in _listeners:
        listener(stage, done, more)
