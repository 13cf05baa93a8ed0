"""The papers of parcels: a packing slip for within each, a label for its outside, and the courier's list."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from config.campaign import Campaign
from gradphoto.adapters.fresh import write_fresh
from gradphoto.adapters.lettering import Lettering
from gradphoto.adapters.packing_slip import packing_slip
from gradphoto.adapters.parcel_papers import handed_to_courier, labels
from gradphoto.adapters.proof_sheet import Unprintable
from gradphoto.adapters.store import Store
from gradphoto.inputs.mailing import Address
from gradphoto.packed import by_version
from gradphoto.parcels import Parcel
from gradphoto.shipping_rules import ShippingRefused, Stock
from gradphoto.slip import Slip, label_of, slip_of
from gradphoto.stages.shipping import events
from gradphoto.stages.stock import stock_of


class Papers(NamedTuple):
    """What was written, for which parcels, and what could not be."""

    paths: tuple[Path, ...]
    parcels: tuple[str, ...]
    left_out: tuple[str, ...]
    """A Chinese line for each parcel that must not go, or that has no label."""
    unprintable: tuple[Unprintable, ...]


def write_slips(
    store: Store,
    campaign: Campaign,
    addresses: Mapping[str, Address],
    wanted: Sequence[str],
    to: Path,
    font: Path | None = None,
) -> Papers:
    """Write `装箱单-<parcel>.pdf` for each, `外箱标签.pdf` and `交寄清单.pdf`, over nothing that is there.

    `wanted` are numbers of parcels and ids of centres; none means every parcel that was not sent yet.
    `ShippingRefused` names one that there is not, `NoFont` says that no Chinese font is there.
    """
    stock, letters = stock_of(store, events(store)), Lettering(font)
    chosen, left_out = _chosen(stock, wanted)
    slips = [slip_of(campaign, one, by_version(store, one.centre, one.version)) for one in chosen]
    files = {f"装箱单-{one.number}.pdf": packing_slip(one, letters) for one in slips}
    usable = [one for one in chosen if _address(addresses, one)]
    left_out += [
        f"包裹 {one.number} 没有可用的地址，没有外箱标签" for one in chosen if not _address(addresses, one)
    ]
    outside = [label_of(campaign, one, addresses[one.centre], stock.stands(one.number).waybill) for one in usable]
    if outside:
        files["外箱标签.pdf"] = labels(outside, letters)
        files["交寄清单.pdf"] = handed_to_courier(f"{campaign.name}　毕业生照片交寄清单", outside, letters)
    paths = [path for name, data in files.items() for path in write_fresh(to, {name: data}).paths]
    return Papers(tuple(paths), tuple(one.number for one in chosen), tuple(left_out), _unprintable(slips, letters))


def _chosen(stock: Stock, wanted: Sequence[str]) -> tuple[list[Parcel], list[str]]:
    """The parcels that get papers, in the order of their release, and why others do not."""
    centres = {one.centre for one in stock.parcels.values()}
    for name in wanted:
        if name not in centres and name not in stock.parcels:
            raise ShippingRefused(
                f"没有包裹 {name[:60]!r}，也没有放行过该中心的包裹：请先用 shipments release 放行"
            )
    found, left_out = [], []
    for one in stock.parcels.values():
        stands = stock.stands(one.number)
        asked = one.number in wanted or one.centre in wanted if wanted else not stands.sent
        if not asked or stands.cancelled or not one.prints:
            continue
        if recalled := stock.recalled(one):
            left_out.append(f"包裹 {one.number} 中有 {recalled} 人的照片已召回，没有装箱单：请取消后重新放行")
        else:
            found.append(one)
    return found, left_out


def _address(addresses: Mapping[str, Address], parcel: Parcel) -> Address | None:
    found = addresses.get(parcel.centre)
    return found if found and not found.unusable else None


def _unprintable(slips: Sequence[Slip], letters: Lettering) -> tuple[Unprintable, ...]:
    people = ((no, name, letters.lacking(name)) for one in slips for no, name in one.people)
    return tuple(Unprintable(no, name, lacking) for no, name, lacking in people if lacking)
