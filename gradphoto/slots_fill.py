"""Putting groups of students into slots: whole where that is possible, else close together. Pure.

Nobody who sits already is moved, and no slot takes more than it has room for.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from gradphoto.slots import Opening


class Group(NamedTuple):
    """Students who come together, in order; `allowed` are the openings that they may come in, by index."""

    key: str
    students: tuple[str, ...]
    allowed: tuple[int, ...]


def fill(
    found: Sequence[Opening], room: Sequence[int], groups: Iterable[Group], seated: Mapping[str, Sequence[int]]
) -> dict[str, int]:
    """By student the opening, by its index; who is not in it found no room.

    `room` is what each opening has left, `seated` where members of a group sit already, by its key. The largest
    groups come first, for they are the hardest to keep together.
    """
    left = [max(0, places) for places in room]
    beside = {key: list(spots) for key, spots in seated.items()}
    given: dict[str, int] = {}
    for group in sorted(groups, key=lambda one: (-len(one.students), one.key, one.students)):
        mates = beside.setdefault(group.key, [])
        spots = _spots(found, left, group, mates)[: len(group.students)]
        mates.extend(spots)
        for student, spot in zip(group.students, spots, strict=False):
            left[spot] -= 1
            given[student] = spot
    return given


def _spots(found: Sequence[Opening], left: Sequence[int], group: Group, mates: Iterable[int]) -> list[int]:
    """An opening for each of the group as far as there is room: beside those who sit already, else together."""
    beside = [at for at in dict.fromkeys(sorted(mates)) if at in group.allowed]
    spots = _each(left, beside)
    rest = len(group.students) - len(spots)
    if rest <= 0:
        return spots
    others = [at for at in group.allowed if at not in beside]
    near = sorted(others, key=lambda at: (min((abs(at - one) for one in beside), default=0), at))
    whole = [at for at in near if left[at] >= rest][:1]
    return spots + _each(left, whole or _run(found, left, others, rest) or near)


def _run(found: Sequence[Opening], left: Sequence[int], among: Sequence[int], size: int) -> list[int] | None:
    """The shortest run of slots within one window that takes them all, the earliest of these; None without one."""
    runs = (_upto(found, left, among, first, size) for first in range(len(among)))
    return min((run for run in runs if run), key=lambda run: (len(run), run[0]), default=None)


def _upto(
    found: Sequence[Opening], left: Sequence[int], among: Sequence[int], first: int, size: int
) -> list[int] | None:
    run: list[int] = []
    for at in among[first:]:
        if found[at].window != found[among[first]].window or (run and at != run[-1] + 1):
            return None
        run.append(at)
        size -= left[at]
        if size <= 0:
            return run
    return None


def _each(left: Sequence[int], among: Iterable[int]) -> list[int]:
    """Every place that is left in some openings, in their order."""
    return [at for at in among for _ in range(left[at])]
