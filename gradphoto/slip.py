"""What stands on the papers of a parcel: within it whose prints it holds, outside only where it goes. Pure."""

from collections.abc import Mapping
from typing import NamedTuple

from config.campaign import Campaign
from gradphoto.inputs.mailing import Address
from gradphoto.masked import masked_address, masked_name, masked_phone
from gradphoto.packed import Packed
from gradphoto.parcels import Parcel

CONTENT = "毕业生照片（冲印）"


class Slip(NamedTuple):
    """A packing slip (装箱单). `people` are student number and name, in order of number."""

    number: str
    title: str
    centre: str
    kind: str
    version: int
    people: tuple[tuple[str, str], ...]


class Label(NamedTuple):
    """What is on the outside: the receiver as much of it as may be seen there."""

    number: str
    waybill: str
    centre: str
    contact: str
    phone: str
    address: str
    prints: int
    sender: str


def slip_of(campaign: Campaign, parcel: Parcel, packed: Packed) -> Slip:
    """The slip of a parcel, with the names as the bundle has them that it was released from."""
    names: Mapping[str, str] = {one.student_no: one.name for one in packed.deliveries}
    people = tuple((no, names.get(no, "")) for no in sorted(parcel.students))
    name = campaign.centre(parcel.centre).name
    return Slip(parcel.number, f"{campaign.institution}{CONTENT}装箱单", name, parcel.kind, parcel.version, people)


def label_of(campaign: Campaign, parcel: Parcel, address: Address, waybill: str) -> Label:
    """The label of a parcel. Whoever carries it sees no whole name, number or room."""
    return Label(
        number=parcel.number,
        waybill=waybill,
        centre=campaign.centre(parcel.centre).name,
        contact=masked_name(address.contact),
        phone=masked_phone(address.mobile or address.phone),
        address=masked_address(address.address),
        prints=len(parcel.prints),
        sender=f"{campaign.contact.department}  {campaign.contact.phone}",
    )
