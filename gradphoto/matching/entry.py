"""The state of every file: the one place where all evidence of a picture becomes one word.

`delivered` is said only of what stands in the centre's newest bundle; what was chosen and is not packed
yet is pending, with that reason.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from gradphoto.decision import Standing
from gradphoto.discrepancy import REJECTED, Discrepancy
from gradphoto.matching.choose import Candidate
from gradphoto.matching.evidence import Evidence
from gradphoto.matching.kind import Kind
from gradphoto.matching.match import Match
from gradphoto.original import Digest, Original
from gradphoto.states import FileState

NOT_PACKED = Discrepancy(code="not-packed")


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
