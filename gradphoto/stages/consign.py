"""Consigning: parcels released from the bundles of a store, and the manifests that the courier works by.

A release is a record of `parcels/`, a courier sheet one of `sheets/`, which names the parcels on it. The
files come first and the record after them: a run that dies between the two is done again to the same
bytes, and no parcel is ever on record as sent without a sheet.
"""

from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import NamedTuple

from config.campaign import PARCEL_PREFIX, Campaign
from gradphoto.adapters.fresh import write_fresh
from gradphoto.adapters.journal import Journal
from gradphoto.adapters.store import Store
from gradphoto.adapters.tables import csv_bytes, xlsx_bytes
from gradphoto.consign import NO_REMARKS, HeldCentre, Manifest, Remarks, manifest
from gradphoto.courier import COLUMNS as COURIER_COLUMNS
from gradphoto.courier import Sender
from gradphoto.inputs.mailing import Address
from gradphoto.inputs.problems import Held
from gradphoto.matching.ledger import Ledger
from gradphoto.packed import Packed, by_version, newest
from gradphoto.parcels import Parcel, parcels_to, released
from gradphoto.purges import purged
from gradphoto.recall import Version, in_force, kept_back
from gradphoto.reconcile import reconcile
from gradphoto.shipping import NOTHING, Progress, cancelled, progress
from gradphoto.stages.blocked import blocked_of
from gradphoto.stages.releases import (
    UNNOTED,
    Released,
    parcels,
    parcels_journal,
    sheets,
    sheets_journal,
)
from gradphoto.stages.season import Season
from gradphoto.stages.shipping import events


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


def ledger_of(store: Store, season: Season) -> Ledger:
    """The state of every file and student, given the newest bundles."""
    return season.ledger(bundles_of(store, season.inputs.campaign).values())


def release(
    store: Store, centre: str, packed: Packed, prefix: str = PARCEL_PREFIX, noted: Released = UNNOTED
) -> Parcel | None:
    """Release what of a bundle was not couriered yet; None when there is nothing to release, or it is blocked.

    Whoever is overtaken by another release counts anew, so that a portrait is in one parcel.
    """
    journal = parcels_journal(store)
    more = {"released": noted.model_dump(mode="json")} if noted != UNNOTED else {}
    while not blocked_of(store, [(centre, packed.version)]):
        number = journal.last() + 1
        earlier = parcels_to(centre, parcels(store))
        parcel = released(packed, earlier, going(store, earlier), prefix)
        if parcel is None or journal.take(number, [{"parcel": parcel.model_dump(mode="json"), **more}]):
            return parcel
    return None


def going(store: Store, every: Sequence[Parcel]) -> list[Parcel]:
    """Those parcels that went or may go; what is in the others is to be sent again."""
    return in_force(_without_cancelled(store, every), *_not_going(store, every))


def _not_going(store: Store, every: Sequence[Parcel]) -> tuple[set[str], set[Version]]:
    """The numbers of those parcels that went, and the blocked versions of which others wait."""
    earlier = sheeted(store)
    return earlier, blocked_of(store, {(one.centre, one.version) for one in every if one.number not in earlier})


def sheeted(store: Store) -> set[str]:
    """The numbers of the parcels that were on a courier sheet."""
    return set(sheets(store))


def write_manifests(
    store: Store,
    campaign: Campaign,
    addresses: Mapping[str, Address],
    held: Sequence[Held],
    sender: Sender,
    to: Path,
    remarks: Remarks = NO_REMARKS,
) -> Written:
    """Write `mailing.csv`, `mailing.xlsx` and `sf.xlsx` (the courier's import, 顺丰导入) into a folder.

    Nothing is overwritten: where other tables stand already the three are `mailing-2.csv`, `mailing-2.xlsx`
    and `sf-2.xlsx`, and so on. A sheet with nothing released has its header only. Arguments as `manifest`
    takes them; `OSError` when the folder cannot be written to.
    """
    journal = sheets_journal(store)
    while True:
        number = journal.last() + 1
        made, wrong = reconciled(store, campaign, addresses, held, sender, remarks)
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
    store: Store,
    campaign: Campaign,
    addresses: Mapping[str, Address],
    held: Sequence[Held],
    sender: Sender,
    remarks: Remarks = NO_REMARKS,
) -> tuple[Manifest, list[str]]:
    """The manifest as things stand, and a Chinese line for each count that does not agree with the bundles."""
    bundles, far = bundles_of(store, campaign), progress(events(store))
    every = [_with_waybill(one, far) for one in _without_cancelled(store, parcels(store))]
    earlier, blocked = _not_going(store, every)
    stay, waiting = in_force(every, earlier, blocked), kept_back(every, earlier, blocked)
    stale = [centre for centre, _ in blocked_of(store, ((one, made.version) for one, made in bundles.items()))]
    said = {number: one.word for number, one in far.items()}
    made = manifest(
        campaign, bundles, addresses, held, stay, earlier, sender, waiting, stale, remarks=remarks, said=said
    )
    return made, reconcile(made, bundles, partial(by_version, store), stay, earlier)


def mailing_list(made: Manifest) -> dict[str, bytes]:
    """The mailing list alone, as both of its files by name; it puts no parcel on a courier sheet."""
    return {
        "mailing.csv": csv_bytes(made.mailing),
        "mailing.xlsx": xlsx_bytes("邮寄清单", made.mailing),
    }


def _files(made: Manifest) -> dict[str, bytes]:
    courier: list[Sequence[str]] = [COURIER_COLUMNS, *made.courier]
    return {**mailing_list(made), "sf.xlsx": xlsx_bytes("顺丰导入", courier)}


def _without_cancelled(store: Store, every: Sequence[Parcel]) -> list[Parcel]:
    """Those that were not cancelled: what was in the others is to be sent again."""
    gone = cancelled(events(store))
    return [one for one in every if one.number not in gone]


def _with_waybill(parcel: Parcel, far: Mapping[str, Progress]) -> Parcel:
    return parcel.model_copy(update={"waybill": far.get(parcel.number, NOTHING).waybill})
