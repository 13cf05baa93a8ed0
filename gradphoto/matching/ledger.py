"""The ledger: every file with its state, and what follows from those for every student."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from gradphoto.discrepancy import Discrepancy
from gradphoto.matching.entry import Entry
from gradphoto.matching.kind import Kind
from gradphoto.matching.match import Match
from gradphoto.original import Digest
from gradphoto.roster import Student
from gradphoto.states import FileState, StudentState

UNREAD = "not-read"


@dataclass(frozen=True, slots=True)
class Standings:
    """One student's state and, in Chinese through their codes, the reasons of it."""

    student: Student
    state: StudentState
    reasons: tuple[Discrepancy, ...] = ()


@dataclass(frozen=True)
class Ledger:
    """Every file by place, and every student by number."""

    entries: tuple[Entry, ...]
    students: Mapping[str, Standings]

    def of_session(self, session: str) -> list[Entry]:
        """The files of one session, in order of place."""
        return self._sessions.get(session, [])

    @property
    def unread(self) -> list[str]:
        """Sessions with files that nobody has looked at yet, in order: whose they are is not known."""
        unread = (one for one in self.entries if any(each.code == UNREAD for each in one.reasons))
        return sorted({one.original.session for one in unread})

    def of_centre(self, centre: str) -> list[Standings]:
        """The students of one centre, by number."""
        return self._centres.get(centre, [])

    @cached_property
    def _sessions(self) -> Mapping[str, list[Entry]]:
        found: dict[str, list[Entry]] = defaultdict(list)
        for entry in self.entries:
            found[entry.original.session].append(entry)
        return found

    @cached_property
    def _centres(self) -> Mapping[str, list[Standings]]:
        found: dict[str, list[Standings]] = defaultdict(list)
        for each in self.students.values():
            found[each.student.centre].append(each)
        return found


def close_ledger(
    entries: Iterable[Entry],
    matches: Iterable[Match],
    register: Mapping[str, Student],
    ineligible: Mapping[str, str],
    withdrawn: Collection[str] = (),
) -> Ledger:
    """The ledger of all files; `ineligible` says by student number why somebody is not to be photographed.

    The pictures of the `withdrawn` were destroyed, so nothing else can be said of them.
    """
    ordered = sorted(entries, key=lambda entry: entry.original.place)
    students = _students(ordered, matches, register, ineligible)
    gone = {no: Standings(students[no].student, StudentState.WITHDRAWN) for no in students if no in withdrawn}
    return Ledger(tuple(ordered), students | gone)


def _students(
    entries: Iterable[Entry],
    matches: Iterable[Match],
    register: Mapping[str, Student],
    ineligible: Mapping[str, str],
) -> dict[str, Standings]:
    frames = list(matches)
    may_be = {match.sha256: match.candidates for match in frames}
    portraits = {match.sha256 for match in frames if match.classified.kind is Kind.PORTRAIT}
    states: dict[str, list[Entry]] = defaultdict(list)
    for entry in entries:
        for share in entry.shares:
            states[share.student_no].append(replace(entry, state=share.state, reasons=share.reasons))
        if not entry.shares and entry.state in _TELLING:
            for student_no in entry.students or may_be.get(entry.original.sha256, ()):
                states[student_no].append(entry)
    return {
        no: _standings(register[no], states.get(no, []), ineligible.get(no, ""), portraits)
        for no in sorted(register)
    }


_TELLING = {
    FileState.DELIVERED: StudentState.DELIVERED,
    FileState.PENDING: StudentState.PENDING,
    FileState.REJECTED: StudentState.REJECTED,
    FileState.QUARANTINED: StudentState.MISSING,
}
"""The states of a file that say something of its student, the weightiest first."""


def _standings(
    student: Student, entries: Sequence[Entry], ineligible: str, portraits: Collection[Digest]
) -> Standings:
    if ineligible:
        return Standings(student, StudentState.INELIGIBLE, (Discrepancy(code="ineligible", detail=ineligible),))
    if any(entry.state is FileState.REJECTED for entry in entries):
        entries = [entry for entry in entries if not _idle(entry, portraits)]
    for file_state, state in _TELLING.items():
        there = [entry for entry in entries if entry.state is file_state]
        if there:
            reasons = dict.fromkeys(reason for entry in there for reason in entry.reasons)
            return Standings(student, state, tuple(reasons) if state is not StudentState.DELIVERED else ())
    return Standings(student, StudentState.MISSING)


def _idle(entry: Entry, portraits: Collection[Digest]) -> bool:
    """Whether it is pending and no portrait: nobody can decide on it, so it keeps nobody from coming again."""
    codes = {reason.code for reason in entry.reasons}
    return entry.state is FileState.PENDING and entry.original.sha256 not in portraits and "not-read" not in codes


def counted(states: Iterable[FileState]) -> dict[str, int]:
    """How many files are in each state, every state named."""
    counts = Counter(states)
    return {state.value: counts[state] for state in FileState}
