"""A purge carried out: its record first, then each step, then its receipt; what is cut off the next one finishes.

From its record on a purge is in force, and every step follows from the record and what is left in the store. So
each may be done again, in another process, or in a copy of the store: nothing is asked of a clock or a person.
"""

from collections.abc import Iterator
from contextlib import suppress

from gradphoto.adapters.journal import Journal, Line
from gradphoto.adapters.store import MissingObject, Store, content_key, fetch, keep
from gradphoto.inputs.scanlog_purge import redact_scanlog
from gradphoto.layout import derived
from gradphoto.packed import by_version, newest
from gradphoto.purge import Purge, Receipt, Tombstone
from gradphoto.purge_rules import redacted
from gradphoto.purges import purges, purges_journal, receipts, receipts_journal
from gradphoto.stages.pack import pack
from gradphoto.stages.purge import Listing
from gradphoto.stages.seasons import forget_seasons


def confirm(store: Store, listing: Listing, who: str, at: str) -> int:
    """Put a purge on record, in force from now on; returns its number."""
    purge = listing.purge.model_copy(update={"digest": listing.digest, "who": who, "at": at})
    return purges_journal(store).append(purge.to_lines())


def finish_purges(store: Store) -> list[Receipt]:
    """Carry out whatever purge has no receipt yet; returns the receipts of those."""
    done = receipts(store)
    return [_finish(store, number, purge) for number, purge in purges(store).items() if number not in done]


def purge_copy(store: Store) -> int:
    """Carry out in a backup every purge that it knows of; returns how many objects it still held of them."""
    every = list(purges(store).values())
    held = [key for purge in every for key in purge.delete if store.exists(key)]
    for purge in every:
        _successors(store, purge)
        _redact(store, purge)
        _delete(store, purge)
    return len(set(held))


def _finish(store: Store, number: int, purge: Purge) -> Receipt:
    _successors(store, purge)
    _redact(store, purge, bundles=False)
    forget_seasons()
    for centre in purge.repack:
        _repack(store, purge, centre)
    _redact(store, purge)
    _delete(store, purge)
    forget_seasons()
    receipt = Receipt(purge=number, **purge.model_dump(include=set(Receipt.model_fields) - {"purge"}))
    receipts_journal(store).take(number, [receipt.model_dump(mode="json")])
    return receipt


def _repack(store: Store, purge: Purge, centre: str) -> None:
    """The centre never stands without a bundle: the next one is there before those go that held the picture."""
    pack(store, purge.snapshot, centre)
    last = newest(store, centre)
    assert last is None or last.path not in purge.delete, "the newest bundle still holds what is to be destroyed"


def _successors(store: Store, purge: Purge) -> None:
    """The redacted logs, before any record speaks of them."""
    marks = frozenset(purge.marks)
    for stone in purge.tombstones:
        if stone.successor and not store.exists(content_key("originals", stone.successor)):
            with suppress(MissingObject):  # a copy of the store may lack the log altogether
                _successor(store, stone, marks)


def _successor(store: Store, stone: Tombstone, marks: frozenset[str]) -> None:
    redaction = redact_scanlog(fetch(store, "originals", stone.sha256), marks)
    assert redaction is not None
    assert redaction.data is not None
    assert stone.successor == keep(store, "originals", redaction.data)


def _redact(store: Store, purge: Purge, bundles: bool = True) -> None:
    """Records lose their lines; those of bundles last, for the next bundle is made by comparison with them."""
    for key in purge.redact:
        if bundles or not key.startswith(("packed/", "parcels/")):
            prefix, _, name = key.rpartition("/")
            number, records = int(name.partition(".")[0]), Journal(store, prefix)
            with suppress(MissingObject):
                lines = records.record(number)
                stay = list(_counted(store, redacted(purge, key, lines)))
                if stay != lines:
                    records.rewrite(number, stay)


def _counted(store: Store, lines: list[Line]) -> Iterator[Line]:
    """A parcel's portraits are as many as its bundle's record holds; records of bundles are redacted before."""
    for line in lines:
        parcel = line.get("parcel")
        if parcel:
            held = len(by_version(store, parcel["centre"], parcel["version"]).deliveries)
            yield {**line, "parcel": {**parcel, "portraits": held}}
        else:
            yield line


def _delete(store: Store, purge: Purge) -> None:
    """Also what `status` told before, for it named students."""
    for key in (*purge.delete, *(key for keys in derived(store).values() for key in keys)):
        store.delete(key)
