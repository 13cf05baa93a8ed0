"""What a message may quote of a cell or an argument: nothing that may be a person's name, ID number or code.

Messages end up in logs, and columns get swapped: what stands in a cell need not be what its header says.
"""

import re

_FIGURES = re.compile(r"[\d.,:/TZEe+ -]*")
_MOST = 14
"""Digits of what is quoted: a student number has 13, the shortest ID number 15."""
_ID_NO = re.compile(r"[0-9]{17}[0-9Xx]|[0-9]{15}")
_PLACE = re.compile(r"院|校|中心|教学点|学习点|工作站")
"""What stands in the name of a centre, whichever, and in nobody's own."""


def quoted(text: str) -> str:
    """Text for a message: figures as they are, an ID number by its last four, of anything else the length.

    >>> quoted("2.16401E+12"), quoted("11010519491231002X"), quoted("张三")
    ("'2.16401E+12'", '…002X', '2个字符')
    """
    if _FIGURES.fullmatch(text) and sum(char.isdigit() for char in text) <= _MOST:
        return repr(text)
    return masked(text) if _ID_NO.fullmatch(text) else f"{len(text)}个字符"


def quoted_place(text: str) -> str:
    """The same for the name of a centre, which is quoted when it is a name of that kind."""
    return repr(text[:60]) if _PLACE.search(text) else quoted(text)


def masked(id_no: str) -> str:
    """An ID number as it may be shown: its last four characters.

    >>> masked("11010519491231002X")
    '…002X'
    """
    return f"…{id_no[-4:]}" if id_no else ""
