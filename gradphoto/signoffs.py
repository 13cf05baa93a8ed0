"""The record of who signed for what before a session: append-only, and what was taken back stays readable."""

from collections.abc import Iterable

from gradphoto.adapters.journal import Journal
from gradphoto.adapters.store import Store
from gradphoto.readiness import Signature


def signatures(store: Store, session: str) -> list[Signature]:
    """Every signature of a session, in order; those that were taken back, and the taking back, among them."""
    records = signoffs_journal(store, session).records()
    return [Signature.model_validate(line) for _, lines in records for line in lines]


def sign(store: Store, session: str, signed: Iterable[Signature]) -> int:
    """Keep some signatures as one record; returns its number."""
    return signoffs_journal(store, session).append([one.model_dump(mode="json") for one in signed])


def signoffs_journal(store: Store, session: str) -> Journal:
    """The records of one session."""
    return Journal(store, f"signoffs/{session}")
