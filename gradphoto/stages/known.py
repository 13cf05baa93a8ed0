"""Records that a process has read: each is parsed once, for none is changed but by a purge.

So whoever asks for the season after every shard reads that shard's record, not all of them.
"""

from collections.abc import Callable, Iterable, Iterator, Set
from functools import lru_cache
from typing import Any, TypeVar

from gradphoto.adapters.journal import Journal
from gradphoto.adapters.store import Store
from gradphoto.original import Digest
from gradphoto.portrait import Draft, Render
from gradphoto.reading import Reading

Keys = tuple[str, ...]
Shelf = dict[tuple[str, int], tuple[Any, ...]]
"""The lines of a record by the prefix of its journal and its number."""
Line = TypeVar("Line", Reading, Draft, Render)


def keys_of(store: Store, prefix: str) -> Keys:
    """Every key below a prefix, in order."""
    return tuple(store.keys(prefix))


def era_of(store: Store) -> Keys:
    """What tells the times between purges apart: within one no record changes."""
    return keys_of(store, "purges") + keys_of(store, "receipts")


def contents_read(store: Store, journal: Journal) -> Set[Digest]:
    """The originals of which there is a reading, by what this process knows and the records that came since."""
    era = era_of(store)
    numbers, contents = _read(store, era)
    there = journal.numbers()
    if not numbers.issubset(there):  # somebody took some away
        numbers.clear()
        contents.clear()
    for number in there:
        if number not in numbers:
            contents.update(_contents(journal, number, shelf(store, era)))
            numbers.add(number)
    return contents


def _contents(journal: Journal, number: int, known: Shelf) -> Iterable[Digest]:
    lines = known.get((journal.prefix, number))
    return [line["sha256"] for line in journal.record(number)] if lines is None else [one.sha256 for one in lines]


@lru_cache(maxsize=2)
def _read(_store: Store, _era: Keys) -> tuple[set[int], set[Digest]]:
    """The numbers of the records that were looked into, and the contents that they name."""
    return set(), set()


def forget() -> None:
    """Know nothing any more."""
    shelf.cache_clear()
    _read.cache_clear()


@lru_cache(maxsize=2)
def shelf(_store: Store, _era: Keys) -> Shelf:
    """The records that this process has read of a store since its last purge."""
    return {}


def lines_of(journal: Journal, model: type[Line], known: Shelf | None = None) -> Iterator[Line]:
    """The lines of every record, in order; those of records that are `known` already are not read again."""
    on_shelf = {} if known is None else known
    for number in journal.numbers():
        place = (journal.prefix, number)
        if place not in on_shelf:
            on_shelf[place] = tuple(model.model_validate(line) for line in journal.record(number))
        yield from on_shelf[place]


def first_by(key: Callable[[Line], Digest], lines: Iterable[Line]) -> dict[Digest, Line]:
    """Of the lines that speak of one original the first."""
    found: dict[Digest, Line] = {}
    for line in lines:
        found.setdefault(key(line), line)
    return found
