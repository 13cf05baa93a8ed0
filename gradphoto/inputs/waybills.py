"""The file in which the courier says which number it gave to which order: from cells to rows.

SF's exports name our number 用户订单号 or 客户订单号, and some have its own beside it as 订单号; so 订单号 is ours
only where the others are missing.
"""

from typing import NamedTuple

from gradphoto.discreet import quoted
from gradphoto.inputs.columns import Column
from gradphoto.inputs.numbers import scientific
from gradphoto.inputs.problems import Held, SheetError
from gradphoto.inputs.table import Line, read_table
from gradphoto.shipping import PARCEL, WAYBILL

_ORDER = ("用户订单号", "客户订单号", "客户单号", "内部包裹号")
_WAYBILL = Column(
    "waybill", ("运单号", "运单编号", "顺丰运单号", "顺丰单号", "快递单号", "母单号", "waybill"), required=True
)
OURS = (Column("order", _ORDER, required=True), _WAYBILL)
ANY = (Column("order", (*_ORDER, "订单号", "订单编号", "order"), required=True), _WAYBILL)
ORDER_TITLE, WAYBILL_TITLE = OURS[0].title, _WAYBILL.title


class WaybillRow(NamedTuple):
    """One order and the courier's number for it, both of the right form; `row` as Excel counts."""

    row: int
    order: str
    waybill: str


def read_waybills(data: bytes, name: str) -> tuple[list[WaybillRow], list[Held]]:
    """The rows that can be used, and those that are held; `SheetError` when the file cannot be read."""
    try:
        table = read_table(data, name, OURS)
    except SheetError:
        table = read_table(data, name, ANY)
    held = [Held(file=name, message=f"工作表“{title}”也像运单表，但未读取") for title in table.unread]
    rows: list[WaybillRow] = []
    for line in table.lines:
        faults = [*line.faults] or _faults(line, name)
        held += faults
        if not faults:
            rows.append(WaybillRow(line.number, line.values["order"], line.values["waybill"]))
    return rows, held


def _faults(line: Line, name: str) -> list[Held]:
    order, waybill = line.values["order"], line.values["waybill"]
    said = {ORDER_TITLE: _order_fault(order), WAYBILL_TITLE: _waybill_fault(waybill)}
    return [Held(file=name, row=line.number, column=column, message=why) for column, why in said.items() if why]


def _order_fault(order: str) -> str:
    if not order:
        return "不能为空"
    return "" if PARCEL.fullmatch(order) else f"不是本系统的包裹号（{quoted(order)}），请核对"


def _waybill_fault(waybill: str) -> str:
    if not waybill:
        return "还没有运单号，请在顺丰下单成功后再导入"
    if scientific(waybill):
        return f"已变成科学记数法 {quoted(waybill)}，位数已丢失，请把该列设为文本后重新导出"
    if not WAYBILL.fullmatch(waybill):
        return f"不是顺丰的运单号（{quoted(waybill)}），应为 SF 加12至13位数字，或12、15位数字"
    return ""
