"""Which file a row of a sidecar is about: a table that a tethering program wrote beside its pictures.

Such a program names files as its own disk had them: with folders that are not here, without an ending, or as the
RAW file of a picture. The file meant is the one of that name whose folder agrees best; where that leaves two
pictures the row says nothing, and is named.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import takewhile

from gradphoto.matching.kind import PICTURE_SUFFIXES, RAW_SUFFIXES, Place, is_picture_name, parted, suffix
from gradphoto.original import Digest, Original

_ENDINGS = PICTURE_SUFFIXES | RAW_SUFFIXES


@dataclass(frozen=True, slots=True)
class SidecarRow:
    """One row: the `file` as it is written there, and whose code or number stands beside it."""

    place: Place
    """Of the sidecar itself."""
    number: int
    file: str
    code: str = ""
    student_no: str | None = None

    @property
    def ref(self) -> str:
        """`<path>:<row>`."""
        return f"{self.place[2]}:{self.number}"


@dataclass(frozen=True, slots=True)
class Sidecars:
    """Every sidecar of the campaign: where they stand, and what is written in them."""

    places: frozenset[Place] = frozenset()
    rows: tuple[SidecarRow, ...] = ()


NO_SIDECARS = Sidecars()


@dataclass(frozen=True, slots=True)
class About:
    """The rows that speak of each content, and those of which nobody knows what they speak of."""

    files: dict[Digest, list[SidecarRow]] = field(default_factory=lambda: defaultdict(list))
    missing: list[SidecarRow] = field(default_factory=list)
    several: list[SidecarRow] = field(default_factory=list)
    """More than one picture has that name."""


def about(rows: Iterable[SidecarRow], originals: Iterable[Original]) -> About:
    """Each row with the files of its session that it means; copies of one content are one."""
    named: dict[tuple[str, str], list[Original]] = defaultdict(list)
    for one in originals:
        if is_picture_name(one.path):
            named[one.session, _bare(one.path)].append(one)
    found = About()
    for row in rows:
        contents = _contents(row, named.get((row.place[0], _bare(_path(row))), []))
        if not contents:
            found.missing.append(row)
        elif not (common := frozenset.intersection(*contents)):
            found.several.append(row)
        else:
            for sha256 in sorted(frozenset.union(*contents) if len(contents) == 1 else common):
                found.files[sha256].append(row)
    return found


def _contents(row: SidecarRow, likely: Sequence[Original]) -> list[frozenset[Digest]]:
    """What stands under that name in each of the folders that agree best; a picture's own ending counts."""
    ending = suffix(_path(row))
    fitting = [one for one in likely if ending not in PICTURE_SUFFIXES or suffix(one.path) == ending]
    best = max((_agreement(row, one) for one in fitting), default=None)
    folders: Mapping[tuple[str, str], set[Digest]] = defaultdict(set)
    for one in fitting:
        if _agreement(row, one) == best:
            folders[one.source, parted(one.path)[0]].add(one.sha256)
    return [frozenset(each) for each in folders.values()]


def _agreement(row: SidecarRow, one: Original) -> tuple[int, bool, int]:
    """Folders that the row names too; the same source; folders that lead to the sidecar too."""
    here = _folders(one.path)
    tail = _common(reversed(here), reversed(_folders(_path(row))))
    return tail, one.source == row.place[1], _common(here, _folders(row.place[2]))


def _common(one: Iterable[str], two: Iterable[str]) -> int:
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, two, strict=False)))


def _folders(path: str) -> list[str]:
    return path.casefold().split("/")[:-1]


def _path(row: SidecarRow) -> str:
    return row.file.replace("\\", "/")


def _bare(path: str) -> str:
    """The name in lower case without the ending of a picture; a dot within a name is none."""
    name, ending = parted(path)[1].casefold(), suffix(path)
    return name.removesuffix(ending) if ending in _ENDINGS else name
