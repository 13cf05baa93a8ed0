"""The mailing manifests: for each centre how many prints go where, from which bundle, in which parcel. Pure.

A released parcel is on one courier sheet, the first that is written after its release. A centre without
a usable address stays on the mailing list with the reason beside it, and its parcels wait for the next
sheet. Which parcels were on earlier sheets, and where the tables go, is not known here.
"""

from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple

from config.campaign import Campaign, Centre
from gradphoto.consignment import ALL_SENT, Consignment, consignments, gone_rows, kept_back_row
from gradphoto.courier import Sender, courier_row, refused_receiver, refused_sender
from gradphoto.inputs.mailing import Address
from gradphoto.inputs.problems import Held
from gradphoto.packed import Packed
from gradphoto.parcels import Parcel, parcels_to

COLUMNS = (
    "院校代码", "院校名称", "教学点", "人数", "本次寄件人数", "学校详细地址", "联系人", "办公电话", "移动电话",
    "照片包版本", "内部包裹号", "运单号", "备注",
)  # fmt: skip

RECALLED = "含已召回的照片，等待新版照片包"
NO_ADDRESS = "邮寄名单中没有该教学点可用的地址，请补上，或用 gradphoto address set 登记"

Remarks = Mapping[str, Sequence[str]]
"""By centre what somebody should look at about its address, in Chinese."""
NO_REMARKS: Remarks = {}
NO_WORDS: Mapping[str, str] = {}


class HeldCentre(NamedTuple):
    """A centre to which nothing can be sent, and why, in Chinese."""

    centre: str
    reason: str


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
    *,
    remarks: Remarks = NO_REMARKS,
    said: Mapping[str, str] = NO_WORDS,
) -> Manifest:
    """The manifest of every centre that has a bundle.

    `bundles` are the newest by centre, `addresses` and `held` what was read of the mailing list and what
    was not, `sheeted` the numbers of the parcels that were on an earlier sheet. Of recalls: `recalled` are the
    parcels that wait and must not go, none of them in `parcels`, `blocked` the centres whose newest bundle is.
    `remarks` are by centre, `said` what is told of a parcel that went by its number.
    """
    trouble = refused_sender(sender)
    rows: list[Consignment] = []
    for centre in campaign.centres:
        if centre.id in bundles:
            address = addresses.get(centre.id)
            why = _unusable(centre, address, held) or trouble or (RECALLED if centre.id in blocked else "")
            mine = parcels_to(centre.id, parcels)
            gone = gone_rows(centre, address, mine, sheeted, said)
            now = consignments(centre, bundles[centre.id], address, why, mine, sheeted)
            here = [
                *gone,
                *(row for row in now if not (gone and row.note == ALL_SENT)),
                *(kept_back_row(centre, parcel, address) for parcel in parcels_to(centre.id, recalled)),
            ]
            rows += [row._replace(remarks=tuple(remarks.get(centre.id, ()))) for row in here]
    return Manifest(campaign, tuple(rows), sender)


def _unusable(centre: Centre, address: Address | None, held: Sequence[Held]) -> str | None:
    if address:
        return refused_receiver(centre.name, address)
    more = f"（名单中有{len(held)}处问题未采用，首先是 {held[0].text}）" if held else ""
    return NO_ADDRESS + more


def _mailing_row(campaign: Campaign, row: Consignment) -> tuple[str, ...]:
    where = row.address
    held = f"暂缓寄送：{row.held}" if row.held else ""
    notes = (where.note if where else "", row.note, held, *row.remarks)
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
