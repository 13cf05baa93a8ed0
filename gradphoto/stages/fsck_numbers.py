"""Whether the numbers of records and the versions of bundles run from 1 without a hole, and go together."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from gradphoto.layout import RECORDS, form
from gradphoto.stages.pack import bundle_key

Numbers = Mapping[str, set[int]]
"""By journal or by centre."""


class Gap(NamedTuple):
    """The first and the last of some numbers that are not there."""

    first: int
    last: int


def gaps(numbers: Iterable[int]) -> Iterator[Gap]:
    """The holes in what should run from 1 without one.

    >>> list(gaps([2, 3, 7]))
    [Gap(first=1, last=1), Gap(first=4, last=6)]
    """
    expected = 1
    for number in sorted(numbers):
        if number > expected:
            yield Gap(expected, number - 1)
        expected = number + 1


def journals(keys: Mapping[str, list[str]]) -> Numbers:
    """The numbers taken in each journal; `keys` are by kind."""
    found: dict[str, set[int]] = defaultdict(set)
    for kind in RECORDS:
        for key in keys[kind]:
            if parts := form(key):
                found[key.rpartition("/")[0]].add(int(parts["number"]))
    return found


def versions(keys: Mapping[str, list[str]]) -> Numbers:
    """The versions of each centre's bundles."""
    found: dict[str, set[int]] = defaultdict(set)
    for key in keys["bundles"]:
        if parts := form(key):
            found[parts["name"]].add(int(parts["number"]))
    return found


def lost_records(taken: Numbers) -> dict[str, str]:
    """A line for each hole in a journal, by the first key that is not there."""
    return {
        f"{journal}/{gap.first:06d}.jsonl": f"存储中没有 {_range(journal, gap)}：后面的编号还在，请从备份恢复"
        for journal, numbers in taken.items()
        for gap in gaps(numbers)
    }


def lost_bundles(made: Numbers, taken: Numbers) -> Iterator[str]:
    """A line for each version of which neither bundle nor record is there, though a later one is."""
    for centre, there in made.items():
        for gap in gaps(there | taken.get(f"packed/{centre}", set())):
            keys = " 至 ".join(bundle_key(centre, version) for version in sorted({gap.first, gap.last}))
            yield f"存储中没有 {keys}：后面的版本还在，请从备份恢复"


def unrecorded_bundles(made: Numbers, taken: Numbers) -> Iterator[str]:
    """A line for each bundle after the last record. A run that was cut off leaves one, and the next records it."""
    for centre, there in made.items():
        last = max(taken.get(f"packed/{centre}", ()), default=0)
        for version in sorted(version for version in there if version > last):
            repaired = all(between in there for between in range(last + 1, version))
            how = "运行中断所致，下次运行会自动补上" if repaired else "请从备份恢复"
            record = f"packed/{centre}/{version:06d}.jsonl"
            yield f"存储中的 {bundle_key(centre, version)}：没有记录 {record}，{how}"


def _range(journal: str, gap: Gap) -> str:
    first = f"{journal}/{gap.first:06d}.jsonl"
    return first if gap.first == gap.last else f"{first} 至 {gap.last:06d}.jsonl"
