"""A purge: whose pictures are destroyed, what the store must know of them afterwards, what follows. Pure.

What is known afterwards are digests only: of contents, so that a card in the inbox is not taken in again, and of
student numbers and capture codes, so that a desk's log that comes again is recognised. Numbers stand in it as they
are only where somebody named them as the scope.
"""

import hashlib
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Self

from config.frozen import Frozen
from gradphoto.matching.bindings import DeskRow
from gradphoto.matching.sidecars import SidecarRow
from gradphoto.original import Digest, Original
from gradphoto.roster import Student

_WORD = re.compile("[0-9A-Za-z_-]+")


class Scope(Frozen):
    """Whose: a whole centre, or some students by number."""

    centre: str = ""
    students: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """As people read it."""
        return f"教学点 {self.centre}" if self.centre else f"学号 {'、'.join(self.students)}"


class Tombstone(Frozen):
    """A content that is gone for good; a desk's log has a `successor`, the same without the purged rows."""

    sha256: Digest
    size: int
    successor: Digest | None = None
    successor_size: int = 0


class Purge(Frozen):
    """One purge as its record keeps it. `snapshot` is that of the inputs it was computed with."""

    scope: Scope
    snapshot: int
    digest: str = ""
    """Of the list that somebody confirmed."""
    who: str = ""
    at: str = ""
    """When, for people only."""
    counts: dict[str, int] = {}
    beyond: tuple[str, ...] = ()
    """What it cannot reach, in Chinese, without paths or names."""
    marks: tuple[Digest, ...] = ()
    """Of the numbers and codes; see `mark`."""
    seen: tuple[Digest, ...] = ()
    """Of the files as they lay in their sources; see `trace`."""
    repack: tuple[str, ...] = ()
    """The centres that get a bundle without them before the older ones go."""
    tombstones: tuple[Tombstone, ...] = ()
    delete: tuple[str, ...] = ()
    """Keys that go."""
    redact: tuple[str, ...] = ()
    """Keys of records that lose their lines."""

    def to_lines(self) -> list[dict[str, Any]]:
        """The record: the purge, then a line for each tombstone, key that goes and record to redact."""
        lists = {"tombstones", "delete", "redact"}
        return [
            self.model_dump(mode="json", exclude=lists),
            *({"tombstone": one.model_dump(mode="json", exclude_defaults=True)} for one in self.tombstones),
            *({"delete": key} for key in self.delete),
            *({"redact": key} for key in self.redact),
        ]

    @classmethod
    def from_lines(cls, lines: Sequence[Mapping[str, Any]]) -> Self:
        """The purge of a record; the opposite of `to_lines`."""
        head, *rest = lines
        parts = {"tombstones": "tombstone", "delete": "delete", "redact": "redact"}
        lists = {name: [line[part] for line in rest if part in line] for name, part in parts.items()}
        return cls.model_validate({**head, **lists})


class Receipt(Frozen):
    """That a purge was carried out in full: what the paper for signing says. It names nobody by name."""

    purge: int
    digest: str
    scope: Scope
    who: str
    at: str
    counts: dict[str, int]
    beyond: tuple[str, ...]


@dataclass(frozen=True)
class InForce:
    """All purges together: who is withdrawn, and what is not to be taken in or used again."""

    students: frozenset[str] = frozenset()
    centres: frozenset[str] = frozenset()
    dead: Mapping[Digest, Tombstone] = field(default_factory=dict)
    marks: frozenset[Digest] = frozenset()
    seen: frozenset[Digest] = frozenset()

    def withdraws(self, student: Student | None) -> bool:
        """Whether a student of the register is withdrawn, by number or with the centre."""
        return student is not None and (student.student_no in self.students or student.centre in self.centres)

    def withdrawn(self, register: Iterable[Student]) -> frozenset[str]:
        """The numbers of the withdrawn among the register."""
        return frozenset(student.student_no for student in register if self.withdraws(student))

    def bars(self, row: DeskRow | SidecarRow, register: Mapping[str, Student]) -> bool:
        """Whether a desk's or sidecar's row is of somebody purged; who changed centre since may come again."""
        student = register.get(row.student_no or "")
        if student and not self.withdraws(student):
            return False
        return bool({mark(row.code), mark(row.student_no or "")} & self.marks)


NONE = InForce()


def in_force(purges: Iterable[Purge]) -> InForce:
    """What all purges come to."""
    every = list(purges)
    return InForce(
        students=frozenset(no for one in every for no in one.scope.students),
        centres=frozenset(one.scope.centre for one in every if one.scope.centre),
        dead={stone.sha256: stone for one in every for stone in one.tombstones},
        marks=frozenset(each for one in every for each in one.marks),
        seen=frozenset(each for one in every for each in one.seen),
    )


def mark(word: str) -> Digest:
    """The digest by which a student number or capture code is known again; of an empty word nothing's."""
    return hashlib.sha256(f"purged {word}".encode()).hexdigest() if word else ""


def marked(cells: Iterable[str], marks: frozenset[Digest]) -> bool:
    """Whether a cell is, or holds as a word, a number or code that was purged."""
    words = {word for cell in cells for word in (cell.strip(), *_WORD.findall(cell))}
    return any(mark(word) in marks for word in words if word)


def trace(source: str, path: str, size: int, mtime_ns: int) -> Digest:
    """The digest by which an unchanged file of a source is known again without being read."""
    return hashlib.sha256(json.dumps([source, path, size, mtime_ns]).encode()).hexdigest()


def traces(originals: Iterable[Original]) -> tuple[Digest, ...]:
    """Of some files as they were taken in, in order."""
    return tuple(sorted({trace(one.source, one.path, one.size, one.mtime_ns) for one in originals}))
