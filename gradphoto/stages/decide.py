"""A person's decisions: each takes the next number and names the one before it."""

from collections.abc import Iterator
from typing import Any

from gradphoto.adapters.store import Store
from gradphoto.decision import Decision
from gradphoto.stages.journals import decisions_journal
from gradphoto.stages.known import lines_kept


class Overtaken(Exception):
    """Somebody decided on the same capture meanwhile; nothing was kept."""

    def __init__(self, other: Decision) -> None:
        super().__init__(f"decision {other.number}")
        self.other = other


def take_decision(store: Store, who: str, at: str, *, after: int | None = None, **what: Any) -> int:
    """Keep one decision; returns its number. Whoever loses a number takes the next.

    `after` is the last decision that its maker had seen: `Overtaken` when a later one is on the same capture.
    """
    journal = decisions_journal(store)
    while True:
        before = journal.last()
        if after is not None:
            _refuse_overtaken(store, after, before, what.get("capture"))
        decision = Decision(number=before + 1, before=before, who=who, at=at, **what)
        if journal.take(decision.number, [decision.model_dump(mode="json", exclude_defaults=True)]):
            return decision.number


def decisions_after(store: Store, after: int, last: int | None = None) -> Iterator[Decision]:
    """The decisions with a number above `after`, up to `last`, in order."""
    journal = decisions_journal(store)
    return lines_kept(journal, Decision, range(after + 1, (journal.last() if last is None else last) + 1))


def _refuse_overtaken(store: Store, after: int, last: int, capture: str | None) -> None:
    for other in decisions_after(store, after, last):
        if capture is not None and capture in {*_about(other), *_undone(store, other)}:
            raise Overtaken(other)


def _about(decision: Decision) -> tuple[str | None, ...]:
    return (decision.capture, *decision.captures)


def _undone(store: Store, decision: Decision) -> tuple[str | None, ...]:
    """The captures of the decision that this one takes back."""
    if not decision.undone or decision.undone >= decision.number:
        return ()
    return _about(next(decisions_after(store, decision.undone - 1, decision.undone)))
