"""Whose code it is: by the roster's column, or by a desk row that binds it."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from gradphoto.discrepancy import Discrepancy
from gradphoto.roster import Student


@dataclass(frozen=True, slots=True)
class DeskRow:
    """One row of a desk's log with the place where it stands."""

    session: str
    ref: str
    """`<file>:<row>`."""
    at: datetime
    code: str
    student_no: str | None


@dataclass(frozen=True, slots=True)
class Owner:
    """Whose a code is; `student_no` is None when `trouble` says why it is nobody's."""

    student_no: str | None
    trouble: Discrepancy | None = None
    candidates: frozenset[str] = frozenset()
    """Whose it may be: more than one, or one in doubt."""


@dataclass(frozen=True, slots=True)
class Bindings:
    """Every binding that the register and the desks made: code to student numbers and back."""

    students: Mapping[str, frozenset[str]]
    codes: Mapping[str, frozenset[str]]
    register: Mapping[str, Student]

    def owner(self, code: str) -> Owner:
        """The one student who owns `code`, or why there is none."""
        bound = self.students.get(code, frozenset())
        if not bound:
            return _nobody("code-unknown")
        if len(bound) > 1:
            return _nobody("code-two-students", "、".join(sorted(bound)), bound)
        (student_no,) = bound
        if student_no not in self.register:
            return _nobody("student-unknown", student_no)
        if len(self.codes[student_no]) > 1:
            return _nobody("student-two-codes", student_no, bound)
        return Owner(student_no, candidates=bound)


def bind(register: Mapping[str, Student], rows: Iterable[DeskRow]) -> Bindings:
    """The bindings of the whole campaign; the same binding said twice is one."""
    pairs = {(student.capture_code, no) for no, student in register.items() if student.capture_code}
    pairs |= {(row.code, row.student_no) for row in rows if row.student_no}
    students: dict[str, set[str]] = defaultdict(set)
    codes: dict[str, set[str]] = defaultdict(set)
    for code, student_no in pairs:
        students[code].add(student_no)
        codes[student_no].add(code)
    return Bindings(_frozen(students), _frozen(codes), register)


def _frozen(sets: Mapping[str, set[str]]) -> dict[str, frozenset[str]]:
    return {key: frozenset(values) for key, values in sets.items()}


def _nobody(code: str, detail: str = "", candidates: frozenset[str] = frozenset()) -> Owner:
    return Owner(None, Discrepancy(code=code, detail=detail), candidates)
