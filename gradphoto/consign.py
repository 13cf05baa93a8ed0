"""The mailing manifests: for each centre how many prints go where, from which bundle, in which parcel. Pure.

A released parcel is on one courier sheet, the first that is written after its release. A centre without
a usable address stays on the mailing list with the reason beside it, and its parcels wait for the next
sheet. Which parcels were on earlier sheets, and where the tables go, is not known here.
"""

from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple

from config.campaign import Campaign, Centre
from gradphoto.courier import Sender, courier_row, refused_receiver, refused_sender
from gradphoto.inputs.mailing import Address
from gradphoto.inputs.problems import Held
from gradphoto.packed import Packed
from gradphoto.parcels import UNRELEASED, Parcel, outstanding, parcels_to

COLUMNS = (
    "院校代码", "院校名称", "教学点", "人数", "本次寄件人数", "学校详细地址", "联系人", "办公电话", "移动电话",
    "照片包版本", "内部包裹号", "运单号", "备注",
)  # fmt: skip

ALL_SENT = "已全部交寄"
NO_PORTRAITS = "尚无照片"
RECALLED = "含已召回的照片，等待新版照片包"
NO_ADDRESS = "邮寄名单中没有该教学点可用的地址，请补上"


class HeldCentre(NamedTuple):
    """A centre to which nothing can be sent, and why, in Chinese."""

    centre: str
    reason: str


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

    @property
    def goes(self) -> Parcel | None:
        """The parcel that is on the courier sheet for it."""
        return None if self.held else self.parcel


class Manifest(NamedTuple):
    """All that is sent at one time, in the campaign's order of centres."""

    campaign: Campaign
    rows: tuple[Consignment, ...]
    sender: Sender

    @property
    def mailing(self) -> list[Sequence[str]]:
        """The mailing list under its header."""
        return [COLUMNS, *(_mailing_row(self.campaign, row) for row in self.rows)]

    @property
    def courier(self) -> list[tuple[str, ...]]:
        """The courier sheet's rows, without its header."""
        return [
            courier_row(row.goes, row.centre.name, row.address, self.sender)
            for row in self.rows
            if row.goes and row.address
        ]

    @property
    def parcels(self) -> list[Parcel]:
        """The parcels on the courier sheet."""
        return [row.goes for row in self.rows if row.goes]

    @property
    def held(self) -> tuple[HeldCentre, ...]:
        """The centres that get nothing, each once."""
        return tuple(dict.fromkeys(HeldCentre(row.centre.id, row.held) for row in self.rows if row.held))


def manifest(
    campaign: Campaign,
    bundles: Mapping[str, Packed],
    addresses: Mapping[str, Address],
    held: Sequence[Held],
    parcels: Sequence[Parcel],
    sheeted: Collection[str],
    sender: Sender,
    recalled: Sequence[Parcel] = (),
    blocked: Collection[str] = (),
) -> Manifest:
    """The manifest of every centre that has a bundle.

    `bundles` are the newest by centre, `addresses` and `held` what was read of the mailing list and what
    was not, `sheeted` the numbers of the parcels that were on an earlier sheet. Of recalls: `recalled` are the
    parcels that wait and must not go, none of them in `parcels`, `blocked` the centres whose newest bundle is.
    """
    trouble = refused_sender(sender)
    rows: list[Consignment] = []
    for centre in campaign.centres:
        if centre.id in bundles:
            address = addresses.get(centre.id)
            why = _unusable(centre, address, held) or trouble or (RECALLED if centre.id in blocked else "")
            mine = parcels_to(centre.id, parcels)
            rows += _consignments(centre, bundles[centre.id], address, why, mine, sheeted)
            rows += (_kept_back(centre, parcel, address) for parcel in parcels_to(centre.id, recalled))
    return Manifest(campaign, tuple(rows), sender)


def _unusable(centre: Centre, address: Address | None, held: Sequence[Held]) -> str | None:
    if address:
        return refused_receiver(centre.name, address)
    more = f"（名单中有{len(held)}处问题未采用，首先是 {held[0].text}）" if held else ""
    return NO_ADDRESS + more


def _consignments(
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


def _kept_back(centre: Centre, parcel: Parcel, address: Address | None) -> Consignment:
    """What of it may still go is in the next parcel that is released, so nothing is counted here."""
    why = f"包裹{parcel.number}含已召回的照片，请取出并重新放行"
    return Consignment(centre, parcel.version, parcel.portraits, 0, parcel, address, why, parcel.kind)


def _mailing_row(campaign: Campaign, row: Consignment) -> tuple[str, ...]:
    where = row.address
    held = f"暂缓寄送：{row.held}" if row.held else ""
    notes = (where.note if where else "", row.note, held)
    return (
        campaign.institution_code,
        campaign.institution,
        row.centre.name,
        str(row.portraits),
        str(row.sending),
        *((where.address, where.contact, where.phone, where.mobile) if where else ("", "", "", "")),
        str(row.version),
        row.parcel.number if row.parcel else "",
        row.parcel.waybill if row.parcel else "",
        "；".join(note for note in notes if note),
    )
