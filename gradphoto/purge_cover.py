"""Which files of a season are somebody's: portraits, slates, what lies beside them, and every copy. Pure.

A content is covered only where all its places are: what another student's files share with it stays.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from gradphoto.discrepancy import WITHDRAWN
from gradphoto.matching.entry import Entry
from gradphoto.matching.kind import Kind, parted, suffix
from gradphoto.matching.match import Match
from gradphoto.original import Digest, Original
from gradphoto.states import FileState

Stem = tuple[str, str, str]
"""Session, source, and the path without its ending."""


class Cover(NamedTuple):
    """The originals of some students, a file each, and files of their sessions that may be theirs or not."""

    files: tuple[Original, ...]
    doubtful: tuple[Original, ...]

    @property
    def contents(self) -> frozenset[Digest]:
        """What is covered, each content once."""
        return frozenset(one.sha256 for one in self.files)


def codes_of(students: frozenset[str], owners: Mapping[str, frozenset[str]]) -> frozenset[str]:
    """The capture codes that are bound to nobody but these students; `owners` are by code."""
    return frozenset(code for code, bound in owners.items() if bound and bound <= students)


def cover(
    matches: Sequence[Match], places: Iterable[Original], students: frozenset[str], codes: frozenset[str]
) -> Cover:
    """What of `places`, all files with all copies, belongs to the students or shows their codes."""
    every = list(places)
    theirs = {match.sha256 for match in matches if _is_theirs(match, students, codes)}
    frames = [one for one in every if one.sha256 in theirs]
    stems, at = {_stem(one) for one in frames}, {one.place for one in frames}
    aside = {match.sha256 for match in matches if match.classified.kind is Kind.ASIDE}
    beside = (one for one in every if one.sha256 in aside and not stems.isdisjoint(_masters(one)))
    remade = (one for one in every if one.place in at)
    near = {(one.place, one.sha256) for one in (*beside, *remade)}
    copies: dict[Digest, list[Original]] = defaultdict(list)
    for one in every:
        copies[one.sha256].append(one)
    whole = {
        sha256 for sha256, all_ in copies.items() if all((one.place, sha256) in near for one in all_)
    } | theirs
    files = tuple(one for one in every if one.sha256 in whole)
    return Cover(files, tuple(_doubtful(matches, whole, students, {one.session for one in files})))


def waiting(entries: Iterable[Entry], matches: Iterable[Match], students: frozenset[str]) -> list[Entry]:
    """The files that are or may be theirs and wait for the night or a person."""
    may_be = {match.sha256: match.candidates | {match.student_no or ""} for match in matches}
    return [
        entry
        for entry in entries
        if entry.state is FileState.PENDING
        and students & may_be.get(entry.original.sha256, frozenset())
        and {reason.code for reason in entry.reasons} != {WITHDRAWN}
    ]


def _is_theirs(match: Match, students: frozenset[str], codes: frozenset[str]) -> bool:
    if match.student_no:
        return students.issuperset(match.students)  # what another's portrait is made of stays
    shown = match.classified.codes
    return bool(shown and shown <= codes) or bool(match.candidates and match.candidates <= students)


def _doubtful(
    matches: Iterable[Match], whole: set[Digest], students: frozenset[str], sessions: set[str]
) -> Iterator[Original]:
    """Pictures of the same sessions that are nobody's for certain: whether they show one of them nobody knows."""
    for match in matches:
        original = match.classified.frame.original
        nobodys = match.student_no is None and match.classified.kind is not Kind.ASIDE
        may_be = not match.candidates or match.candidates & students
        if nobodys and may_be and original.session in sessions and match.sha256 not in whole:
            yield original


def _stem(original: Original) -> Stem:
    return original.session, original.source, _bare(original.path.lower())


def _masters(original: Original) -> Iterator[Stem]:
    """Where the picture may stand that a file lies beside: IMG_1.xmp, IMG_1.JPG.xmp, ._IMG_1.JPG."""
    folder, name = parted(original.path.lower())
    path = f"{folder}/{name.removeprefix('._')}" if folder else name.removeprefix("._")
    for bare in (_bare(path), _bare(_bare(path))):
        yield original.session, original.source, bare


def _bare(path: str) -> str:
    return path.removesuffix(suffix(path))
