"""What must be delivered, said a second time and from what was done: who sat under whose code, in which order.

Nothing of `gradphoto.matching` is used here, or a mistake there would be the truth; nothing is read from a
picture. A verdict is `sure` where the domain leaves no choice. Elsewhere a portrait may be its student's or wait
for a person, and the comment beside the rule says why; it is never anybody else's.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cached_property
from itertools import pairwise

from gradphoto.roster import Student
from gradphoto.states import FileState, StudentState
from tests.season_pool import CAMERAS, EARLY, EXPECTED, Camera, Shot

PAUSE = timedelta(seconds=120)
ABSENT = frozenset({StudentState.PENDING, StudentState.REJECTED, StudentState.MISSING})


@dataclass(frozen=True, slots=True)
class Act:
    """A person's decision, its number from 1 its place in the list of them."""

    kind: str
    capture: str = ""
    student_no: str = ""
    undone: int = 0


@dataclass(frozen=True, slots=True)
class Scan:
    """A row of a desk's log; `student_no` is empty where it binds nothing."""

    code: str
    student_no: str


@dataclass
class Facts:
    """Everything that was done so far and that the store has been told of."""

    roster: dict[str, Student] = field(default_factory=dict)
    """As it stands in the files; a code only where the file has that column."""
    logs: dict[str, list[Scan]] = field(default_factory=lambda: defaultdict(list))
    acts: list[Act] = field(default_factory=list)
    taken: dict[str, set[tuple[str, str]]] = field(default_factory=dict)
    """By digest the places, session and path, under which each content was taken in."""
    shots: dict[str, Shot] = field(default_factory=dict)
    """What each picture's digest is."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whose a portrait is; without an owner it waits for a person."""

    owner: str | None
    sure: bool = True


@dataclass(frozen=True, slots=True)
class Word:
    """The decisions in force."""

    assigned: Mapping[str, str]
    chosen: Mapping[str, int]
    rejected: frozenset[str]
    admitted: frozenset[str]


@dataclass
class Model:
    """What must be, given the facts."""

    facts: Facts

    @cached_property
    def word(self) -> Word:
        """The decisions that nobody took back, the later one for each capture."""
        assigned: dict[str, str] = {}
        chosen: dict[str, int] = {}
        rejected: set[str] = set()
        admitted: set[str] = set()
        for number, act in enumerate(self.facts.acts, 1):
            if act.kind == "undo" or not self._counts(number):
                continue
            if act.kind == "admit":
                admitted.add(act.student_no)
            elif act.kind == "reject":
                rejected.add(act.capture)
                chosen.pop(act.capture, None)
            else:
                rejected.discard(act.capture)
                if act.kind == "assign":
                    assigned[act.capture] = act.student_no
                else:
                    chosen[act.capture] = number
        return Word(assigned, chosen, frozenset(rejected), frozenset(admitted))

    def _counts(self, number: int) -> bool:
        later = enumerate(self.facts.acts[number:], number + 1)
        return not any(act.undone == number and self._counts(at) for at, act in later)

    @cached_property
    def bindings(self) -> set[tuple[str, str]]:
        """Every code with a student to whom a roster or a desk bound it."""
        found = {(one.capture_code, no) for no, one in self.facts.roster.items() if one.capture_code}
        scans = (scan for log in self.facts.logs.values() for scan in log)
        return found | {(scan.code, scan.student_no) for scan in scans if scan.student_no}

    def owner(self, code: str) -> str | None:
        """The one student of a code, who has no other."""
        owners = {no for bound, no in self.bindings if bound == code}
        if len(owners) != 1:
            return None
        (owner,) = owners
        alone = len({bound for bound, no in self.bindings if no == owner}) == 1
        return owner if alone and owner in self.facts.roster and self._told(code, owner) else None

    def _told(self, code: str, student_no: str) -> bool:
        """Whether a roster says it, or a desk that could expect the student: else the number may be mistyped."""
        student = self.facts.roster[student_no]
        desks = (session for session, log in self.facts.logs.items() if Scan(code, student_no) in log)
        return code == student.capture_code or any(
            student.centre in EXPECTED.get(session, {student.centre}) for session in desks
        )

    @cached_property
    def verdicts(self) -> dict[str, Verdict]:
        """By digest, for every portrait that was taken in whole."""
        found: dict[str, Verdict] = {}
        for camera in CAMERAS:
            found |= self._lane(camera)
        for sha256, shot in self._portraits():
            # a copy in another session's folder whose own file changed before it was ever taken in: there its
            # slate may stand beside it or not
            found.setdefault(sha256, Verdict(self._sitter(shot), sure=False))
        for sha256, student_no in self.word.assigned.items():
            if sha256 in found:
                found[sha256] = Verdict(student_no if student_no in self.facts.roster else None)
        return found

    def _portraits(self) -> Iterator[tuple[str, Shot]]:
        pictures = ((sha256, self.facts.shots.get(sha256)) for sha256 in sorted(self.facts.taken))
        return ((sha256, shot) for sha256, shot in pictures if shot and shot.part.number and shot.form != "cut")

    def _sitter(self, shot: Shot) -> str | None:
        shown = shot.part.sitting.shown
        return self.owner(shown[0].capture_code) if len(shown) == 1 else None

    def _at_home(self, camera: Camera) -> list[tuple[str, Shot]]:
        """What one camera took, as far as it came into its own session, in the order of its clock."""
        here = [
            (sha256, self.facts.shots[sha256])
            for sha256, places in self.facts.taken.items()
            if sha256 in self.facts.shots and any(session == camera.session for session, _ in places)
        ]
        mine = [(sha256, shot) for sha256, shot in here if shot.part.sitting.camera is camera]
        whole = {shot.part for _, shot in mine if shot.form != "cut"}
        ordered = sorted(mine, key=lambda item: (item[1].part.taken, item[1].form))
        return [(sha256, shot) for sha256, shot in ordered if shot.form != "cut" or shot.part not in whole]

    def _lane(self, camera: Camera) -> dict[str, Verdict]:
        calm = self._calm(camera.session)
        return {
            sha256: Verdict(
                run.owner if at < run.doubted else None,
                sure=at < run.hole and (at == 0 or (calm and run.plain)),
            )
            for run in self._runs(camera)
            for at, sha256 in enumerate(run.portraits)
        }

    def _calm(self, session: str) -> bool:
        """Whether nothing in the session casts doubt on the second portrait after a slate.

        A student who was scanned and shows no slate may sit anywhere; where most students have one portrait two
        are too many.
        """
        runs = [run for camera in CAMERAS if camera.session == session for run in self._runs(camera)]
        shown = {code for run in runs for code in run.codes}
        counts = [len(run.portraits) for run in runs if run.owner and run.portraits]
        strangers = any(scan.code not in shown for scan in self.facts.logs.get(session, ()))
        return not strangers and counts.count(1) < len(counts) - counts.count(1) + 3

    def _runs(self, camera: Camera) -> list["Run"]:
        runs = [Run()]
        for sha256, shot in self._at_home(camera):
            if shot.form == "cut" or not shot.part.number:
                runs[-1].broken = shot.form == "cut"
                runs.append(self._opened(shot))
            else:
                runs[-1].add(sha256, shot)
        return runs

    def _opened(self, shot: Shot) -> "Run":
        sitting = shot.part.sitting
        codes = [student.capture_code for student in sitting.shown]
        read = sitting.readable and shot.form != "cut"
        owner = self.owner(codes[0]) if read and len(codes) == 1 else None
        return Run(owner, codes if read else [], [shot])

    @cached_property
    def shown(self) -> dict[str, set[str]]:
        """By session the students whose code was seen or scanned there: a portrait in doubt may be theirs."""
        found: dict[str, set[str]] = defaultdict(set)
        for camera in CAMERAS:
            codes = {code for run in self._runs(camera) for code in run.codes}
            codes |= {scan.code for scan in self.facts.logs.get(camera.session, ())}
            found[camera.session] |= {no for code, no in self.bindings if code in codes}
        return found

    def sources(self, student_no: str) -> dict[str, bool]:
        """The captures that may be delivered for a student, and whether each is surely theirs."""
        return {
            sha256: verdict.sure
            for sha256, verdict in self.verdicts.items()
            if verdict.owner == student_no
            and sha256 not in self.word.rejected
            and (sha256 in self.word.chosen or not self.facts.shots[sha256].part.sitting.finding)
        }

    def delivered_from(self, student_no: str) -> set[str]:
        """Those of them that may be the portrait: the last chosen one, if any was and it is surely theirs."""
        sources = self.sources(student_no)
        chosen = {self.word.chosen[one]: one for one in sources if one in self.word.chosen}
        if chosen and sources[chosen[max(chosen)]]:
            return {chosen[max(chosen)]}
        return set(sources)

    def states(self, student_no: str) -> frozenset[StudentState]:
        """The states that a student may be in: mostly one."""
        if student_no == EARLY.student_no and student_no not in self.word.admitted:
            return frozenset({StudentState.INELIGIBLE})
        sources = self.sources(student_no)
        if any(sources.values()):
            return frozenset({StudentState.DELIVERED})
        if sources:  # only portraits that may be theirs or wait
            return ABSENT | {StudentState.DELIVERED}
        mine = {sha256 for sha256, verdict in self.verdicts.items() if verdict == Verdict(student_no)}
        if mine - self.word.rejected:
            return frozenset({StudentState.PENDING})
        if self._in_doubt(student_no):  # whose a picture in doubt may be, the house says by rules of its own
            return ABSENT
        return frozenset({StudentState.REJECTED if mine else StudentState.MISSING})

    def _in_doubt(self, student_no: str) -> bool:
        unsure = {one for one, verdict in self.verdicts.items() if verdict.owner is None or not verdict.sure}
        places = (place for one in unsure | self._unread_slates() for place in self.facts.taken[one])
        return any(student_no in self.shown[session] for session, _ in places)

    def _unread_slates(self) -> set[str]:
        pictures = (one for one in self.facts.taken if one in self.facts.shots)
        slates = (one for one in pictures if self.facts.shots[one].part.number == 0)
        return {one for one in slates if self.file_states(one) == _WAITING}

    def file_states(self, sha256: str) -> Iterable[FileState]:
        """The states that the lowest place of a content may be in; the others are duplicates."""
        shot = self.facts.shots.get(sha256)
        if shot is None:
            return (FileState.COMPANION,)
        if shot.form == "cut":
            return (FileState.QUARANTINED,)
        if shot.part.number == 0:
            sitting = shot.part.sitting
            return (FileState.SLATE,) if sitting.readable and len(sitting.shown) == 1 else _WAITING
        if sha256 in self.word.rejected:
            return (FileState.REJECTED,)
        return self._portrait_states(sha256, self.verdicts[sha256].owner)

    def _portrait_states(self, sha256: str, owner: str | None) -> Iterable[FileState]:
        if owner is None:
            return _WAITING
        surely = self.sources(owner).get(sha256) and self.states(owner) == {StudentState.DELIVERED}
        return _GOOD if surely else (*_GOOD, *_WAITING)


_GOOD, _WAITING = (FileState.DELIVERED, FileState.SUPERSEDED), (FileState.PENDING,)


@dataclass
class Run:
    """What follows one slate or break, until the next."""

    owner: str | None = None
    codes: Sequence[str] = ()
    shots: list[Shot] = field(default_factory=list)
    portraits: list[str] = field(default_factory=list)
    doubted: int = 1 << 30
    """The first portrait after a pause in which somebody else may have sat down."""
    hole: int = 1 << 30
    """The first portrait before which a file of the camera is not there yet: it may have been a slate."""
    broken: bool = False
    """Whether a broken file follows, which may have been one more portrait."""

    def add(self, sha256: str, shot: Shot) -> None:
        """One more portrait."""
        if self.shots and shot.part.taken - self.shots[-1].part.taken > PAUSE:
            self.doubted = min(self.doubted, len(self.portraits))
        if self.shots and not _neighbours(self.shots[-1], shot):
            self.hole = min(self.hole, len(self.portraits))
        self.shots.append(shot)
        self.portraits.append(sha256)

    @property
    def plain(self) -> bool:
        """Whether it is no longer than usual; what is longer may hold two students."""
        return len(self.portraits) <= 2 and not self.broken


def _neighbours(one: Shot, two: Shot) -> bool:
    return one.part.sitting is two.part.sitting and two.part.number - one.part.number in (0, 1)


def gaps() -> list[timedelta]:
    """Between two sittings of a camera; the model is exact because each is longer than `PAUSE`."""
    from tests.season_pool import POOL

    pairs = (pair for pair in pairwise(POOL) if pair[0].camera is pair[1].camera)
    return [two.parts[0].taken - one.parts[-1].taken for one, two in pairs]
