"""Text broken into lines as Chinese is set: between any two characters, but not before a closing mark. Pure.

A run of Latin letters and digits, such as a time or an address on the web, stays in one piece where a line
takes it.
"""

import re
from collections.abc import Iterator, Sequence

_NOT_FIRST = frozenset("，。、；：！？）》〉」』】〕…—～·,.;:!?)]}％%")
_NOT_LAST = frozenset("（《〈「『【〔([{")
_PIECE = re.compile(r"[0-9A-Za-z@./:_—-]+|.", re.DOTALL)


def broken(text: str, widths: Sequence[float], most: float) -> list[str]:
    """The lines of one paragraph; `widths` are those of its characters, `most` that of a line.

    >>> broken("一二三，四", [1.0] * 5, 3)
    ['一二', '三，四']
    """
    lines, line, used, at = [], "", 0.0, 0
    for piece in _pieces(text, widths, most):
        width = sum(widths[at : at + len(piece)])
        at += len(piece)
        if line and used + width > most:
            carried = _carried(line, piece)
            lines.append(line[: len(line) - len(carried)])
            line = carried
            used = sum(widths[at - len(piece) - len(carried) : at - len(piece)])
        line, used = line + piece, used + width
    return [*lines, line]


def _pieces(text: str, widths: Sequence[float], most: float) -> Iterator[str]:
    """What stays together; a piece that no line takes is broken all the same."""
    for found in _PIECE.finditer(text):
        whole = sum(widths[found.start() : found.end()]) <= most
        yield from [found[0]] if whole else found[0]


def _carried(line: str, piece: str) -> str:
    """The end of a line that goes down with what comes next, so that no mark stands where it must not."""
    end = len(line)
    while end > 1 and ((line + piece)[end] in _NOT_FIRST or line[end - 1] in _NOT_LAST):
        end -= 1
    return line[end:] if end > 1 else ""
