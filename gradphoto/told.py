"""Who was told what, on record: for whom a notice was made, what it said, and whether it was passed on.

Records stand in `told/`, one a centre and a run. Of two for a student the later counts; a notice is known again by
the digest of its words, so a change of day, time or template makes only the notices that it changes.
"""

from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum
from typing import NamedTuple, Self

from config.frozen import Frozen
from gradphoto.adapters.journal import Journal, Line
from gradphoto.adapters.store import Store
from gradphoto.original import Digest


class Kind(StrEnum):
    """What a notice is about."""

    SESSION = "session"
    """When and where a student is photographed."""
    MAKEUP = "makeup"
    """That a student must come again (零星补拍)."""


class Act(StrEnum):
    """What became of notices."""

    MADE = "made"
    PASSED_ON = "passed-on"
    """The operator says that they were sent."""
    CALLED_OFF = "called-off"
    """Whoever had them was listed as not to come any more: no notice of theirs counts any longer."""


class Said(Frozen):
    """What one notice says: `digest` is that of all its texts, the rest what people compare."""

    student_no: str
    digest: Digest
    when: str = ""
    where: str = ""
    why: str = ""


class Told(Frozen):
    """One record. `files` are names without folders; `at` is for people only."""

    act: Act
    kind: Kind
    centre: str
    at: str = ""
    files: tuple[str, ...] = ()
    notices: tuple[Said, ...] = ()

    def to_lines(self) -> list[Line]:
        """The record: what was done, then a line for each student."""
        head = self.model_dump(mode="json", exclude={"notices"})
        return [head, *({"notice": one.model_dump(mode="json", exclude_defaults=True)} for one in self.notices)]

    @classmethod
    def from_lines(cls, lines: Sequence[Line]) -> Self:
        """The opposite of `to_lines`."""
        head, *rest = lines
        return cls.model_validate({**head, "notices": [line["notice"] for line in rest]})


class Change(NamedTuple):
    """One thing that a notice says otherwise than the one before: its Chinese name, old and new."""

    what: str
    old: str
    new: str

    @property
    def text(self) -> str:
        """As one line."""
        return f"{self.what}：{self.old or '未定'} → {self.new or '未定'}" if self.what != WORDING else WORDING


WORDING = "文字有改动"
"""Of a notice whose facts are the same."""


def changes(before: Said, now: Said) -> tuple[Change, ...]:
    """What a student who knows `before` must learn; empty when both are the same notice."""
    if before.digest == now.digest:
        return ()
    facts = (("时间", before.when, now.when), ("地点", before.where, now.where), ("原因", before.why, now.why))
    found = tuple(Change(*fact) for fact in facts if fact[1] != fact[2])
    return found or (Change(WORDING, "", ""),)


def newest(records: Iterable[Told], kind: Kind, act: Act) -> Mapping[str, tuple[str, Said]]:
    """By student the centre and the last notice of that kind to which that happened and that still counts.

    The records are in order.
    """
    found: dict[str, tuple[str, Said]] = {}
    for one in records:
        for said in one.notices if one.kind is kind else ():
            if one.act is act:
                found[said.student_no] = (one.centre, said)
            elif one.act is Act.CALLED_OFF:
                found.pop(said.student_no, None)
    return found


def note_told(store: Store, told: Told) -> int:
    """Put it on record; returns the record's number."""
    return told_journal(store).append(told.to_lines())


def told_records(store: Store) -> list[Told]:
    """Every record, in order."""
    return [Told.from_lines(lines) for _, lines in told_journal(store).records()]


def told_journal(store: Store) -> Journal:
    """The records of all centres: a student may move from one to another."""
    return Journal(store, "told")
