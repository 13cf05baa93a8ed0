"""Consigning: parcels released from the bundles of a store, and the manifests that the courier works by.

A release is a record of `parcels/`, a courier sheet one of `sheets/`, which names the parcels on it. The
files come first and the record after them: a run that dies between the two is done again to the same
bytes, and no parcel is ever on record as sent without a sheet.
"""

from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import NamedTuple

from config.campaign import Campaign
from gradphoto.adapters.fresh import write_fresh
from gradphoto.adapters.journal import Journal
from gradphoto.adapters.store import Store
from gradphoto.adapters.tables import csv_bytes, xlsx_bytes
from gradphoto.consign import HeldCentre, Manifest, manifest
from gradphoto.courier import COLUMNS as COURIER_COLUMNS
from gradphoto.courier import Sender
from gradphoto.inputs.mailing import Address
from gradphoto.inputs.problems import Held
from gradphoto.packed import Packed, by_version, newest
from gradphoto.parcels import Parcel, parcels_to, released
from gradphoto.purges import purged
from gradphoto.recall import Version, in_force, kept_back
from gradphoto.reconcile import reconcile
from gradphoto.stages.blocked import blocked_of


class Written(NamedTuple):
    """What a run of the manifests came to. With `discrepancies` nothing was written."""

    paths: tuple[Path, ...]
    held: tuple[HeldCentre, ...]
    rows: int
    """Of the mailing list."""
    parcels: tuple[str, ...]
    """The numbers on the courier sheet."""
    discrepancies: tuple[str, ...] = ()


def bundles_of(store: Store, campaign: Campaign) -> dict[str, Packed]:
    """The newest bundle of each centre that has one, in the campaign's order; a purged centre has none."""
    gone = purged(store).centres
    found = ((centre.id, newest(store, centre.id)) for centre in campaign.centres if centre.id not in gone)
    return {centre: packed for centre, packed in found if packed}


def parcels(store: Store) -> list[Parcel]:
    """Every parcel that was released, in that order."""
    return [Parcel.model_validate(line["parcel"]) for _, lines in _releases(store).records() for line in lines]


def release(store: Store, centre: str, packed: Packed) -> Parcel | None:
    """Release what of a bundle was not couriered yet; None when there is nothing to release, or it is blocked.

    Whoever is overtaken by another release counts anew, so that a portrait is in one parcel.
    """
    journal = _releases(store)
    while not blocked_of(store, [(centre, packed.version)]):
        number = journal.last() + 1
        earlier = parcels_to(centre, parcels(store))
        parcel = released(packed, earlier, in_force(earlier, *_not_going(store, earlier)))
        if parcel is None or journal.take(number, [{"parcel": parcel.model_dump(mode="json")}]):
            return parcel
    return None


def _not_going(store: Store, every: Sequence[Parcel]) -> tuple[set[str], set[Version]]:
    """The numbers of those parcels that went, and the blocked versions of which others wait."""
    earlier = sheeted(store)
    return earlier, blocked_of(store, {(one.centre, one.version) for one in every if one.number not in earlier})


def sheeted(store: Store) -> set[str]:
    """The numbers of the parcels that were on a courier sheet."""
    return set(sheets(store))


def sheets(store: Store) -> dict[str, int]:
    """For each of those parcels the number of its sheet."""
    records = _sheets(store).records()
    return {parcel: number for number, lines in records for line in lines for parcel in line["parcels"]}


def write_manifests(
    store: Store,
    campaign: Campaign,
    addresses: Mapping[str, Address],
    held: Sequence[Held],
    sender: Sender,
    to: Path,
) -> Written:
    """Write `mailing.csv`, `mailing.xlsx` and `sf.xlsx` (the courier's import, 顺丰导入) into a folder.

    Nothing is overwritten: where other tables stand already the three are `mailing-2.csv`, `mailing-2.xlsx`
    and `sf-2.xlsx`, and so on. A sheet with nothing released has its header only. Arguments as `manifest`
    takes them; `OSError` when the folder cannot be written to.
    """
    journal = _sheets(store)
    while True:
        number = journal.last() + 1
        made, wrong = reconciled(store, campaign, addresses, held, sender)
        on_sheet = tuple(parcel.number for parcel in made.parcels)
        if wrong:
            return Written((), made.held, len(made.rows), on_sheet, tuple(wrong))
        fresh = write_fresh(to, _files(made))
        if not on_sheet or _on_record(journal, number, on_sheet):
            return Written(fresh.paths, made.held, len(made.rows), on_sheet)
        fresh.withdraw()  # another sheet took its number meanwhile, perhaps with some of the same parcels


def _on_record(journal: Journal, number: int, on_sheet: Sequence[str]) -> bool:
    """Whether the sheet of that number is this one; the same sheet of a run beside us may be these files."""
    lines = [{"parcels": list(on_sheet)}]
    return journal.take(number, lines) or journal.record(number) == lines


def reconciled(
    store: Store, campaign: Campaign, addresses: Mapping[str, Address], held: Sequence[Held], sender: Sender
) -> tuple[Manifest, list[str]]:
    """The manifest as things stand, and a Chinese line for each count that does not agree with the bundles."""
    bundles, every = bundles_of(store, campaign), parcels(store)
    earlier, blocked = _not_going(store, every)
    going, waiting = in_force(every, earlier, blocked), kept_back(every, earlier, blocked)
    stale = [centre for centre, _ in blocked_of(store, ((one, made.version) for one, made in bundles.items()))]
    made = manifest(campaign, bundles, addresses, held, going, earlier, sender, waiting, stale)
    return made, reconcile(made, bundles, partial(by_version, store), going, earlier)


def mailing_list(made: Manifest) -> dict[str, bytes]:
    """The mailing list alone, as both of its files by name; it puts no parcel on a courier sheet."""
    return {
        "mailing.csv": csv_bytes(made.mailing),
        "mailing.xlsx": xlsx_bytes("邮寄清单", made.mailing),
    }


def _files(made: Manifest) -> dict[str, bytes]:
    courier: list[Sequence[str]] = [COURIER_COLUMNS, *made.courier]
    return {**mailing_list(made), "sf.xlsx": xlsx_bytes("顺丰导入", courier)}


def _releases(store: Store) -> Journal:
    return Journal(store, "parcels")


def _sheets(store: Store) -> Journal:
    return Journal(store, "sheets")
