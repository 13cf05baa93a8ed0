"""A row of the mailing list before it is cells: a parcel that goes or went, or how a centre stands. Pure."""

from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple

from config.campaign import Centre
from gradphoto.inputs.mailing import Address
from gradphoto.packed import Packed
from gradphoto.parcels import UNRELEASED, Parcel, outstanding

ALL_SENT = "已全部交寄"
NO_PORTRAITS = "尚无照片"
GONE = "已交寄"


class Consignment(NamedTuple):
    """One row of the mailing list: a parcel that goes now, or how a centre without one stands.

    `portraits` are those in the bundle `version`, `sending` the students of the parcel or, without
    one, those whose prints are still to go.
    """

    centre: Centre
    version: int
    portraits: int
    sending: int
    parcel: Parcel | None
    address: Address | None
    held: str
    """Why it does not go; empty when it does."""
    note: str
    remarks: tuple[str, ...] = ()
    """What somebody should look at about the address."""

    @property
    def goes(self) -> Parcel | None:
        """The parcel that is on the courier sheet for it."""
        return self.parcel if self.sending and not self.held else None


def consignments(
    centre: Centre,
    packed: Packed,
    address: Address | None,
    why: str,
    parcels: Sequence[Parcel],
    sheeted: Collection[str],
) -> list[Consignment]:
    """A row for each parcel that waits for a sheet (two when there were two releases); else one row."""
    rest = len(outstanding(packed.deliveries, parcels))
    waiting = [parcel for parcel in parcels if parcel.number not in sheeted and parcel.prints]
    if not waiting:
        portraits = len(packed.deliveries)
        note = UNRELEASED if rest else ALL_SENT if portraits else NO_PORTRAITS
        return [Consignment(centre, packed.version, portraits, rest, None, address, why, note)]
    more = f"，另有{rest}人{UNRELEASED}" if rest else ""
    return [
        Consignment(
            centre, parcel.version, parcel.portraits, len(parcel.prints), parcel, address, why, parcel.kind + more
        )
        for parcel in waiting
    ]


def gone_rows(
    centre: Centre,
    address: Address | None,
    parcels: Sequence[Parcel],
    sheeted: Collection[str],
    said: Mapping[str, str],
) -> list[Consignment]:
    """A row for each parcel that went and has the courier's number; nobody of it is counted again."""
    went = [one for one in parcels if one.number in sheeted and one.prints and one.waybill]
    return [
        Consignment(
            centre, one.version, one.portraits, 0, one, address, "",
            f"{one.kind}，{GONE}{len(one.prints)}人，{said.get(one.number, '')}",
        )
        for one in went
    ]  # fmt: skip


def kept_back_row(centre: Centre, parcel: Parcel, address: Address | None) -> Consignment:
    """What of it may still go is in the next parcel that is released, so nothing is counted here."""
    why = f"包裹{parcel.number}含已召回的照片，请取出并重新放行"
    return Consignment(centre, parcel.version, parcel.portraits, 0, parcel, address, why, parcel.kind)
