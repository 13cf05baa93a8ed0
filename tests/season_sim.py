"""A season as readings, no pixels, with its truth kept apart: `python -m tests.season_sim --help`.

Every session of the campaign has a queue of students, a desk or two that scan them, and one to three bodies that
photograph whoever is next. What goes wrong is drawn at rates that can be set from outside. The matching is given
originals, readings, rosters and desk rows, as a night would find them; who really sat there it never sees.
"""

import argparse
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import datetime, timedelta
from hashlib import sha256
from random import Random
from typing import Any

from config.campaign import EVERY_CENTRE
from config.spec import load_spec
from gradphoto.decision import standing
from gradphoto.matching.bindings import DeskRow, bind
from gradphoto.matching.choose import best, weigh
from gradphoto.matching.entry import Entry, state_of
from gradphoto.matching.kind import Kind
from gradphoto.matching.ledger import Ledger, close_ledger
from gradphoto.matching.season import decide, distinct, match_season
from gradphoto.original import Original
from gradphoto.reading import Code, Reading
from gradphoto.roster import Student
from gradphoto.states import FileState
from tests.a_night import CAMPAIGN, FACE

SPEC = load_spec("chsi-2017")
NOBODY = standing([])


@dataclass(frozen=True)
class Rates:
    """Shares of students, unless it says otherwise; each is a fault by itself, so two may meet in one student."""

    forgotten: float = 0.005
    """No slate was photographed."""
    unreadable: float = 0.02
    """The slate is there and cannot be read."""
    unseen: float = 0.003
    """The slate is so bad that it looks like a frame of nothing."""
    repeated: float = 0.02
    """The slate was photographed twice, or once more between the portraits."""
    foreign: float = 0.005
    """The code is one that nobody here has."""
    two_codes: float = 0.002
    left_after_scan: float = 0.01
    """Scanned, and never sat down."""
    left_after_slate: float = 0.001
    """The slate was photographed, and nothing after it."""
    retake: float = 0.02
    """Comes again later in the day, with the slate."""
    broken: float = 0.003
    """One of the frames was cut off."""
    blank: float = 0.01
    """A frame with nobody in it among the portraits."""
    stranger: float = 0.001
    """A helper sits down for a light test, under the last student's slate."""
    guest: float = 0.01
    """A student of a centre that is not expected that day."""
    overtake: float = 0.05
    """Leaves the queue and comes back some places later."""
    by_desk: float = 0.6
    """The code is bound by the desk's row, not by the roster."""
    lost_row: float = 0.005
    """Of the desk's rows."""
    mistyped_row: float = 0.0005
    """Of the desk's binding rows: the number of another student."""
    no_desk: float = 0.15
    """Of the sessions: nobody scans, every code stands in the roster."""
    no_times: float = 0.05
    """Of the bodies: no EXIF time at all."""
    no_serial: float = 0.2
    """Of the bodies."""
    wrong_clock: float = 0.5
    """Of the bodies and desks: off by minutes to months."""
    drift: float = 20.0
    """Seconds a day by which each clock may run fast or slow."""
    clock_set: float = 0.1
    """Of the bodies: somebody puts the clock right in the middle."""
    alike: float = 0.05
    """That two people cannot be told apart by clothing and hair."""
    holder: float = 0.7
    """Of the slates: the student's face is seen above the phone."""
    unseen_looks: float = 0.05
    """Of the frames: clothing and hair could not be measured."""


@dataclass
class Truth:
    """What really happened."""

    sitter: dict[str, str] = field(default_factory=dict)
    """Whose face is in each portrait, by digest; empty for one who is no student."""
    troubled: dict[str, str] = field(default_factory=dict)
    """What happened to each student to whom something happened."""
    mistyped: set[tuple[str, str]] = field(default_factory=set)
    """The code and the number of each row in which the desk typed another student's number."""


@dataclass
class World:
    """What the cameras, desks and schools handed in."""

    originals: list[Original] = field(default_factory=list)
    readings: dict[str, Reading] = field(default_factory=dict)
    rows: list[DeskRow] = field(default_factory=list)
    register: dict[str, Student] = field(default_factory=dict)


@dataclass
class _Clock:
    """A clock that is off, and runs fast or slow."""

    start: datetime
    offset: timedelta
    rate: float

    def shows(self, seconds: float) -> datetime:
        return self.start + self.offset + timedelta(seconds=seconds * (1 + self.rate))


@dataclass
class _Body:
    folder: str
    clock: _Clock
    serial: str | None
    timed: bool
    set_at: float | None
    count: int
    free: float = 0


class _Session:
    """One day at one venue."""

    def __init__(self, session: str, made: World, truth: Truth, rates: Rates, random: Random) -> None:
        self.session, self.made, self.truth, self.rates, self.random = session, made, truth, rates, random
        self.start = datetime.fromisoformat(f"{session[:10]}T08:30")
        self.bodies = [self._body(number) for number in range(random.choice((1, 2, 2, 3)))]
        self.desks = (
            [] if random.random() < rates.no_desk else [self._clock() for _ in range(random.choice((1, 2)))]
        )
        self.log: list[list[tuple[datetime, str, str | None]]] = [[] for _ in self.desks]
        self.usual = random.choice(((2, 2, 2, 3), (3, 3, 2, 4), (1, 2, 2, 3), (2, 3, 3, 3)))

    def photograph(
        self, students: Sequence[Student], others: Sequence[Student], afternoon: Sequence[Student] = ()
    ) -> None:
        """Everybody comes, in turn and in spite of it; those of the afternoon six hours after the first."""
        self._turn(students, 0.0, others)
        self._turn(afternoon, 6 * 3600.0, others)
        self._hand_in()

    def _turn(self, students: Sequence[Student], at: float, others: Sequence[Student]) -> None:
        queue = self._queue(students)
        again = []
        for student in queue:
            at += self.random.uniform(4, 14) * 3 / len(self.bodies)
            self._receive(student, at, others)
            if self._happens("retake"):
                again.append(student)
        for student in again:
            at += self.random.uniform(5, 60)
            self._receive(student, at, others)

    def _queue(self, students: Sequence[Student]) -> list[Student]:
        places = {
            one.student_no: index + (self.random.uniform(2, 9) if self._happens("overtake") else 0)
            for index, one in enumerate(students)
        }
        return sorted(students, key=lambda one: places[one.student_no])

    def _receive(self, student: Student, at: float, others: Sequence[Student]) -> None:
        faults = [
            name
            for name in (
                "forgotten", "unreadable", "unseen", "repeated", "foreign", "two_codes", "left_after_scan",
                "left_after_slate", "broken", "blank", "stranger",
            )
            if self._happens(name)
        ]  # fmt: skip
        if faults:
            self.truth.troubled[student.student_no] = "+".join(
                [*filter(None, [self.truth.troubled.get(student.student_no)]), *faults]
            )
        code = f"foreign {student.student_no}" if "foreign" in faults else self._code(student)
        self._scan(student, code, at, others)
        if "left_after_scan" not in faults:
            body = min(self.bodies, key=lambda one: one.free)
            body.free = max(body.free + self.random.uniform(8, 20), at + self.random.uniform(20, 90))
            self._sit(body, student, code, faults)

    def _code(self, student: Student) -> str:
        return student.capture_code or f"code of {student.student_no}"

    def _scan(self, student: Student, code: str, at: float, others: Sequence[Student]) -> None:
        if not self.desks or self._happens("lost_row"):
            if not student.capture_code:
                self.truth.troubled.setdefault(student.student_no, "lost row")
            return
        number = None
        if not student.capture_code:
            number = student.student_no
            if self._happens("mistyped_row"):
                number = self.random.choice(others).student_no
                self.truth.mistyped.add((code, number))
                for one in (student.student_no, number):
                    self.truth.troubled.setdefault(one, "mistyped row")
        desk = self.random.randrange(len(self.desks))
        self.log[desk].append((self.desks[desk].shows(at), code, number))

    def _sit(self, body: _Body, student: Student, code: str, faults: Sequence[str]) -> None:
        shade = self._shade()
        self._slate(body, code, faults, shade)
        if "left_after_slate" in faults:
            return
        frames = self.random.choice(self.usual)
        odd = self.random.randrange(frames)
        for number in range(frames):
            if number == odd and number and "repeated" in faults:
                self._slate(body, code, [], shade)
            if number == odd and "broken" in faults:
                self._press(body, trouble="truncated")
                continue
            self._portrait(body, student.student_no, shade)
            if number == odd and "blank" in faults:
                self._press(body)
        if "stranger" in faults:
            body.free += self.random.uniform(20, 200)
            self._portrait(body, "", self._look())

    def _slate(self, body: _Body, code: str, faults: Sequence[str], shade: tuple[float, ...]) -> None:
        """The phone hides the clothing."""
        if "forgotten" in faults:
            return
        held = (*shade[:3], *(128.0 for _ in range(15)), *shade[18:]) if self._happens("holder") else ()
        if "unseen" in faults:
            self._press(body)
        elif "unreadable" in faults:
            self._press(body, codes=(Code(text=None, width=0.2),))
        elif "two_codes" in faults:
            self._press(body, codes=(Code(text=code, width=0.2), Code(text="another", width=0.1)))
        else:
            for _ in range(2 if "repeated" in faults and self.random.random() < 0.5 else 1):
                self._press(body, codes=(Code(text=code, width=0.2),), appearance=held)

    def _portrait(self, body: _Body, sitter: str, shade: tuple[float, ...]) -> None:
        seen = () if self._happens("unseen_looks") else tuple(max(0, v + self.random.gauss(0, 1.5)) for v in shade)
        self.truth.sitter[self._press(body, faces=1, face=FACE, appearance=seen)] = sitter

    def _shade(self) -> tuple[float, ...]:
        return self._look() if not self._happens("alike") else (100.0, 160.0, 220.0, *(60.0 for _ in range(30)))

    def _look(self) -> tuple[float, ...]:
        """Clothing and hair of two shades, each somewhere between black and white."""
        clothing, hair = self.random.uniform(10, 240), self.random.uniform(10, 150)
        return (100.0, 160.0, 220.0, *(clothing for _ in range(15)), *(hair for _ in range(15)))

    def _press(self, body: _Body, **read: Any) -> str:
        body.free += self.random.uniform(3, 9)
        path = f"{body.folder}/IMG_{body.count:04d}.JPG"
        body.count = body.count % 9999 + 1
        clock = body.clock
        if body.set_at is not None and body.free > body.set_at:
            clock = _Clock(self.start, timedelta(), 0)
        taken = f"{clock.shows(body.free):%Y-%m-%dT%H:%M:%S}.000000" if body.timed else None
        digest = sha256(f"{self.session}/{path}".encode()).hexdigest()
        source = f"inbox/{self.session}"
        self.made.originals.append(
            Original(session=self.session, source=source, path=path, sha256=digest, size=9, mtime_ns=1)
        )
        said = {"camera": "Canon EOS R5", "serial": body.serial} if body.timed else {}
        self.made.readings[digest] = Reading(
            sha256=digest, version="1", format="JPEG", width=1600, height=2400, taken=taken, **said, **read
        )
        return digest

    def _hand_in(self) -> None:
        for desk, log in enumerate(self.log):
            for line, (at, code, number) in enumerate(sorted(log), 2):
                ref = f"scanlog-{desk}.csv:{line}"
                self.made.rows.append(DeskRow(self.session, ref, at.replace(microsecond=0), code, number))

    def _body(self, number: int) -> _Body:
        rates, random = self.rates, self.random
        return _Body(
            folder=f"card {number}/100CANON",
            clock=self._clock(),
            serial=None if random.random() < rates.no_serial else f"{number + 1:06d}",
            timed=random.random() >= rates.no_times,
            set_at=random.uniform(3600, 5 * 3600) if random.random() < rates.clock_set else None,
            count=random.choice((1, 1000 * number + 1, 9000)),
        )

    def _clock(self) -> _Clock:
        random, rates = self.random, self.rates
        off = random.choice((3, -47, 8 * 60, -8 * 60, 60 * 24 * 200)) if random.random() < rates.wrong_clock else 0
        return _Clock(self.start, timedelta(minutes=off), random.uniform(-1, 1) * rates.drift / 86400)

    def _happens(self, name: str) -> bool:
        return self.random.random() < getattr(self.rates, name)


def one_day(
    session: str, students: Sequence[Student], afternoon: Sequence[Student], rates: Rates, seed: int, truth: Truth
) -> World:
    """What one session hands in when these students come in that order; `truth` learns who sat there."""
    made = World()
    day = _Session(session, made, truth, rates, Random(f"{seed} {session}"))
    day.photograph(students, [*students, *afternoon], afternoon)
    return made


def season(captures: int, rates: Rates, seed: int) -> tuple[World, Truth]:
    """About so many captures over the campaign's sessions, and who is really in them."""
    made, truth, random = World(), Truth(), Random(seed)
    sessions = CAMPAIGN.sessions
    each = max(1, round(captures / 3.6 / len(sessions)))
    for number, session in enumerate(sessions):
        centres = [window.centre for window in session.windows if window.centre != EVERY_CENTRE]
        day = _Session(session.id, made, truth, rates, random)
        students = []
        for index in range(each):
            no = f"21640{12 if number % 2 else 14:03d}{number:02d}{index:05d}"[:15]
            centre = centres[index * len(centres) // each] if centres else "yanchi"
            if random.random() < rates.guest:
                centre = random.choice(CAMPAIGN.centres).id
            bound = bool(day.desks) and random.random() < rates.by_desk
            code = "" if bound else f"code of {no}"
            students.append(Student(student_no=no, name="同学", centre=centre, capture_code=code))
        made.register.update((one.student_no, one) for one in students)
        day.photograph(students, students)
    return made, truth


@dataclass(frozen=True)
class Found:
    """What the matching made of it."""

    captures: int
    seconds: float
    """Of matching, choice and ledger, on one core."""
    wrong: tuple[tuple[str, str], ...]
    """Delivered under a number whose student it is not: the capture and the number."""
    unrefuted: tuple[tuple[str, str], ...]
    """The same where the desk itself said so, and no other row, slate or roster says otherwise."""
    misfiled: tuple[tuple[str, str], ...]
    """The same of all captures that somebody owns and nothing holds back, delivered or not."""
    students: int
    delivered: int
    clean_not_delivered: int
    """Students to whom nothing happened, and who were photographed."""
    pending: int
    pending_clean: int
    """Pending captures of students to whom nothing happened."""
    reasons: Mapping[str, int]
    """What holds those back."""


def outcome(made: World) -> tuple[Mapping[str, Any], Ledger]:
    """The chosen captures by student, and the ledger."""
    captures, duplicates = distinct(made.originals)
    bindings = bind(made.register, made.rows)
    matches = decide(
        match_season(captures, made.readings, bindings, made.rows, CAMPAIGN, duplicates), NOBODY, bindings
    )
    weighed = {one.sha256: weigh(one, SPEC, {}, NOBODY) for one in matches if one.classified.kind is Kind.PORTRAIT}
    chosen = best(weighed.values())
    packed = {student_no: one.match.sha256 for student_no, one in chosen.items()}
    entries = [
        *(state_of(match, weighed, chosen, NOBODY, packed) for match in matches),
        *(Entry(original, FileState.DUPLICATE) for original in duplicates),
    ]
    return chosen, close_ledger(entries, matches, made.register, {})


def judge(made: World, truth: Truth) -> Found:
    """Match the season and compare it with the truth."""
    begin = time.process_time()
    chosen, ledger = outcome(made)
    seconds = time.process_time() - begin
    sat = {no for no in truth.sitter.values() if no}
    clean = {no for no in sat if no not in truth.troubled}
    pending = [one for one in ledger.entries if one.state is FileState.PENDING]
    late = [one for one in pending if truth.sitter.get(one.original.sha256) in clean]
    wrong = [(one.match.sha256, no) for no, one in chosen.items() if truth.sitter[one.match.sha256] != no]
    typed = {number for _, number in truth.mistyped}
    unrefuted = [(sha256, no) for sha256, no in wrong if no in typed]
    owned = (one for one in ledger.entries if one.state in (FileState.DELIVERED, FileState.SUPERSEDED))
    return Found(
        captures=len(made.originals),
        seconds=seconds,
        wrong=tuple(pair for pair in wrong if pair not in unrefuted),
        unrefuted=tuple(unrefuted),
        misfiled=tuple(
            (one.original.sha256, one.student_no or "")
            for one in owned
            if truth.sitter[one.original.sha256] != one.student_no and one.student_no not in typed
        ),
        students=len(sat),
        delivered=len(chosen),
        clean_not_delivered=len(clean - set(chosen)),
        pending=len(pending),
        pending_clean=len(late),
        reasons=Counter(reason.code for one in late for reason in one.reasons),
    )


def lines(found: Found) -> Iterator[str]:
    """The figures for people."""
    share = found.pending_clean / found.captures
    yield f"captures {found.captures}, {found.seconds:.1f} s on one core"
    yield f"wrong deliveries {len(found.wrong)}, misfiled {len(found.misfiled)}"
    yield f"wrong because the desk typed another number and nothing else names either {len(found.unrefuted)}"
    yield f"students photographed {found.students}, delivered {found.delivered}"
    yield f"clean students not delivered {found.clean_not_delivered}"
    yield f"pending {found.pending}, of clean students {found.pending_clean} = {share:.2%}"
    yield ", ".join(f"{code} {count}" for code, count in sorted(found.reasons.items()))


def main() -> None:
    """Simulate one season and say what came of it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--captures", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=1)
    for rate in fields(Rates):
        parser.add_argument(f"--{rate.name.replace('_', '-')}", type=float, default=rate.default)
    given = vars(parser.parse_args())
    captures, seed = given.pop("captures"), given.pop("seed")
    made, truth = season(captures, Rates(**given), seed)
    print("\n".join(lines(judge(made, truth))))


if __name__ == "__main__":
    main()
