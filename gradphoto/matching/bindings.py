"""Whose code it is: by the roster's column, or by a desk row that binds it."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from config.campaign import EVERY_CENTRE, Campaign
from gradphoto.discrepancy import Discrepancy
from gradphoto.matching.replaced import Pointer, standing_rows
from gradphoto.roster import Student

BATCH = "batch"
"""The station of rows that bind from screenshots sent beforehand: nobody stood at a desk at their time."""


@dataclass(frozen=True, slots=True)
class DeskRow:
    """One row of a desk's log with the place where it stands."""

    session: str
    ref: str
    """`<file>:<row>`."""
    at: datetime
    code: str
    student_no: str | None
    batch: bool = False
    """Whether it only binds: its time says nothing of when its student came."""
    station: str = ""
    replaces: tuple[Pointer, ...] = ()
    """The rows in whose place this one stands, see `gradphoto.matching.replaced`."""


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
    astray: Mapping[str, str] = field(default_factory=dict)
    """By code why its one binding is in doubt: a desk made it for a student whom its session did not expect."""
    former: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """By code that is nobody's any more the students whom a desk gave another one in its place."""

    def owner(self, code: str) -> Owner:
        """The one student who owns `code`, or why there is none."""
        bound = self.students.get(code, frozenset())
        if not bound:
            former = self.former.get(code, frozenset())
            changed = f"{'、'.join(sorted(former))} 已改用另一个采集码" if former else ""
            return _nobody("code-unknown", changed, former)
        if len(bound) > 1:
            return _nobody("code-two-students", "、".join(sorted(bound)), bound)
        (student_no,) = bound
        if student_no not in self.register:
            return _nobody("student-unknown", student_no)
        if len(self.codes[student_no]) > 1:
            return _nobody("student-two-codes", student_no, bound)
        if code in self.astray:
            return _nobody("binding-other-centre", self.astray[code], bound)
        return Owner(student_no, candidates=bound)


def bind(register: Mapping[str, Student], rows: Iterable[DeskRow], campaign: Campaign | None = None) -> Bindings:
    """The bindings of the whole campaign; the same binding said twice is one, one that was taken back is none.

    With a campaign it is asked whether a desk could expect the student whose number it typed.
    """
    binding, former = standing_rows(rows)
    in_roster = {(student.capture_code, no) for no, student in register.items() if student.capture_code}
    pairs = in_roster | {(row.code, row.student_no or "") for row in binding}
    students: dict[str, set[str]] = defaultdict(set)
    codes: dict[str, set[str]] = defaultdict(set)
    for code, student_no in pairs:
        students[code].add(student_no)
        codes[student_no].add(code)
    said = [row for row in binding if (row.code, row.student_no) not in in_roster]
    astray = dict(_astray(register, said, campaign)) if campaign else {}
    return Bindings(_frozen(students), _frozen(codes), register, astray, former)


def _astray(
    register: Mapping[str, Student], rows: Iterable[DeskRow], campaign: Campaign
) -> Iterator[tuple[str, str]]:
    """Of the codes that desks alone bound those of students whom none of these sessions expected, with the row.

    A mistyped number is most likely somebody's elsewhere. A session that left the campaign expects anybody.
    """
    expected = {one.id: {window.centre for window in one.windows} for one in campaign.sessions}
    places: dict[str, list[DeskRow]] = defaultdict(list)
    for row in rows:
        if row.student_no in register:
            places[row.code].append(row)
    for code, found in places.items():
        if not any(expected.get(row.session, {EVERY_CENTRE}) & _homes(register, row) for row in found):
            first = min(found, key=lambda row: (row.session, row.ref))
            home = campaign.centre(register[first.student_no or ""].centre).name
            yield code, f"{first.session} {first.ref}：{first.student_no}，属于{home}"


def _homes(register: Mapping[str, Student], row: DeskRow) -> set[str]:
    return {register[row.student_no or ""].centre, EVERY_CENTRE}


def _frozen(sets: Mapping[str, set[str]]) -> dict[str, frozenset[str]]:
    return {key: frozenset(values) for key, values in sets.items()}


def _nobody(code: str, detail: str = "", candidates: frozenset[str] = frozenset()) -> Owner:
    return Owner(None, Discrepancy(code=code, detail=detail), candidates)
