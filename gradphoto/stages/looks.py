"""Who looked through a centre's portraits before they were released, and which these were.

A look is a record of `looks/<centre>/`. It speaks of the bundle whose portraits are exactly those: each student's
number with the bytes that are delivered. A picture more, or another, and nobody has looked yet.
"""

from collections.abc import Iterable, Mapping

from config.frozen import Frozen
from gradphoto.adapters.journal import Journal
from gradphoto.adapters.store import Store, digest
from gradphoto.bundle import Delivery
from gradphoto.original import Digest
from gradphoto.packed import Packed
from gradphoto.stages.pack import deliveries_of
from gradphoto.stages.season import Season


class Looked(Frozen):
    """One look through all portraits of a centre; `who` and `at` are for people."""

    portraits: Digest
    """Of all that were seen and not held, see `portraits_digest`."""
    count: int
    who: str
    at: str


def portraits_digest(deliveries: Iterable[Delivery]) -> Digest:
    """The sha256 of student numbers and portraits, whatever order they come in."""
    lines = sorted(f"{one.student_no} {one.sha256}\n" for one in deliveries)
    return digest("".join(lines).encode())


def portraits_of(store: Store, season: Season, centre: str) -> tuple[Delivery, ...]:
    """What the centre's next bundle holds, as far as it is rendered; in order of student number."""
    return tuple(deliveries_of(store, season, centre))


def note_look(store: Store, centre: str, deliveries: Iterable[Delivery], who: str, at: str) -> int:
    """Record that somebody looked through all of these; returns the record's number."""
    seen = list(deliveries)
    look = Looked(portraits=portraits_digest(seen), count=len(seen), who=who, at=at)
    return looks_journal(store, centre).append([look.model_dump(mode="json")])


def looks(store: Store, centre: str) -> list[Looked]:
    """Every look through a centre's portraits, in order."""
    records = looks_journal(store, centre).records()
    return [Looked.model_validate(line) for _, lines in records for line in lines]


def reviewed(store: Store, bundles: Mapping[str, Packed]) -> set[str]:
    """The centres whose newest bundle holds exactly what somebody looked through."""
    return {
        centre
        for centre, packed in bundles.items()
        if portraits_digest(packed.deliveries) in {look.portraits for look in looks(store, centre)}
    }


def looks_journal(store: Store, centre: str) -> Journal:
    """The records of one centre."""
    return Journal(store, f"looks/{centre}")
