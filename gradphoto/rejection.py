"""Why a picture is refused: the notice's own list, each with the rule behind it, and whatever else a person says.

A decision keeps the Chinese word, which is what students read on the retake list.
"""

from collections.abc import Iterable
from enum import StrEnum

from config.notice import Requirement


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

    @property
    def rules(self) -> tuple[str, ...]:
        """Where the notice says it, as `Requirement.number`; empty for what only the profile asks."""
        return _RULES.get(self, ())


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
_RULES = {
    Rejection.GLASSES: ("2.3.4(1)",),
    Rejection.HEAD_COVERING: ("2.3.4(1)", "2.3.4(6)"),
    Rejection.HAIR: ("2.3.4(2)",),
    Rejection.JEWELLERY: ("2.3.4(3)",),
    Rejection.MAKE_UP: ("2.3.4(4)",),
    Rejection.CLOTHING: ("2.3.4(5)",),
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


def rule_of(reason: str, requirements: Iterable[Requirement]) -> str:
    """What the notice asks where a picture was refused for that reason; empty when it says nothing of it."""
    wanted = rejection_of(reason).rules
    return "".join(each.text for each in requirements if each.number in wanted).rstrip("；;。")
