"""Records that a process has read: each is parsed once, for none is changed but by a purge.

So whoever asks for the season after every shard reads that shard's record, not all of them.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence, Set
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, TypeVar

from config.frozen import Frozen
from gradphoto.adapters.journal import Journal
from gradphoto.adapters.store import Store
from gradphoto.original import Digest

Keys = tuple[str, ...]
Numbers = tuple[int, ...]
"""Of the records of a journal, lowest first."""
Shelf = dict[tuple[str, int], tuple[Any, ...]]
"""The lines of a record by the prefix of its journal and its number."""
Line = TypeVar("Line", bound=Frozen)
Records = Iterator[tuple[int, tuple[Line, ...]]]
"""Their lines by number."""


def keys_of(store: Store, prefix: str) -> Keys:
    """Every key below a prefix, in order."""
    return tuple(store.keys(prefix))


def era_of(store: Store) -> Keys:
    """What tells the times between purges apart: within one no record changes."""
    return keys_of(store, "purges") + keys_of(store, "receipts")


def numbers_of(journal: Journal) -> Numbers:
    """The numbers of a journal: listed once, and from then on this process asks for those that came since.

    For what the program makes, and makes again where it is lost. What people said is listed each time: a lost
    record must neither hide those after it nor have its number taken by another.
    """
    before = _numbers(journal.store).get(journal.prefix, ())
    there = tuple(journal.numbers(before))
    found = before if there == before else there
    _numbers(journal.store)[journal.prefix] = found
    return found


def append(journal: Journal, lines: Sequence[dict[str, Any]]) -> int:
    """One record more, without listing again those that were seen; returns its number."""
    return journal.append(lines, max(numbers_of(journal), default=0))


def contents_read(journal: Journal) -> Set[Digest]:
    """The originals of which there is a reading, by what this process knows and the records that came since."""
    era, there = era_of(journal.store), numbers_of(journal)
    seen = _seen(journal.store, era)
    if seen.numbers != there[: len(seen.numbers)]:  # somebody took some away
        seen.numbers, seen.contents = (), set()
    contents = seen.contents
    for number in there[len(seen.numbers) :]:
        contents.update(_contents(journal, number, shelf(journal.store, era)))
    seen.numbers = there
    return contents


def _contents(journal: Journal, number: int, known: Shelf) -> Iterable[Digest]:
    lines = known.get((journal.prefix, number))
    return [line["sha256"] for line in journal.record(number)] if lines is None else [one.sha256 for one in lines]


@dataclass
class _Seen:
    """The numbers of the records that were looked into, and the contents that they name."""

    numbers: Numbers = ()
    contents: set[Digest] = field(default_factory=set)


@lru_cache(maxsize=2)
def _seen(_store: Store, _era: Keys) -> _Seen:
    return _Seen()


def forget() -> None:
    """Know nothing any more."""
    for remembered in (shelf, _seen, _numbers):
        remembered.cache_clear()


@lru_cache(maxsize=2)
def _numbers(_store: Store) -> dict[str, Numbers]:
    """By the prefix of a journal the numbers that were seen in it."""
    return {}


@lru_cache(maxsize=2)
def shelf(_store: Store, _era: Keys) -> Shelf:
    """The records that this process has read of a store since its last purge."""
    return {}


def records_of(
    journal: Journal, model: type[Line], known: Shelf | None = None, numbers: Iterable[int] | None = None
) -> Records[Line]:
    """The lines of every record, or of those of the `numbers`, with its number, in order.

    Those that are `known` already are not read again; `MissingObject` when one of the others is not there.
    """
    on_shelf = {} if known is None else known
    for number in journal.numbers() if numbers is None else numbers:
        place = (journal.prefix, number)
        if place not in on_shelf:
            on_shelf[place] = tuple(model.model_validate(line) for line in journal.record(number))
        yield number, on_shelf[place]


def lines_of(
    journal: Journal, model: type[Line], known: Shelf | None = None, numbers: Iterable[int] | None = None
) -> Iterator[Line]:
    """The lines alone, as `records_of` has them."""
    for _, lines in records_of(journal, model, known, numbers):
        yield from lines


def lines_kept(journal: Journal, model: type[Line], numbers: Iterable[int] | None = None) -> Iterator[Line]:
    """The same, known what this process has read since the last purge."""
    return lines_of(journal, model, shelf(journal.store, era_of(journal.store)), numbers)


def first_by(key: Callable[[Line], Digest], lines: Iterable[Line]) -> dict[Digest, Line]:
    """Of the lines that speak of one original the first."""
    found: dict[Digest, Line] = {}
    for line in lines:
        found.setdefault(key(line), line)
    return found
