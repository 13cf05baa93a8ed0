"""Personal data as it may stand outside a parcel, where everybody on its way sees it. Pure.

GB/T 41833-2022 (快递电子运单): of a name at least one character is hidden, of a telephone number at least six
figures, of an address unit and room.
"""

import re

HIDDEN = "*"
PHONE_HIDDEN = 6
"""Figures of a telephone number that are hidden at least."""
_FIGURE = "0-9０-９A-Za-zＡ-Ｚａ-ｚ〇零一二三四五六七八九十百"
_STREET = re.compile(r"[0-9０-９](?:[-—－][0-9０-９]+)?号(?![楼院栋幢座])")
"""The number in the street: it stays, and what comes after it leads to a door."""
_DOOR = re.compile(rf"[{_FIGURE}]+(?:[-—－][{_FIGURE}]+)*(?=单元|户|室|房|号房|号门)")
_END = re.compile(
    r"(?<=[楼层座栋幢元院处校])\s*[(（]?[0-9０-９]+(?:[-—－][0-9０-９]+)*[)）]?$|[0-9０-９]+(?:[-—－][0-9０-９]+)+$"
)
_NUMBER = re.compile(r"[0-9０-９]+(?:[-—－][0-9０-９]+)*")


def masked_name(name: str) -> str:
    """A name without what is between its first and its last character; of two the second goes.

    >>> masked_name("王芳"), masked_name("买买提·艾力"), masked_name("王")
    ('王*', '买****力', '*')
    """
    if len(name) < 2:
        return HIDDEN * len(name)
    last = name[-1] if len(name) > 2 else HIDDEN
    return name[0] + HIDDEN * (len(name) - 2) + last


def masked_phone(phone: str) -> str:
    """A number with six figures or more hidden; its first three and last two stay where it is long enough.

    >>> masked_phone("13812345678"), masked_phone("0951-2967052转801"), masked_phone("95338")
    ('138******78', '095*-*******转*01', '*****')
    """
    places = [place for place, char in enumerate(phone) if char.isdigit()]
    shown = places[:3] + places[-2:] if len(places) >= PHONE_HIDDEN + 5 else []
    return "".join(HIDDEN if char.isdigit() and at not in shown else char for at, char in enumerate(phone))


def masked_address(address: str) -> str:
    """An address without unit and room: after the number in the street no number is left.

    >>> masked_address("银川市兴庆区民族南街771号光耀广场1楼1203室")
    '银川市兴庆区民族南街771号光耀广场*楼*室'
    >>> masked_address("盐池县花马池镇职业技术学校强技楼302")
    '盐池县花马池镇职业技术学校强技楼*'
    """
    street = _STREET.search(address)
    begin = street.end() if street else 0
    head, tail = address[:begin], address[begin:]
    for hidden in (_DOOR, _END, *([_NUMBER] if street else [])):
        tail = hidden.sub(HIDDEN, tail)
    return head + tail
