"""What may be said of a parcel next, and why not otherwise, in Chinese. Pure.

Slip and waybill are compared by scanning both before a parcel is closed: two labels that were swapped send one
centre's photos to another, and nobody sees it from outside.
"""

from collections.abc import Callable, Collection, Mapping
from datetime import date
from typing import NamedTuple

from config.bad_input import BadInput
from gradphoto.parcels import Parcel
from gradphoto.shipping import NOTHING, PARCEL, WAYBILL, Event, Progress


class ShippingRefused(BadInput):
    """What was said of a parcel cannot be; one line for the operator."""


class Stock(NamedTuple):
    """All parcels as they stand. `recalled` counts the prints in one that were recalled since."""

    parcels: Mapping[str, Parcel]
    sheeted: Collection[str]
    far: Mapping[str, Progress]
    recalled: Callable[[Parcel], int]

    def stands(self, number: str) -> Progress:
        """How far a parcel is."""
        return self.far.get(number, NOTHING)

    def parcel(self, number: str) -> Parcel:
        """A parcel that was not cancelled; `ShippingRefused` when there is none."""
        if number not in self.parcels:
            raise ShippingRefused(f"没有包裹 {number[:60]!r}：gradphoto shipments list 列出全部")
        if self.stands(number).cancelled:
            raise ShippingRefused(f"包裹 {number} 已经取消，不能再用")
        return self.parcels[number]

    def owner(self, waybill: str) -> str:
        """The parcel that has a courier's number; empty when none has."""
        return next((number for number, one in self.far.items() if one.waybill == waybill), "")


class Verdict(NamedTuple):
    """What two scans came to. `new` is false where the parcel was sealed before."""

    right: bool
    says: str
    parcel: str = ""
    waybill: str = ""
    new: bool = False


class Scans(NamedTuple):
    """The numbers on a slip and on a waybill."""

    slip: str
    waybill: str


def scans(one: str, two: str) -> Scans | str:
    """Two scans in either order; in Chinese why they are not a slip and a waybill."""
    for scan in (one, two):
        if not (PARCEL.fullmatch(scan) or WAYBILL.fullmatch(scan)):
            return "扫到的不是装箱单或运单上的条形码，请关闭中文输入法和大写锁定，从头扫"
    kinds = [bool(PARCEL.fullmatch(scan)) for scan in (one, two)]
    if kinds == [True, True]:
        return "两次都扫了装箱单，请从头扫：先装箱单，后运单"
    if kinds == [False, False]:
        return "两次都扫了运单，请从头扫：先装箱单，后运单"
    return Scans(one, two) if kinds[0] else Scans(two, one)


def judge(stock: Stock, found: Scans) -> Verdict:
    """Whether slip and waybill belong together, and the parcel may be closed."""
    try:
        parcel = stock.parcel(found.slip)
    except ShippingRefused as trouble:
        return Verdict(False, str(trouble), found.slip, found.waybill)
    why = _apart(stock, parcel, found.waybill)
    if why:
        return Verdict(False, why, found.slip, found.waybill)
    stands = stock.stands(found.slip)
    if stands.sealed or stands.sent:
        return Verdict(True, f"包裹 {found.slip} 此前核对过，{stands.word}", found.slip, found.waybill)
    says = f"包裹 {found.slip} 与运单 {found.waybill} 相符，{len(parcel.prints)} 人，可以封箱"
    return Verdict(True, says, found.slip, found.waybill, new=True)


def _apart(stock: Stock, parcel: Parcel, waybill: str) -> str:
    mine, owner = stock.stands(parcel.number).waybill, stock.owner(waybill)
    if owner not in ("", parcel.number):
        return f"运单 {waybill} 是包裹 {owner} 的，不是 {parcel.number} 的，请取对运单"
    if not mine:
        return f"包裹 {parcel.number} 还没有运单号：请先用 gradphoto shipments waybills import 导入"
    if mine != waybill:
        return f"包裹 {parcel.number} 的运单号是 {mine}，扫到的是 {waybill}，请取对运单"
    if recalled := stock.recalled(parcel):
        return (
            f"包裹 {parcel.number} 中有 {recalled} 人的照片已召回，不能寄出："
            f"请用 gradphoto shipments cancel 取消后重新放行"
        )
    return ""


def sent(stock: Stock, number: str, day: str, today: str) -> bool:
    """Whether that it was sent is news; `ShippingRefused` when it cannot be."""
    stock.parcel(number)
    stands = stock.stands(number)
    if not stands.waybill:
        raise ShippingRefused(f"包裹 {number} 还没有运单号：请先用 gradphoto shipments waybills import 导入")
    if not (stands.sealed or stands.sent):
        raise ShippingRefused(f"包裹 {number} 还没有核对封箱：请先运行 gradphoto shipments seal")
    _refuse_future(number, day, today)
    if stands.received and day > stands.received:
        raise ShippingRefused(f"包裹 {number}：{stands.received} 已收到，不能在 {day} 才寄出")
    return stands.sent != day


def received(stock: Stock, number: str, day: str, today: str) -> bool:
    """Whether that it was received is news; `ShippingRefused` when it cannot be."""
    stock.parcel(number)
    stands = stock.stands(number)
    if not stands.sent:
        raise ShippingRefused(f"包裹 {number} 还没有寄出：请先用 gradphoto shipments sent 记下")
    _refuse_future(number, day, today)
    if day < stands.sent:
        raise ShippingRefused(f"包裹 {number}：{stands.sent} 才寄出，不能在 {day} 收到")
    return stands.received != day


def cancel(stock: Stock, number: str) -> Parcel:
    """The parcel when it may be cancelled: nobody has sent it."""
    parcel = stock.parcel(number)
    if stock.stands(number).sent:
        raise ShippingRefused(f"包裹 {number} 已经寄出，不能取消：请联系快递")
    return parcel


def day(text: str) -> str:
    """A day as `2023-08-01`; `ShippingRefused` when it is none."""
    try:
        found = date.fromisoformat(text)
    except ValueError:
        found = None
    if found is None or found.isoformat() != text:
        raise ShippingRefused(f"日期 {text[:30]!r} 应写作 年-月-日，如 2023-08-01")
    return text


def waybill_event(stock: Stock, number: str, waybill: str, instead: str) -> Event | None:
    """A courier's number that somebody types in; None when it stands already."""
    parcel, has = stock.parcel(number), stock.stands(number)
    if not WAYBILL.fullmatch(waybill):
        raise ShippingRefused(f"运单号 {waybill[:40]!r} 不是顺丰的运单号，应为 SF 加12至13位数字，或12、15位数字")
    if stock.owner(waybill) not in ("", number):
        raise ShippingRefused(f"运单号 {waybill} 已经是包裹 {stock.owner(waybill)} 的，请核对")
    if has.waybill == waybill:
        return None
    if has.sent:
        raise ShippingRefused(f"包裹 {number} 已按运单号 {has.waybill} 寄出，不能再改")
    if has.waybill != instead:
        now = f"已有运单号 {has.waybill}，要换掉它请加 --instead {has.waybill}" if has.waybill else "还没有运单号"
        raise ShippingRefused(f"包裹 {number} {now}")
    return Event(act="waybill", centre=parcel.centre, parcel=number, waybill=waybill, who="")


def _refuse_future(number: str, when: str, today: str) -> None:
    if day(when) > today:
        raise ShippingRefused(f"包裹 {number}：日期 {when} 还没有到，请核对")
