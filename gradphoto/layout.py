"""What may stand in the store: every kind of object, and the form of its keys.

The kinds that are copied are in the order in which a copy may be made: no object refers to a kind that comes
after its own. So whoever lists them in the opposite order meets no reference to an object that was not listed,
even while a run is writing.
"""

import re
from collections.abc import Iterator

from gradphoto.adapters.store import Store

_SHA256 = r"(?P<two>[0-9a-f]{2})/(?P<sha256>(?P=two)[0-9a-f]{62})"
_NAME = r"[A-Za-z0-9_-][A-Za-z0-9._-]*"
_NUMBER = r"(?P<number>(?!0+\.)(?:[0-9]{6}|[1-9][0-9]{6,}))\.jsonl"
_CENTRE = r"(?P<name>[a-z0-9][a-z0-9-]{0,39})"
_VERSION = r"(?P<number>(?!0+\.)(?:[0-9]{4}|[1-9][0-9]{4,}))\.zip"

CONTENT = {
    "originals": _SHA256,
    "inputs": _SHA256,
    "portraits": rf"(?P<name>{_NAME})/{_SHA256}\.jpg",
    "bundles": rf"{_CENTRE}/(?P=name)-v{_VERSION}",
}
"""By kind what stands in a key after it."""
RECORDS = {
    "snapshots": _NUMBER,
    "addresses": _NUMBER,
    "ingests": rf"(?P<name>{_NAME})/{_NUMBER}",
    "readings": rf"(?P<name>{_NAME})/{_NUMBER}",
    "drafts": rf"(?P<name>{_NAME})/{_NUMBER}",
    "renders": rf"(?P<name>{_NAME})/{_NUMBER}",
    "copies": rf"(?P<name>{_NAME})/{_NUMBER}",
    "closed": rf"(?P<name>{_NAME})/{_NUMBER}",
    "decisions": _NUMBER,
    "packed": rf"{_CENTRE}/{_NUMBER}",
    "slots": rf"{_CENTRE}/{_NUMBER}",
    "signoffs": rf"(?P<name>{_NAME})/{_NUMBER}",
    "told": _NUMBER,
    "looks": rf"{_CENTRE}/{_NUMBER}",
    "prints": rf"{_CENTRE}/{_NUMBER}",
    "parcels": _NUMBER,
    "sheets": _NUMBER,
    "shipping": _NUMBER,
    "downloads": _NUMBER,
    "exports": _NUMBER,
    "runs": _NUMBER,
    "invites": _NUMBER,
    "requests": _NUMBER,
    "purges": _NUMBER,
    "receipts": _NUMBER,
}
"""The same for what a `Journal` keeps."""
KINDS = CONTENT | RECORDS
DERIVED = {"standings": rf"{_SHA256}\.jsonl"}
"""What follows from the rest and may be thrown away: it is in no copy, and a purge deletes it."""
NAMED_BY_DIGEST = ("originals", "inputs")
"""Whose keys say what their bytes are."""

_FORMS = {kind: re.compile(f"{kind}/{rest}") for kind, rest in (KINDS | DERIVED).items()}


def form(key: str) -> re.Match[str] | None:
    """The parts of a key (`sha256`, `name`, `number`, as its kind has them); None when nothing of ours has such.

    >>> form("bundles/yanchi/yanchi-v0002.zip").group("name", "number")
    ('yanchi', '0002')
    >>> form("bundles/yanchi/guyuan-v0002.zip")
    """
    pattern = _FORMS.get(kind_of(key))
    return pattern.fullmatch(key) if pattern else None


def kind_of(key: str) -> str:
    """The kind of object that a key names: its first segment."""
    return key.partition("/")[0]


def listed(store: Store) -> dict[str, list[str]]:
    """Every key by kind, kinds in the order in which a copy may be made."""
    found = {kind: list(store.keys(kind)) for kind in reversed(KINDS)}
    return {kind: found[kind] for kind in KINDS}


def derived(store: Store) -> dict[str, list[str]]:
    """Every key of what follows from the rest, by kind."""
    return {kind: list(store.keys(kind)) for kind in DERIVED}


def everything(store: Store) -> Iterator[str]:
    """Every key that a copy has, in the order in which it may be made."""
    for keys in listed(store).values():
        yield from keys
