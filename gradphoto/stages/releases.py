"""Releases: which parcels the operator let go, when, and to which address; which are on a courier sheet."""

from config.frozen import Frozen
from gradphoto.adapters.journal import Journal
from gradphoto.adapters.store import Store
from gradphoto.parcels import Parcel
from gradphoto.shipping import NOTHING, progress
from gradphoto.stages.known import lines_kept
from gradphoto.stages.shipping import events


class Released(Frozen):
    """When a parcel was released by whom, for people only, and the contents of the address in force then."""

    at: str = ""
    who: str = ""
    address: str = ""
    """As `gradphoto.addresses.contents` has it; empty where none was known."""


UNNOTED = Released()
"""Of a parcel that was released before releases were noted."""


class Release(Frozen):
    """A parcel with its release, as the record has it."""

    parcel: Parcel
    released: Released = UNNOTED


def parcels(store: Store) -> list[Parcel]:
    """Every parcel that was released, in that order."""
    return [parcel for parcel, _ in releases(store)]


def releases(store: Store) -> list[tuple[Parcel, Released]]:
    """Every parcel with its release, in that order."""
    return [(one.parcel, one.released) for one in lines_kept(parcels_journal(store), Release)]


def addressed(store: Store) -> dict[str, dict[str, str]]:
    """By centre, for each parcel that is under way the contents of the address that it was released to."""
    far, found = progress(events(store)), dict[str, dict[str, str]]()
    for parcel, released in releases(store):
        stands = far.get(parcel.number, NOTHING)
        if released.address and parcel.prints and not (stands.received or stands.cancelled):
            found.setdefault(parcel.centre, {})[parcel.number] = released.address
    return found


def sheets(store: Store) -> dict[str, int]:
    """For each parcel that was on a courier sheet the number of its sheet."""
    records = sheets_journal(store).records()
    return {parcel: number for number, lines in records for line in lines for parcel in line["parcels"]}


def parcels_journal(store: Store) -> Journal:
    """The records of releases, a parcel a record."""
    return Journal(store, "parcels")


def sheets_journal(store: Store) -> Journal:
    """The records of courier sheets: the numbers of the parcels on each."""
    return Journal(store, "sheets")
