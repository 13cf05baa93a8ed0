"""Laws of the matching, on nights that are made up with their truth kept apart.

A simulated crew photographs a queue: one or two bodies, one to three frames a student, a desk that scans
ahead, and everything that goes wrong on such days. The matching sees originals, readings and rows only.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from config.spec import load_spec
from gradphoto.decision import standing
from gradphoto.matching.bindings import DeskRow, bind
from gradphoto.matching.choose import Candidate, best, weigh
from gradphoto.matching.entry import Entry, state_of
from gradphoto.matching.kind import Kind
from gradphoto.matching.ledger import Ledger, close_ledger
from gradphoto.matching.season import decide, distinct, match_season
from gradphoto.reading import Code
from gradphoto.roster import Student
from gradphoto.states import FileState, StudentState
from tests.a_night import CAMPAIGN, SESSION, START, Night, looks, seen

SPEC = load_spec("chsi-2017")
NOBODY = standing([])

Trouble = str
CLEAN = ("fine",)
BROKEN = (
    "fine",
    "unreadable",
    "cut-off slate",
    "cut-off portrait",
    "stranger",
    "twice",
    "again",
    "no-show",
    "blank",
)
FORGOTTEN = (*BROKEN, "forgotten")
"""What may happen to one student."""


@dataclass
class Simulation:
    """What a night left behind, and the truth: whose portrait each digest is."""

    night: Night = field(default_factory=Night, repr=False)
    rows: list[DeskRow] = field(default_factory=list)
    truth: dict[str, str] = field(default_factory=dict, repr=False)
    register: dict[str, Student] = field(default_factory=dict, repr=False)
    troubles: dict[str, Trouble] = field(default_factory=dict)

    def outcome(self) -> tuple[dict[str, Candidate], Ledger]:
        """Everything that the matching makes of it: the chosen captures by student, and the ledger."""
        captures, duplicates = distinct(self.night.originals)
        bindings = bind(self.register, self.rows)
        matches = match_season(captures, self.night.readings, bindings, self.rows, CAMPAIGN, duplicates)
        matches = decide(matches, NOBODY, bindings)
        weighed = {
            match.sha256: weigh(match, SPEC, {}, NOBODY)
            for match in matches
            if match.classified.kind is Kind.PORTRAIT
        }
        chosen = best(weighed.values())
        packed = {student_no: one.match.sha256 for student_no, one in chosen.items()}
        entries = [
            *(state_of(match, weighed, chosen, NOBODY, packed) for match in matches),
            *(Entry(original, FileState.DUPLICATE) for original in duplicates),
        ]
        return chosen, close_ledger(entries, matches, self.register, {})

    def delivered(self) -> dict[str, str]:
        """For each student who is delivered the digest of the capture."""
        return {student_no: one.match.sha256 for student_no, one in self.outcome()[0].items()}

    def wrong(self) -> dict[str, str]:
        """Whose face was delivered under which number, where that is not the same."""
        return {no: self.truth[digest] for no, digest in self.delivered().items() if self.truth[digest] != no}


@dataclass
class Body:
    """A camera at work."""

    folder: str
    serial: str | None
    timed: bool
    offset: timedelta
    count: int
    free: float = 0
    sure: bool = False
    """Whether the last student was taken as planned: of two mistakes in a row only the first need be noticed."""


@dataclass
class Crew:
    """Photographs one student after another; what is not drawn is the seed's."""

    random: Random
    bodies: list[Body]
    made: Simulation
    clothes: bool = False
    clock: timedelta | None = None
    """The desk's; None where nobody scans."""
    at: float = 0

    def receive(self, frames: int, trouble: Trouble) -> None:
        """One student comes, is scanned, waits, and takes the next free camera."""
        index = len(self.made.register)
        number = f"2164001250{index:03d}"
        student = Student(student_no=number, name="同学", centre="yanchi", capture_code=f"code {index}")
        self.made.register[number] = student
        self.at += self.random.uniform(5, 60)
        if self.clock is not None:
            at = START + self.clock + timedelta(seconds=round(self.at))
            code = _code(student, trouble)
            self.made.rows.append(DeskRow(SESSION, f"scanlog.csv:{index + 2}", at, code, None))
        body = min(self.bodies, key=lambda one: one.free)
        self.made.troubles[number] = trouble = "fine" if trouble == "forgotten" and not body.sure else trouble
        if trouble != "no-show":
            body.free = max(body.free, self.at + self.random.uniform(3, 20))
            self.sit(body, student, frames, trouble, shade=(20, 90, 160, 230)[index % 4])
            body.sure = trouble in ("fine", "twice", "forgotten")

    def sit(self, body: Body, student: Student, frames: int, trouble: Trouble, shade: float) -> None:
        """The slate, if any, and the portraits."""
        self.slate(body, student, trouble)
        for number in range(frames):
            if number and trouble == "again":
                self.slate(body, student, trouble)
            if not number and trouble == "cut-off portrait":
                self.press(body, seen("x"))
                continue
            looking = {"appearance": looks(shade)} if self.clothes else {}
            self.made.truth[self.press(body, {**seen("p"), **looking})] = student.student_no
            if trouble == "blank":
                self.press(body, seen("-"))

    def slate(self, body: Body, student: Student, trouble: Trouble) -> None:
        """What the camera sees of the student's code."""
        if trouble in ("unreadable", "cut-off slate"):
            self.press(body, seen("?" if trouble == "unreadable" else "x"))
        elif trouble != "forgotten":
            for _ in range(2 if trouble == "twice" else 1):
                self.press(body, {"codes": (Code(text=_code(student, trouble), width=0.2),)})

    def press(self, body: Body, read: Mapping[str, Any]) -> str:
        """One frame; its digest."""
        body.free += self.random.uniform(2, 9)
        taken = (START + body.offset + timedelta(seconds=body.free)).isoformat(timespec="microseconds")
        said: dict[str, Any] = {"taken": taken, "camera": "Canon", "serial": body.serial} if body.timed else {}
        digest = self.made.night.add(f"{body.folder}/IMG_{body.count:04d}.JPG", **said, **read)
        body.count = body.count % 9999 + 1
        return digest


def _code(student: Student, trouble: Trouble) -> str:
    return f"of another school {student.student_no}" if trouble == "stranger" else student.capture_code


@st.composite
def nights(
    draw: st.DrawFn,
    troubles: Collection[Trouble] = CLEAN,
    frames: tuple[int, int] = (1, 3),
    desk: bool | None = None,
    clothes: bool = False,
) -> Simulation:
    """A night of a dozen students at most."""
    numbered, timed = draw(st.sampled_from([(True, True), (False, True), (False, False)]))
    cameras = [
        Body(f"card {number}", f"{number}" if numbered else None, timed, timedelta(minutes=draw(_CLOCKS)), first)
        for number, first in enumerate(draw(_FIRSTS), 1)
    ]
    scans = draw(st.booleans()) if desk is None else desk
    clock = timedelta(minutes=draw(_CLOCKS)) if scans else None
    crew = Crew(Random(draw(st.integers(0, 2**32))), cameras, Simulation(), clothes, clock)
    for trouble in draw(st.lists(st.sampled_from(sorted(troubles)), min_size=1, max_size=12)):
        crew.receive(draw(st.integers(*frames)), trouble)
    return crew.made


_CLOCKS = st.sampled_from([0, 0, -8 * 60, 3, 24 * 60 * 200])
_FIRSTS = st.lists(st.sampled_from([1, 100, 5000, 9990]), min_size=1, max_size=2, unique=True)


@given(nights(FORGOTTEN, frames=(2, 2)))
@settings(max_examples=300, deadline=None)
def test_nobody_is_delivered_under_a_wrong_number_where_two_frames_are_usual(made: Simulation) -> None:
    assert {} == made.wrong()


@given(nights(FORGOTTEN, frames=(1, 3), desk=True))
@settings(max_examples=300, deadline=None)
def test_nobody_is_delivered_under_a_wrong_number_where_the_desk_scanned_everybody(made: Simulation) -> None:
    assert {} == made.wrong()


@given(nights(FORGOTTEN, frames=(1, 3), clothes=True))
@settings(max_examples=300, deadline=None)
def test_nobody_is_delivered_under_a_wrong_number_where_neighbours_look_different(made: Simulation) -> None:
    assert {} == made.wrong()


@given(nights(BROKEN, frames=(1, 3)))
@settings(max_examples=200, deadline=None)
def test_nobody_is_delivered_under_a_wrong_number_while_no_slate_is_forgotten(made: Simulation) -> None:
    assert {} == made.wrong()


@given(nights(CLEAN, frames=(2, 2)))
@settings(max_examples=100, deadline=None)
def test_a_clean_night_is_delivered_whole(made: Simulation) -> None:
    chosen, ledger = made.outcome()
    assert set(made.register) == set(chosen)
    assert {FileState.DELIVERED, FileState.SUPERSEDED, FileState.SLATE} == {one.state for one in ledger.entries}


@given(nights(BROKEN, frames=(1, 3)))
@settings(max_examples=200, deadline=None)
def test_a_clean_student_is_delivered_whatever_happens_to_the_others(made: Simulation) -> None:
    clean = {no for no, trouble in made.troubles.items() if trouble in ("fine", "twice", "again")}
    assert clean <= set(made.delivered())


@given(nights(FORGOTTEN))
@settings(max_examples=100, deadline=None)
def test_the_states_add_up(made: Simulation) -> None:
    _, ledger = made.outcome()
    assert sorted(one.place for one in made.night.originals) == [one.original.place for one in ledger.entries]
    assert set(made.register) == set(ledger.students)
    for entry in ledger.entries:
        assert (entry.state is FileState.PENDING) <= bool(entry.reasons)
    delivered = [each for each in ledger.students.values() if each.state is StudentState.DELIVERED]
    assert len(delivered) == sum(entry.state is FileState.DELIVERED for entry in ledger.entries)


@given(nights(FORGOTTEN), st.randoms())
@settings(max_examples=100, deadline=None)
def test_the_order_in_which_things_are_given_never_matters(made: Simulation, random: Random) -> None:
    before = made.outcome()
    random.shuffle(made.night.originals)
    random.shuffle(made.rows)
    readings = list(made.night.readings.items())
    random.shuffle(readings)
    made.night.readings = dict(readings)
    assert before == made.outcome()


@given(nights(FORGOTTEN), st.data())
@settings(max_examples=200, deadline=None)
def test_a_folder_of_copies_changes_no_students_outcome(made: Simulation, data: st.DataObject) -> None:
    before = made.delivered()
    card = [one for one in made.night.originals if one.path.startswith("card 1/")]
    copied = data.draw(st.lists(st.sampled_from(card), unique=True) if card else st.just([]))
    made.night.copy(copied, data.draw(st.sampled_from(["a copy", "card 1 copy", "the copy"])))
    assert before == made.delivered()


@given(nights(BROKEN), st.data())
@settings(max_examples=200, deadline=None)
def test_a_file_that_breaks_opens_nobody(made: Simulation, data: st.DataObject) -> None:
    before = made.delivered()
    broken = data.draw(st.sampled_from(made.night.originals)).sha256 if made.night.originals else ""
    if broken in made.night.readings:
        made.night.readings[broken] = made.night.readings[broken].model_copy(update={"trouble": "corrupt"})
    after = made.delivered()
    assert set(after) <= set(before)
    assert {no: digest for no, digest in after.items() if made.truth[digest] != no} == {}


@pytest.mark.parametrize("seed", range(3))
def test_of_a_long_day_of_two_bodies_and_a_queue_nobody_is_missing(seed: int) -> None:
    cameras = [Body("left", "1", True, timedelta(hours=1), 1), Body("right", "2", True, timedelta(), 9000)]
    crew = Crew(Random(seed), cameras, Simulation(), clock=timedelta(hours=-3))
    for index in range(300):
        crew.receive(2, "no-show" if index % 20 == 7 else "fine")
    assert 285 == len(crew.made.delivered())
    assert {} == crew.made.wrong()
