"""The records of purges and of their receipts, which have the same numbers: `stages.purge` alone writes them."""

from gradphoto.adapters.journal import Journal
from gradphoto.adapters.store import Store
from gradphoto.purge import InForce, Purge, Receipt, in_force


def purges_journal(store: Store) -> Journal:
    """What was confirmed: from its record on a purge is in force."""
    return Journal(store, "purges")


def receipts_journal(store: Store) -> Journal:
    """What was carried out in full."""
    return Journal(store, "receipts")


def purges(store: Store) -> dict[int, Purge]:
    """Every purge by number, lowest first."""
    return {number: Purge.from_lines(lines) for number, lines in purges_journal(store).records()}


def receipts(store: Store) -> dict[int, Receipt]:
    """Every receipt by the number of its purge, lowest first."""
    return {number: Receipt.model_validate(lines[0]) for number, lines in receipts_journal(store).records()}


def purged(store: Store) -> InForce:
    """What all purges of a store come to."""
    return in_force(purges(store).values())
