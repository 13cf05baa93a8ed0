"""Who was scanned or showed a code at the venue and has no portrait, and who is still to come. Pure."""

from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from config.campaign import EVERY_CENTRE
from gradphoto.appointment import appointment
from gradphoto.matching.bindings import DeskRow
from gradphoto.matching.kind import Kind
from gradphoto.matching.match import Match
from gradphoto.roster import Student
from gradphoto.venue import Awaited, Person, Trouble
from gradphoto.venue_scene import Scene, clock, name_of, path_of, taken_of
from gradphoto.venue_words import todo

QUEUE = timedelta(minutes=15)
"""For so long after a scan or a slate its student may still be in the queue or on the chair."""
PASSED = 3
"""So many scanned later who were photographed already say that a student is in the queue no more."""


@dataclass(frozen=True, slots=True)
class Lost:
    """Somebody who was here and of whom there is no portrait."""

    numbers: frozenset[str]
    at: datetime | None
    row: DeskRow | None = None
    slate: Match | None = None

    def trouble(self, scene: Scene) -> Trouble:
        """The trouble; a code that nobody bound is named by the row that has it."""
        people = scene.people(self.numbers)
        when = clock(self.at)
        says = f"拍了采集码照 {name_of(self.slate)}，之后没有人像" if self.slate else f"{when} 扫了码，没有照片"
        code = "no-portrait" if self.slate else "no-frame"
        return Trouble(
            kind="no-frame",
            code=code,
            person=people[0] if len(people) == 1 else None,
            may_be=people if len(people) > 1 else (),
            files=(path_of(self.slate),) if self.slate else (),
            at=when,
            says=says if people or not self.row else f"{says}，采集码也没有绑定学号（{self.row.ref}）",
            todo=todo([code]),
            pictures=(self.slate.sha256,) if self.slate else (),
        )


def lost_students(scene: Scene, named: Collection[str]) -> Iterator[Lost]:
    """By code once; whoever is good, or named with a frame already, is not lost."""
    slates = {code: match for strip in scene.strips for match in strip for code in _codes(match)}
    told = frozenset(named).union(scene.good, scene.outside)
    done: set[str] = set()
    for row in sorted(scene.rows, key=lambda row: (row.at, row.ref)):
        numbers = _whose(row, scene)
        key = "/".join(sorted(numbers)) or row.code
        if row.batch or numbers & told or key in done or (not numbers and row.code in slates):
            continue
        done.add(key)
        yield Lost(numbers, row.at, row, slates.get(row.code))
    for code, slate in slates.items():
        numbers = scene.bindings.owner(code).candidates
        key = "/".join(sorted(numbers))
        if numbers and not numbers & told and key not in done:
            done.add(key)
            yield Lost(numbers, taken_of(slate), slate=slate)


def _codes(match: Match) -> tuple[str, ...]:
    code = match.classified.code if match.classified.kind is Kind.SLATE else None
    return (code,) if code else ()


def _whose(row: DeskRow, scene: Scene) -> frozenset[str]:
    """Whose a scan is; of a row that another one took back nobody's, if its code is nobody's now."""
    found = scene.bindings.owner(row.code).candidates
    return found or frozenset({row.student_no} if row.student_no and row.code not in scene.bindings.former else ())


def in_queue(lost: Lost, scene: Scene) -> bool:
    """Whether somebody may still be waiting for the photographer, and nothing is wrong."""
    if lost.at is None or not -QUEUE <= scene.now - lost.at < QUEUE:
        return False
    later = {no for row in scene.rows if row.at > lost.at and not row.batch for no in _whose(row, scene)}
    return len(later.intersection(scene.good)) < PASSED


def awaited(scene: Scene, seen: Collection[str]) -> Iterator[Awaited]:
    """The windows of the session with those of whom nothing is in `seen`; whoever has a slot by that slot."""
    gone = {*seen, *scene.outside, *scene.photographed}
    found: dict[tuple[datetime, datetime, str], list[Person]] = defaultdict(list)
    for no, student in scene.expected.items():
        for times in _times(student, scene) if no not in gone else ():
            found[times].append(scene.person(no))
    for (start, end, centre), students in sorted(found.items(), key=lambda one: (one[0][0], one[0][2], one[0][1])):
        yield _window(start, end, centre, tuple(students), scene)


def _times(student: Student, scene: Scene) -> Iterator[tuple[datetime, datetime, str]]:
    """When a student may come in this session, and by whose window."""
    session = scene.campaign.session(scene.session)
    for centre in (student.centre, EVERY_CENTRE):
        windows = [(session, window) for window in session.windows if window.centre == centre]
        for visit in appointment(windows, student.slot).visits:
            moment = timedelta(minutes=scene.campaign.slots.minutes) if visit.end == visit.start else timedelta()
            yield visit.start, visit.end + moment, centre


def _window(start: datetime, end: datetime, centre: str, students: tuple[Person, ...], scene: Scene) -> Awaited:
    return Awaited(
        centre="零星" if centre == EVERY_CENTRE else scene.campaign.centre(centre).name,
        start=f"{start:%H:%M}",
        end=f"{end:%H:%M}",
        over=end < scene.now,
        students=students,
    )
