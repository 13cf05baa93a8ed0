"""Rows of a desk that another row takes back: a takeover, a correction, an undo, said on purpose.

A desk that is told that a code or a student is bound already names the row in whose place the new one stands. Only
that row is void then. A conflict of which nobody said anything stays a conflict and waits for a person; so does a
row that points nowhere, to a row of another code and another student, or to more than one binding.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from gradphoto.matching.bindings import DeskRow


class Pointer(NamedTuple):
    """Which row is meant: by its time to the fraction of a second, and by its station where that is known."""

    station: str
    at: datetime


class Standing(NamedTuple):
    """The rows that bind, and for each code that its student has no more whose it was."""

    binding: tuple["DeskRow", ...]
    former: Mapping[str, frozenset[str]]


def standing_rows(rows: Iterable["DeskRow"]) -> Standing:
    """What stands of all the rows of a campaign; neither their order nor that of their files makes a difference.

    A row without a student undoes what it names: that never was, and what it had taken over is in force again. A
    binding that was only taken over in its turn gives nothing back: whose the code was before, nobody says now.
    """
    every = tuple(dict.fromkeys(rows))
    by_time: dict[datetime, list[DeskRow]] = defaultdict(list)
    for row in every:
        if row.student_no:
            by_time[row.at].append(row)
    undone = {old for row in every if not row.student_no for old in _meant(row, by_time)}
    named = [(new, old) for new in every if new.student_no and new not in undone for old in _meant(new, by_time)]
    void = undone | {old for _, old in named}
    former: dict[str, set[str]] = defaultdict(set)
    for new, old in named:
        if new.student_no == old.student_no:
            former[old.code].add(old.student_no or "")
    binding = tuple(row for row in every if row.student_no and row not in void)
    return Standing(binding, {code: frozenset(students) for code, students in former.items()})


def _meant(row: "DeskRow", by_time: Mapping[datetime, Sequence["DeskRow"]]) -> Iterable["DeskRow"]:
    """The rows that one names: copies of a log hold one binding several times, two bindings are a doubt."""
    for pointer in row.replaces:
        found = [old for old in by_time.get(pointer.at, ()) if _fits(row, old, pointer)]
        if len({(old.code, old.student_no) for old in found}) == 1:
            yield from found


def _fits(row: "DeskRow", old: "DeskRow", pointer: Pointer) -> bool:
    shared = row.code == old.code or (row.student_no is not None and row.student_no == old.student_no)
    return old != row and shared and pointer.station in ("", old.station)
