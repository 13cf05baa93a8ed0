"""Parcels as rows of a table, for `shipments list` and `status`."""

from gradphoto.shipment import ParcelStanding, Shipment

PARCEL_COLUMNS = (
    "包裹", "中心", "类别", "人数", "放行", "快递表", "运单号", "封箱", "寄出", "收到", "状态", "注意",
)  # fmt: skip


def parcel_rows(centre: str, shipment: Shipment) -> list[tuple[object, ...]]:
    """Table rows under `PARCEL_COLUMNS`."""
    return [_cells(centre, one) for one in shipment.parcels]


def _cells(centre: str, one: ParcelStanding) -> tuple[object, ...]:
    odd = [f"{one.recalled} 人的照片已召回"] if one.recalled and not one.cancelled else []
    return (
        one.number, centre, one.kind, one.students, one.released[:10], one.sheet, one.waybill, one.sealed[:10],
        one.sent, one.received, one.word, "；".join([*odd, *filter(None, [one.reason])]),
    )  # fmt: skip
