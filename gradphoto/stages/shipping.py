"""Shipping on record: waybills, seals, sending, receipt, cancelled parcels and delivery dates, in one journal."""

from collections.abc import Callable, Sequence

from gradphoto.adapters.journal import Journal
from gradphoto.adapters.store import Store
from gradphoto.shipping import Event
from gradphoto.stages.known import era_of, shelf


def events(store: Store) -> list[Event]:
    """Everything that happened, in order."""
    journal = shipping_journal(store)
    return _read(store, journal, journal.numbers())


def note_events(store: Store, happened: Callable[[list[Event]], Sequence[Event]]) -> Sequence[Event]:
    """Put on record what follows from all that happened before; nothing when nothing does.

    Whoever is overtaken by another record asks anew, so that no two say what excludes each other.
    """
    journal = shipping_journal(store)
    while True:
        numbers = journal.numbers()
        new = happened(_read(store, journal, numbers))
        lines = [one.model_dump(mode="json", exclude_defaults=True) for one in new]
        if not lines or journal.take(max(numbers, default=0) + 1, lines):
            return new


def shipping_journal(store: Store) -> Journal:
    """The records of shipping; what was done at one time is one record."""
    return Journal(store, "shipping")


def _read(store: Store, journal: Journal, numbers: Sequence[int]) -> list[Event]:
    on_shelf = shelf(store, era_of(store))
    for number in numbers:
        place = (journal.prefix, number)
        if place not in on_shelf:
            on_shelf[place] = tuple(Event.model_validate(line) for line in journal.record(number))
    return [one for number in numbers for one in on_shelf[journal.prefix, number]]
