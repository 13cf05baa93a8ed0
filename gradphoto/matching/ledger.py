"""The state of every file and every student: the one place where all evidence becomes one word.

`delivered` is said only of what stands in the centre's newest bundle; what was chosen and is not packed
yet is pending, with that reason.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from gradphoto.decision import Standing
from gradphoto.discrepancy import REJECTED, Discrepancy
from gradphoto.matching.choose import Candidate
from gradphoto.matching.evidence import Evidence
from gradphoto.matching.kind import Kind
from gradphoto.matching.match import Match
from gradphoto.original import Digest, Original
from gradphoto.roster import Student
from gradphoto.states import FileState, StudentState

NOT_PACKED = Discrepancy(code="not-packed")
UNREAD = "not-read"


@dataclass(frozen=True, slots=True)
class Share:
    """What a file is to one of several students whom it serves."""

    student_no: str
    state: FileState
    reasons: tuple[Discrepancy, ...]


@dataclass(frozen=True, slots=True)
class Entry:
    """One file's state, whose it is, and why."""

    original: Original
    state: FileState
    student_no: str | None = None
    reasons: tuple[Discrepancy, ...] = ()
    """Why it is not delivered, or is not a portrait."""
    notes: tuple[Discrepancy, ...] = ()
    """What is shown and holds nothing back."""
    evidence: tuple[Evidence, ...] = ()
    shares: tuple[Share, ...] = ()
    """One a student, where it serves several registrations; none where it serves one."""

    @property
    def students(self) -> tuple[str, ...]:
        """All whom it serves, its own student first."""
        own = (self.student_no,) if self.student_no else ()
        return tuple(share.student_no for share in self.shares) or own

    @property
    def delivered_to(self) -> tuple[str, ...]:
        """Those of them in whose centre's bundle its portrait stands."""
        if self.state is not FileState.DELIVERED:
            return ()
        some = tuple(share.student_no for share in self.shares if share.state is FileState.DELIVERED)
        return some or self.students


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


def state_of(
    match: Match,
    candidates: Mapping[Digest, Candidate],
    chosen: Mapping[str, Candidate],
    decisions: Standing,
    packed: Mapping[str, Digest],
) -> Entry:
    """One capture's state; `packed` is by student the original of the portrait in the newest bundle."""
    original, candidate = match.classified.frame.original, candidates.get(match.sha256)
    rejection = decisions.rejected.get(match.sha256)
    shares: list[Share] = []
    if candidate is None:
        state, reasons = _plain_state(match), match.troubles
    elif rejection:
        state, reasons = FileState.REJECTED, (rejected(rejection.reason),)
        shares = [Share(no, state, reasons) for no in match.students]
    else:
        shares = [_share(no, candidate, chosen.get(no), packed) for no in match.students or ("",)]
        state, reasons = _together(shares)
    notes = (*(candidate.hints if candidate else ()), *match.notes)
    several = tuple(shares) if match.also and match.student_no else ()
    return Entry(original, state, match.student_no, reasons, notes, match.evidence, several)


def rejected(reason: str) -> Discrepancy:
    """A person's no, with the reason given."""
    return Discrepancy(code=REJECTED, detail=reason)


def _plain_state(match: Match) -> FileState:
    """Of anything that is no portrait."""
    classified = match.classified
    if classified.companion:
        return FileState.COMPANION
    if classified.kind is Kind.SLATE:
        return FileState.SLATE
    return FileState.QUARANTINED if classified.useless else FileState.PENDING


def _share(no: str, candidate: Candidate, mine: Candidate | None, packed: Mapping[str, Digest]) -> Share:
    match = candidate.match
    if mine is None or match.troubles:
        return Share(no, FileState.PENDING, candidate.troubles)
    if packed.get(no) == match.sha256:
        return Share(no, FileState.DELIVERED, ())  # also when a better one came in since: the bundle has this one
    if mine is candidate:
        return Share(no, FileState.PENDING, (NOT_PACKED,))
    return Share(no, FileState.SUPERSEDED, candidate.troubles)


def _together(shares: Sequence[Share]) -> tuple[FileState, tuple[Discrepancy, ...]]:
    """The one state of a file: delivered if it is to any student, then waiting if it does for any."""
    weightiest = (FileState.DELIVERED, FileState.PENDING, FileState.SUPERSEDED)
    share = min(shares, key=lambda share: weightiest.index(share.state))
    return share.state, share.reasons


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
