"""What joins texts to a line in Chinese print, and the same in Western print."""

import re

JOINTS = {
    "\n": "\n",
    "（": " (",
    "“": ' "',
    "「": ' "',
    "；": "; ",
    "。": ". ",
    "：": ": ",
    "，": ", ",
    "、": ", ",
    " 或 ": " or ",
    " 至 ": " to ",
    " ": " ",
}
"""Strongest first; what opens something comes before what may stand within."""
_CLOSED = {"（": "）", "“": "”", "「": "」"}
CLOSES = {"）": ")", "”": '"', "」": '"'}
_MARK = re.compile("[；。：，、（）“”「」]")
_FEW = 6


def western(text: str) -> str:
    """Chinese print between what needs no translation.

    >>> western("a、b（c）")
    'a, b (c)'
    """
    return _MARK.sub(lambda mark: JOINTS.get(mark[0]) or CLOSES[mark[0]], text)


def places(joint: str, text: str) -> list[int]:
    """Where a text may be joined; a long list is taken apart from its beginning."""
    found = [one.start() for one in re.finditer(re.escape(joint), text)]
    return found if len(found) <= _FEW else found[:1]


def closing(text: str, joint: str) -> int:
    """Where what the text opens with is closed again; its end when it opens nothing, or nothing closes it.

    >>> closing("（a（b））c", "（")
    5
    """
    depth = 0
    for at, mark in enumerate(text if joint in _CLOSED else ""):
        depth += (mark == joint) - (mark == _CLOSED[joint])
        if not depth:
            return at
    return len(text)
