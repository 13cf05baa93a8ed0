"""Why a picture is refused: reasons of a list, each with the campaign's rule behind it, or a person's own words.

A decision keeps the Chinese word, which is what students read on the retake list.
"""

import re
from collections.abc import Iterable
from enum import StrEnum

from config.notice import Requirement

RETURNED = "学信网退回："
"""What stands before the reason where CHSI refused a picture that was uploaded."""
_BETWEEN = re.compile("[；;、，,]")


class Rejection(StrEnum):
    """The reasons, in the order of their keys on the review page."""

    GLASSES = "glasses"
    HEAD_COVERING = "head-covering"
    HAIR = "hair"
    JEWELLERY = "jewellery"
    MAKE_UP = "make-up"
    CLOTHING = "clothing"
    EYES_CLOSED = "eyes-closed"
    BLURRED = "blurred"
    OTHER = "other"
    """None of these; the person's own words say what."""

    @property
    def word(self) -> str:
        """What people read."""
        return _WORDS[self]


_WORDS = {
    Rejection.GLASSES: "眼镜",
    Rejection.HEAD_COVERING: "头饰帽子",
    Rejection.HAIR: "头发遮挡",
    Rejection.JEWELLERY: "首饰",
    Rejection.MAKE_UP: "浓妆",
    Rejection.CLOTHING: "蓝色或制服服装",
    Rejection.EYES_CLOSED: "闭眼",
    Rejection.BLURRED: "模糊",
    Rejection.OTHER: "其他",
}
_CODES = {spelling: each for each in Rejection for spelling in (each.value, each.word)}


def rejection_of(reason: str) -> Rejection:
    """The reason that a code, its Chinese word or somebody's own words name.

    >>> rejection_of("glasses") is rejection_of("眼镜") is Rejection.GLASSES
    True
    >>> rejection_of("刘海遮眉").value
    'other'
    """
    return _CODES.get(reason.strip(), Rejection.OTHER)


def as_kept(reason: str) -> str:
    """The words that a decision keeps: a reason's own, or what the person wrote.

    >>> as_kept("eyes-closed"), as_kept(" 刘海遮眉 ")
    ('闭眼', '刘海遮眉')
    """
    found = rejection_of(reason)
    return reason.strip() if found is Rejection.OTHER and reason.strip() != found.value else found.word


def as_returned(reasons: Iterable[str]) -> str:
    """The words that a decision keeps of what CHSI said of one picture, each reason once.

    >>> as_returned(["glasses", "镜片反光", "眼镜"])
    '学信网退回：眼镜；镜片反光'
    """
    return RETURNED + "；".join(dict.fromkeys(map(as_kept, reasons)))


def rule_of(reason: str, requirements: Iterable[Requirement]) -> str:
    """What the notice asks where a picture was refused for that reason; empty when it says nothing of it."""
    said = {rejection_of(part).value for part in _BETWEEN.split(reason.removeprefix(RETURNED))}
    return "".join(each.text for each in requirements if said.intersection(each.refuses)).rstrip("；;。")
