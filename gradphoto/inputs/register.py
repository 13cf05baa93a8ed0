"""One student number must mean one student: rows that say the same are one, rows that differ are all held."""

from collections import defaultdict
from collections.abc import Iterable
from typing import NamedTuple

from gradphoto.inputs.problems import Held
from gradphoto.roster import Student


class Entry(NamedTuple):
    """A row with a usable number: the student, or None when something else in the row is in trouble."""

    file: str
    row: int
    student_no: str
    student: Student | None
    warnings: tuple[Held, ...] = ()

    @property
    def place(self) -> str:
        """Where it stands, for a person."""
        return f"{self.file} 第{self.row}行"


class Settled(NamedTuple):
    """The students by number in order, and what became of their rows."""

    students: dict[str, Student]
    held: list[Held]
    warnings: list[Held]


def settle(entries: Iterable[Entry]) -> Settled:
    """Numbers that differ only in case count as one: they would be one file on a Windows disk."""
    rows: defaultdict[str, list[Entry]] = defaultdict(list)
    for entry in entries:
        rows[entry.student_no.casefold()].append(entry)
    settled = Settled({}, [], [])
    for _, same in sorted(rows.items()):
        _settle(sorted(same, key=lambda entry: (entry.file, entry.row)), settled)
    return settled


def _settle(same: list[Entry], settled: Settled) -> None:
    first, *others = same
    if others and len({_content(entry) for entry in same}) > 1:
        settled.held.extend(_held(entry, same) for entry in same)
    elif first.student is not None:
        settled.students[first.student_no] = first.student
        settled.warnings.extend(first.warnings)
        settled.warnings.extend(_note(entry, _same(entry, first)) for entry in others)


def _content(entry: Entry) -> Student | None:
    """Everything but where it stands, the class, which only plans, and what only exports carry.

    Nobody is kept from being photographed because one of two lists lacks such a column.
    """
    apart = ("ref", "class_name", "exam_no", "birth_date", "major_code", "entry_date")
    return entry.student and entry.student.model_copy(update=dict.fromkeys(apart, ""))


def _same(entry: Entry, first: Entry) -> str:
    if entry.student and first.student and entry.student.class_name != first.student.class_name:
        return f"与 {first.place} 只有班级不同，按那一行的班级排时段，请核对"
    return f"与 {first.place} 完全相同，只计一次"


def _held(entry: Entry, same: list[Entry]) -> Held:
    places = "、".join(other.place for other in same if other is not entry)
    return _note(entry, f"与 {places} 重复而内容不同，均未采用，请核对")


def _note(entry: Entry, message: str) -> Held:
    return Held(file=entry.file, row=entry.row, column="学号", message=message)
