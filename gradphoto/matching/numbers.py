"""Numbers that a camera's counter gave and no file has: what is missing may have been a slate.

A file that could not be copied, was left on the card, or was deleted in the camera leaves nothing but a hole
between the names of its neighbours. Series are told apart: another camera's fills no hole of this one.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from gradphoto.matching.kind import Classified
from gradphoto.matching.lanes import Shot
from gradphoto.matching.places import Folder, folder
from gradphoto.matching.rolls import COUNTER, NEAR, counter, series

_Series = tuple[Folder, str]


@dataclass(frozen=True, slots=True)
class Numbers:
    """The counter's numbers of a session's files, by folder and series."""

    there: Mapping[_Series, frozenset[int]]

    def missing(self, before: Shot, after: Shot) -> int:
        """How many files there were once between two neighbours of a lane; 0 where their names do not tell."""
        one, two = (counter(shot.classified) for shot in (before, after))
        mine = _series(before.classified)
        if one is None or two is None or mine != _series(after.classified):
            return 0
        steps = (two - one) % COUNTER
        between = {(one + step) % COUNTER for step in range(1, steps)} if steps <= NEAR else set()
        return len(between - {0} - self.there.get(mine, frozenset()))


def numbers(frames: Iterable[Classified]) -> Numbers:
    """The numbers of all files of a session, whatever they are."""
    there: dict[_Series, set[int]] = defaultdict(set)
    for item in frames:
        number = counter(item)
        if number is not None:
            there[_series(item)].add(number)
    return Numbers({mine: frozenset(found) for mine, found in there.items()})


def _series(item: Classified) -> _Series:
    return folder(item.frame.spot), series(item)
