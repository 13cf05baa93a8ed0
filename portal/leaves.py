"""Long lists, a leaf at a time."""

from collections.abc import Sequence
from typing import Any, NamedTuple

A_LEAF = 100
"""Rows."""


class Leaf(NamedTuple):
    """Some rows of a list; leaves are numbered from 1."""

    rows: Sequence[Any]
    number: int
    of: int
    total: int


def leaf(rows: Sequence[Any], said: str) -> Leaf:
    """The leaf that somebody asked for, or the nearest that there is.

    >>> leaf(range(250), "3").number, leaf(range(250), "9").number, leaf([], "x").number
    (3, 3, 1)
    """
    of = max(1, -(-len(rows) // A_LEAF))
    number = min(max(int(said), 1), of) if said.isdecimal() and len(said) < 7 else 1
    return Leaf(rows[(number - 1) * A_LEAF : number * A_LEAF], number, of, len(rows))
