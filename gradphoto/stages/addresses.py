"""Addresses: what people say of where a centre's prints go, put on record, and the one that is in force.

The record is the centre's own word, so it is never changed: whoever says something else says it anew. What a
record holds of people goes when the centre is purged.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping

from config.bad_input import BadInput
from config.campaign import Campaign
from gradphoto.adapters.journal import Journal
from gradphoto.adapters.store import Store
from gradphoto.address_check import AddressRefused, address_faults
from gradphoto.addresses import AddressRecord, AddressSaid, Confirmation, Known, contents, known
from gradphoto.inputs.mailing import Address
from gradphoto.stages.inputs import Inputs
from gradphoto.stages.known import era_of, records_of, shelf
from gradphoto.stages.releases import Released, addressed
from gradphoto.stages.snapshot import load_inputs, newest_snapshot


class NothingToConfirm(BadInput):
    """Electronic delivery that cannot be confirmed; one line for the operator."""


def say_address(store: Store, inputs: Inputs, said: AddressSaid) -> int:
    """Put a centre's word on record; returns its number.

    `AddressRefused` names the centre and the first field that cannot be used, `BadInput` an unknown centre.
    """
    name = _name(inputs, said.centre)
    said = said.model_copy(update={field: getattr(said, field).strip() for field in _TEXTS})
    faults = address_faults(said)
    if faults:
        raise AddressRefused(name, faults)
    row = contents(inputs.addresses.get(said.centre))
    return _append(store, AddressRecord(said=said, snapshot=inputs.number, row=row))


def addresses_now(store: Store, inputs: Inputs) -> dict[str, Known]:
    """What is known of each centre's address, in the campaign's order; without centres of which nothing is."""
    records: dict[str, list[tuple[int, AddressRecord]]] = defaultdict(list)
    for record in address_records(store):
        records[record[1].centre].append(record)
    moved, found = addressed(store), {}
    for centre in inputs.campaign.centres:
        one = known(centre.id, inputs.addresses.get(centre.id), records[centre.id], inputs.number)
        if one:
            now = contents(one.address)
            parcels = tuple(parcel for parcel, to in moved.get(centre.id, {}).items() if to != now)
            found[centre.id] = one.model_copy(update={"parcels": parcels})
    return found


def addresses_of(found: Mapping[str, Known]) -> dict[str, Address]:
    """The address of each centre that has one, as the courier's sheet takes it."""
    return {centre: one.address for centre, one in found.items()}


def remarks_of(found: Mapping[str, Known]) -> dict[str, tuple[str, ...]]:
    """What somebody should look at, by centre."""
    return {centre: one.flags for centre, one in found.items() if one.flags}


def flagged(campaign: Campaign, found: Mapping[str, Known]) -> list[str]:
    """The same as lines that name the centre."""
    return [f"{campaign.centre(one.centre).name}：{line}" for one in found.values() for line in one.flags]


def released_to(store: Store, inputs: Inputs, centre: str, who: str, at: str) -> Released:
    """What a release of a parcel to a centre notes: the address that is in force."""
    one = addresses_now(store, inputs).get(centre)
    return Released(at=at, who=who, address=contents(one.address) if one else "")


def confirm_electronic(
    store: Store, centre: str, who: str, at: str, yes: bool, inputs: Inputs | None = None
) -> int:
    """The operator's word on electronic delivery to a centre, for the address in force now.

    `inputs` are by default those of the newest snapshot. `NothingToConfirm` where the centre did not ask for it.
    """
    inputs = inputs or _newest(store)
    name = _name(inputs, centre)
    one = addresses_now(store, inputs).get(centre)
    if yes and not (one and one.address.electronic):
        raise NothingToConfirm(f"{name} 没有要电子数据（需要电子数据为否），不能确认：请先登记该教学点的要求")
    word = Confirmation(centre=centre, yes=yes, contents=contents(one.address) if one else "", who=who, at=at)
    row = contents(inputs.addresses.get(centre))
    return _append(store, AddressRecord(confirmation=word, snapshot=inputs.number, row=row))


def may_download(store: Store, inputs: Inputs, centre: str) -> bool:
    """Whether the centre itself may fetch its files: it asked for them, and the operator confirmed that since."""
    one = addresses_now(store, inputs).get(centre)
    return bool(one and one.downloads)


def address_records(store: Store) -> list[tuple[int, AddressRecord]]:
    """Every record with its number, in order; what a purge took out is not here."""
    return list(_records(store))


def addresses_journal(store: Store) -> Journal:
    """The records of addresses and confirmations, one a record."""
    return Journal(store, "addresses")


_TEXTS = ("contact", "phone", "mobile", "address", "note", "signature", "who")


def _records(store: Store) -> Iterator[tuple[int, AddressRecord]]:
    known = shelf(store, era_of(store))
    for number, lines in records_of(addresses_journal(store), AddressRecord, known):
        yield from ((number, one) for one in lines)


def _append(store: Store, record: AddressRecord) -> int:
    return addresses_journal(store).append([record.model_dump(mode="json", exclude_none=True)])


def _newest(store: Store) -> Inputs:
    number = newest_snapshot(store)
    if not number:
        raise NothingToConfirm("还没有运行过，没有可以确认的：请先运行 gradphoto nightly")
    return load_inputs(store, number)


def _name(inputs: Inputs, centre: str) -> str:
    names: Mapping[str, str] = {one.id: one.name for one in inputs.campaign.centres}
    if centre not in names:
        raise BadInput(f"没有中心 {centre!r}，可用的是：{' '.join(names)}")
    return names[centre]
