"""Shipping on record: waybills, seals, sending, receipt, cancelled parcels and delivery dates, in one journal."""

from collections.abc import Callable, Sequence

from gradphoto.adapters.journal import Journal
from gradphoto.adapters.store import Store
from gradphoto.shipping import Event
from gradphoto.stages.known import lines_kept


def events(store: Store) -> list[Event]:
    """Everything that happened, in order."""
    return list(lines_kept(shipping_journal(store), Event))


def note_events(store: Store, happened: Callable[[list[Event]], Sequence[Event]]) -> Sequence[Event]:
    """Put on record what follows from all that happened before; nothing when nothing does.

    Whoever is overtaken by another record asks anew, so that no two say what excludes each other.
    """
    journal = shipping_journal(store)
    while True:
        numbers = journal.numbers()
        new = happened(list(lines_kept(journal, Event, numbers)))
        lines = [one.model_dump(mode="json", exclude_defaults=True) for one in new]
        if not lines or journal.take(max(numbers, default=0) + 1, lines):
            return new


def shipping_journal(store: Store) -> Journal:
    """The records of shipping; what was done at one time is one record."""
    return Journal(store, "shipping")
