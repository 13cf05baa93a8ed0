"""Whether what somebody says of an address can be used: each field by itself, in Chinese. Pure.

Stricter than what a courier's system takes: a person is there who can put it right at once.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

from config.bad_input import BadInput
from gradphoto.addresses import AddressSaid
from gradphoto.inputs.mailing import Address
from gradphoto.phone import is_mobile, is_phone

NOTE_MOST, NAME_MOST = 100, 30
"""Characters of a remark, and of a name that signs."""
TITLES = {
    "contact": "联系人",
    "phone": "办公电话",
    "mobile": "移动电话",
    "address": "详细地址",
    "note": "备注",
    "signature": "签名",
    "who": "登记人",
}
_PROVINCES = (
    "北京", "天津", "上海", "重庆", "河北", "山西", "辽宁", "吉林", "黑龙江", "江苏", "浙江", "安徽", "福建",
    "江西", "山东", "河南", "湖北", "湖南", "广东", "海南", "四川", "贵州", "云南", "陕西", "甘肃", "青海",
    "台湾", "内蒙古", "广西", "西藏", "宁夏", "新疆", "香港", "澳门",
)  # fmt: skip
_AREA = re.compile(r"[\u4e00-\u9fff]{1,12}?(?:特别行政区|自治区|自治州|自治县|地区|省|市|州|盟|县|旗|区)")
_SPOT = re.compile(r"[路街巷道号村镇乡园院校楼座栋组队厦场弄里桥站]|大厦|中心|广场|小区|社区")
"""What stands in an address where a courier finds the door."""


class Fault(NamedTuple):
    """One field that cannot be used: its key and why, in Chinese."""

    field: str
    why: str


class AddressRefused(BadInput):
    """An address that cannot be used; one line with the first field. `faults` has all of them, for a form."""

    def __init__(self, centre_name: str, faults: tuple[Fault, ...]) -> None:
        field, why = faults[0]
        super().__init__(f"{centre_name}「{TITLES[field]}」：{why}")
        self.faults = faults


def address_faults(said: AddressSaid) -> tuple[Fault, ...]:
    """Every field that cannot be used, the first fault of each, in the order of a form."""
    found: dict[str, str] = {}
    for field, why in _faults(said):
        found.setdefault(field, why)
    return tuple(Fault(field, found[field]) for field in TITLES if field in found)


def _faults(said: AddressSaid) -> Iterator[Fault]:
    for field, why in _courier(said).troubles():
        yield Fault(field, f"{why.removeprefix(TITLES[field])}，请更正")
    yield from _phones(said)
    yield from _place(said.address)
    yield from _words("note", said.note, NOTE_MOST)
    yield from _words("signature", said.signature, NAME_MOST)
    yield from _words("who", said.who, NAME_MOST)
    if not said.signature.strip():
        yield Fault("signature", "请写明是谁确认的（姓名）")
    if not said.who.strip():
        yield Fault("who", "请写明是谁登记的")


def _courier(said: AddressSaid) -> Address:
    return Address(**said.model_dump(include={"contact", "phone", "mobile", "address"}))


def _phones(said: AddressSaid) -> Iterator[Fault]:
    if said.phone and not is_phone(said.phone):
        yield Fault("phone", "不是有效的电话号码，座机请写上区号，如 010-12345678 或 010-12345678转801，请更正")
    if said.mobile and not is_mobile(said.mobile):
        yield Fault("mobile", "不是有效的手机号码，应为11位数字，请更正")


def _place(address: str) -> Iterator[Fault]:
    """A place without its city is found in several, one without a street nowhere."""
    area = _AREA.search(address) or next((one for one in _PROVINCES if address.startswith(one)), None)
    if address and not area:
        yield Fault("address", "没有写到市、县或区，请从省市写起，如 宁夏盐池县花马池镇五原南路")
    elif address and not _SPOT.search(address[area.end() if isinstance(area, re.Match) else len(area or "") :]):
        yield Fault("address", "只写到市、县或区，请写到街道门牌或楼名")


def _words(field: str, text: str, most: int) -> Iterator[Fault]:
    if len(text) > most:
        yield Fault(field, f"超过{most}个字符，请写短些")
    if not text.isprintable():
        yield Fault(field, "含有换行或看不见的字符，请删去")
