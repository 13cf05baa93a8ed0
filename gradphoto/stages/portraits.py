"""The pixels of portraits in the store, by original, recipe and profile: made when it is read or chosen."""

from functools import lru_cache
from typing import NamedTuple

from config.spec import Spec, parse_spec
from gradphoto.adapters.journal import Journal
from gradphoto.adapters.store import MissingObject, Store, content_key, damaged, digest, fetch
from gradphoto.original import Digest
from gradphoto.portrait import Draft
from gradphoto.stages.inputs import profile_digest
from gradphoto.stages.known import first_by, lines_kept, numbers_of
from gradphoto.stages.snapshot import read_snapshot
from gradphoto.versions import READER, RECIPE


class Look(NamedTuple):
    """A profile, and what portraits by it and by this recipe are kept under."""

    name: str
    spec: Spec


@lru_cache(maxsize=4)
def look_of(store: Store, snapshot: int) -> Look:
    """That of a snapshot, without its rosters."""
    (found,) = (one for one in read_snapshot(store, snapshot) if one.kind == "spec")
    data = fetch(store, "inputs", found.sha256)
    return Look(look_named(profile_digest(data)), parse_spec(data.decode(), found.name))


def look_named(spec_digest: str) -> str:
    """What portraits of one recipe and one profile are kept under."""
    return f"{READER}-{RECIPE}-{spec_digest}"


def drafts_journal(store: Store, look: Look) -> Journal:
    """The records of portraits that were made when their originals were read."""
    return Journal(store, f"drafts/{look.name}")


def portrait_key(look: str, source: Digest) -> str:
    """Where the pixels of a portrait stand, by its original."""
    return f"{content_key(f'portraits/{look}', source)}.jpg"


def drafts_of(store: Store, look: Look) -> dict[Digest, Draft]:
    """Those on record, by their originals."""
    journal = drafts_journal(store, look)
    return first_by(lambda one: one.source, lines_kept(journal, Draft, numbers_of(journal)))


def kept_portrait(store: Store, look: str, source: Digest, draft: Draft | None = None) -> bytes | None:
    """The pixels, where they are there already; `DamagedObject` when they are not those of the `draft`."""
    key = portrait_key(look, source)
    try:
        jpeg = store.read(key)
    except MissingObject:
        return None
    if draft and digest(jpeg) != draft.sha256:
        raise damaged(key)
    return jpeg


def keep_portrait(store: Store, look: str, source: Digest, jpeg: bytes) -> bytes:
    """Keep the pixels; returns those that were there first."""
    key = portrait_key(look, source)
    return jpeg if store.create(key, jpeg) else store.read(key)
