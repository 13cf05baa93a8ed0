"""The courier's numbers for our parcels, as its file says them: which are news, and which cannot be. Pure."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from gradphoto.inputs.problems import Held
from gradphoto.inputs.waybills import ORDER_TITLE, WAYBILL_TITLE, WaybillRow
from gradphoto.shipping_rules import Stock


class Numbered(NamedTuple):
    """A parcel and the number that it gets."""

    parcel: str
    centre: str
    waybill: str


class Sorted(NamedTuple):
    """What a file came to. `known` are the parcels that had their number already."""

    new: list[Numbered]
    known: list[str]
    held: list[Held]


def sort_waybills(rows: Sequence[WaybillRow], name: str, stock: Stock) -> Sorted:
    """Every row as news, as known, or held by row and column. Rows that contradict each other are all held."""
    found = Sorted([], [], [])
    orders: defaultdict[str, set[str]] = defaultdict(set)
    owners: defaultdict[str, set[str]] = defaultdict(set)
    for row in rows:
        orders[row.order].add(row.waybill)
        owners[row.waybill].add(row.order)
    for row in rows:
        faults = list(_against(row, orders, owners)) or list(_faults(row, stock))
        found.held.extend(Held(file=name, row=row.row, column=column, message=why) for column, why in faults[:1])
        if faults:
            continue
        if stock.stands(row.order).waybill == row.waybill:
            found.known.append(row.order)
        else:
            found.new.append(Numbered(row.order, stock.parcels[row.order].centre, row.waybill))
    return found._replace(new=list(dict.fromkeys(found.new)), known=list(dict.fromkeys(found.known)))


def _against(
    row: WaybillRow, orders: dict[str, set[str]], owners: dict[str, set[str]]
) -> Iterator[tuple[str, str]]:
    """Where the file contradicts itself."""
    if len(orders[row.order]) > 1:
        yield (
            WAYBILL_TITLE,
            f"同一包裹 {row.order} 在文件中有{len(orders[row.order])}个不同的运单号，均未采用，请核对",
        )
    if len(owners[row.waybill]) > 1:
        both = "、".join(sorted(owners[row.waybill]))
        yield WAYBILL_TITLE, f"同一运单号给了几个包裹（{both}），均未采用，请核对"


def _faults(row: WaybillRow, stock: Stock) -> Iterator[tuple[str, str]]:
    """Where it contradicts what is known."""
    if row.order not in stock.parcels:
        yield ORDER_TITLE, f"没有包裹 {row.order}，请核对是不是本次活动的文件"
        return
    stands, owner = stock.stands(row.order), stock.owner(row.waybill)
    if stands.cancelled:
        yield ORDER_TITLE, f"包裹 {row.order} 已经取消，请到顺丰撤销这一单"
    elif row.order not in stock.sheeted:
        yield ORDER_TITLE, f"包裹 {row.order} 还没有上过顺丰导入表，请先运行 gradphoto manifests"
    elif stands.waybill and stands.waybill != row.waybill:
        how = f"确要换用请运行 gradphoto shipments waybills set {row.order} 新运单号 --instead {stands.waybill}"
        yield WAYBILL_TITLE, f"包裹 {row.order} 已有运单号 {stands.waybill}，与此不同，未采用；{how}"
    elif owner not in ("", row.order):
        yield WAYBILL_TITLE, f"运单号 {row.waybill} 已经是包裹 {owner} 的，未采用，请核对"
