"""The courier's import sheet (SF Express, 顺丰): its columns, a parcel's row, and whom it would refuse.

A cell that the courier would refuse holds its parcel; it is never shortened or cleaned. What makes an
address unusable is known where the mailing list is read.
"""

from typing import NamedTuple

from config.settings import Settings
from gradphoto.inputs.mailing import FORBIDDEN, Address
from gradphoto.parcels import Parcel

COLUMNS = (
    "用户订单号", "寄件公司", "寄件人", "寄件电话", "寄件详细地址", "收件公司", "收件人", "收件电话",
    "收件手机", "收件详细地址", "托寄物内容", "托寄物数量", "包裹重量", "寄方备注", "运费付款方式",
    "业务类型", "件数", "代收金额", "保价金额", "扩展字段1", "扩展字段2", "扩展字段3", "扩展字段4",
    "扩展字段5",
)  # fmt: skip

CONTENT = "毕业生照片"
PAYMENT = "寄方付"
SERVICE = "顺丰标快"


class Sender(NamedTuple):
    """Who sends, from the settings; all empty, the operator picks the sender at the courier's import."""

    company: str
    name: str
    phone: str
    address: str


def sender_of(settings: Settings) -> Sender:
    """The sender as the office's settings name them."""
    return Sender(settings.sender_company, settings.sender_name, settings.sender_phone, settings.sender_address)


def courier_row(parcel: Parcel, company: str, address: Address, sender: Sender) -> tuple[str, ...]:
    """A parcel's cells under `COLUMNS`; what the courier fills in or nobody asked for is empty."""
    cells = {
        "用户订单号": parcel.number,
        **_sender(sender),
        **_receiver(company, address),
        "托寄物内容": CONTENT,
        "托寄物数量": str(len(parcel.prints)),
        "寄方备注": parcel.kind,
        "运费付款方式": PAYMENT,
        "业务类型": SERVICE,
        "件数": "1",
    }
    return tuple(cells.get(column, "") for column in COLUMNS)


def refused_receiver(company: str, address: Address) -> str | None:
    """Why the courier would refuse the receiver, in one Chinese line with the row; None when it would not."""
    trouble = address.unusable or _refused_company(company)
    return f"{address.where}：{trouble}，请更正" if trouble else None


def refused_sender(sender: Sender) -> str | None:
    """Why the courier would refuse the sender, in one Chinese line; None when it would not."""
    if not any(sender):
        return None
    as_address = Address(contact=sender.name, phone=sender.phone, address=sender.address)
    trouble = as_address.unusable or _refused_company(sender.company)
    return f"设置中的寄件人：{trouble}，请更正" if trouble else None


def _sender(sender: Sender) -> dict[str, str]:
    return dict(zip(("寄件公司", "寄件人", "寄件电话", "寄件详细地址"), sender, strict=True))


def _receiver(company: str, address: Address) -> dict[str, str]:
    return {
        "收件公司": company,
        "收件人": address.contact,
        "收件电话": address.phone,
        "收件手机": address.mobile,
        "收件详细地址": address.address,
    }


def _refused_company(company: str) -> str | None:
    if not company:
        return "没有单位名称"
    refused = sorted(set(company) & set(FORBIDDEN))
    return f"单位名称含有快递系统不接受的字符 {' '.join(refused)}" if refused else None
