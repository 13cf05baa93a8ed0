"""Whom a few figures mean: a student number, its last figures, or the last four characters of an ID number."""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Mapping
from typing import NamedTuple

from gradphoto.roster import Student

LEAST = 4
"""Characters that must be typed."""
MOST = 9
"""Students that have a key, 1 to 9."""
_NUMBER = re.compile(r"[0-9]{4,18}|[0-9]{3}X|[0-9]{17}X")
_WHOLE = 10
"""From so many characters on, what nobody has the end of is a number of its own: somebody not on the list."""


class Hits(NamedTuple):
    """The numbers that may be meant, in order; without any `problem` says in Chinese what to do."""

    student_nos: tuple[str, ...]
    problem: str = ""


def figures(text: str) -> str:
    """What was typed, in narrow figures and a capital X, without spaces.

    >>> figures(" ００１ｘ ")
    '001X'
    """
    return "".join(unicodedata.normalize("NFKC", text).split()).upper()


class Names:
    """The students of a kit by what people type."""

    def __init__(self, students: Mapping[str, Student]) -> None:
        self._numbers = {no.upper(): no for no in students}
        self._by_id: dict[str, list[str]] = defaultdict(list)
        for no, student in students.items():
            if student.id_no:
                self._by_id[student.id_no[-LEAST:].upper()].append(no)

    def has(self, typed: str) -> bool:
        """Whether somebody on the list has exactly this number."""
        return typed in self._numbers

    def is_number(self, text: str) -> bool:
        """Whether this may be meant as a number of somebody, rather than a capture code."""
        typed = figures(text)
        return typed in self._numbers or bool(_NUMBER.fullmatch(typed))

    def find(self, text: str) -> Hits:
        """Who may be meant. Somebody's whole number means nobody else, whoever's number ends so."""
        typed = figures(text)
        if typed in self._numbers:
            return Hits((self._numbers[typed],))
        if len(typed) < LEAST:
            return Hits((), f"请输入学号，或学号、身份证号的后{LEAST}位")
        if not _NUMBER.fullmatch(typed):
            return Hits((), "只能按学号或身份证号后四位查找，请核对")
        return self._ending(typed)

    def _ending(self, typed: str) -> Hits:
        tails = [no for number, no in self._numbers.items() if number.endswith(typed)]
        by_id = self._by_id.get(typed[-LEAST:], []) if len(typed) in (LEAST, 18) else []
        found = tuple(sorted({*tails, *by_id}))
        if len(found) > MOST:
            return Hits((), f"有 {len(found)} 人的号码这样结尾，请输入完整学号")
        if not found and _WHOLE <= len(typed) < 18:
            return Hits((typed,))
        return Hits(found, "" if found else "本场名单里没有这样的号码：请核对，或输入完整学号")
