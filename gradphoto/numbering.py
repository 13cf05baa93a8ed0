"""Gaps in a camera's numbering: frames that were deleted, or that a card lost.

A counter goes from 9999 to 0001 and is judged within one folder. Films and pictures of another colour space
share it under another beginning, so a number that any file of the folder bears is not missing.
"""

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from itertools import pairwise
from typing import NamedTuple

from gradphoto.matching.kind import is_picture_name, parted

_DCF = re.compile(r"([0-9A-Za-z_]{4})([0-9]{4})\.[0-9A-Za-z]+")
"""How cameras name files (JEITA CP-3461): four characters, then the counter."""
_LAST = 9999
_NEAR = 100
"""Numbers from either end within which a folder's counter is taken to have gone round."""

Series = dict[int, str]
"""The names of one beginning, without their endings, by number."""


class Gap(NamedTuple):
    """Numbers that no file of a folder bears, between two names that follow each other."""

    folder: str
    after: str
    before: str
    missing: int


def gaps(paths: Iterable[str]) -> list[Gap]:
    """The gaps below a card, by folder and beginning."""
    series: dict[tuple[str, str], Series] = defaultdict(dict)
    borne: dict[str, set[int]] = defaultdict(set)
    for path in sorted(paths):
        folder, name = parted(path)
        named = _DCF.fullmatch(name)
        if named:
            borne[folder].add(int(named[2]))
            if is_picture_name(path):
                series[folder, named[1].upper()].setdefault(int(named[2]), name.rpartition(".")[0])
    return [gap for (folder, _), each in sorted(series.items()) for gap in _gaps(folder, each, borne[folder])]


def _gaps(folder: str, series: Series, borne: Collection[int]) -> Iterator[Gap]:
    for one, two in pairwise(_in_turn(sorted(series))):
        missing = sum(number not in borne for number in _between(one, two))
        if missing:
            yield Gap(folder, series[one], series[two], missing)


def _in_turn(numbers: list[int]) -> list[int]:
    """As the counter went; where it went round, the widest step is where it began."""
    if len(numbers) < 2 or numbers[0] > _NEAR or numbers[-1] <= _LAST - _NEAR:
        return numbers
    cut = max(range(1, len(numbers)), key=lambda at: numbers[at] - numbers[at - 1])
    return numbers[cut:] + numbers[:cut]


def _between(one: int, two: int) -> Iterator[int]:
    """The numbers after one and before two, round the end if need be."""
    yield from range(one + 1, two if one < two else _LAST + 1)
    if one > two:
        yield from range(1, two)
