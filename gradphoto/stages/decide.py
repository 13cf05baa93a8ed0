"""A person's decisions: each takes the next number and names the one before it."""

from typing import Any

from gradphoto.adapters.store import Store
from gradphoto.decision import Decision
from gradphoto.stages.season import decisions_journal


def take_decision(store: Store, who: str, at: str, **what: Any) -> int:
    """Keep one decision; returns its number. Whoever loses a number takes the next."""
    journal = decisions_journal(store)
    while True:
        before = journal.last()
        decision = Decision(number=before + 1, before=before, who=who, at=at, **what)
        if journal.take(decision.number, [decision.model_dump(mode="json", exclude_defaults=True)]):
            return decision.number
