"""How long a short message may be: it is refused whole or sent whole, never cut.

GSM 03.38 and 03.40: a message with Chinese in it is coded as UCS-2, 70 units; of a longer one each part carries
67, for the phone puts the parts together by a head of 3 units. What is outside the basic plane takes two units.
"""

from collections.abc import Callable, Iterable
from math import ceil

ALONE, PART = 70, 67
"""UCS-2 units of a message, and of each part of a longer one."""
PARTS = 2
"""More than these nobody should pay for."""
MOST = PART * PARTS


def units(text: str) -> int:
    """The length as operators count it.

    >>> units("王芳"), units("𬭎")
    (2, 2)
    """
    return len(text.encode("utf-16-le")) // 2


def parts(text: str) -> int:
    """How many messages it is paid as.

    >>> parts("字" * 70), parts("字" * 71), parts("字" * 134), parts("字" * 135)
    (1, 2, 2, 3)
    """
    return 1 if units(text) <= ALONE else ceil(units(text) / PART)


def shortest_that_fits(write: Callable[[int], str], levels: Iterable[int]) -> tuple[str, bool]:
    """The first of the texts, from the fullest to the shortest, that fits; else the last, and False."""
    text = ""
    for level in levels:
        text = write(level)
        if units(text) <= MOST:
            return text, True
    return text, False
