"""Everything that people and nights may do in a modelled season, in any order, as Hypothesis draws it."""

from collections.abc import Callable

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from tests.season_checks import Shelf, check, check_afresh, check_again, check_overtaken
from tests.season_model import Act
from tests.season_pool import CAMERAS, CENTRES, GUYUAN, L0, L1, L2, L3, PARTS, SESSIONS, SITTING, STUDENTS
from tests.season_world import World

NAMES = ("王䶮", "NULL", "NA", "买买提·艾力", "马晓禾")
BOUND_BY_DESK = sorted(one.student_no for one in (L0, L1, L2, L3))
OWNERS = {one.capture_code: no for no, one in STUDENTS.items()}

sittings, parts = st.sampled_from(sorted(SITTING)), st.integers(0, len(PARTS) - 1)
cameras, sessions, centres = st.integers(0, len(CAMERAS) - 1), st.sampled_from(SESSIONS), st.sampled_from(CENTRES)
students = st.sampled_from(sorted(STUDENTS))
changes = st.sampled_from(("mend", "save_again", "copy_under_another_name", "raw"))
calls = st.integers(1, 500)
"""A whole night takes the store that many calls, more or less; beyond its end nothing is cut off."""


def has_files(season: "Season") -> bool:
    """Whether there is anything to make a night of."""
    return bool(season.world.sessions)


class Season(RuleBasedStateMachine):
    """One season; what is drawn are names and numbers, so that a failing one can be read."""

    def __init__(self) -> None:
        super().__init__()
        self.world, self.shelf = World(), Shelf()
        self.steps = 0

    @initialize(
        names=st.lists(sittings, min_size=2, max_size=8, unique=True),
        bound=st.sets(st.sampled_from(BOUND_BY_DESK)),
    )
    def a_first_day(self, names: list[str], bound: set[str]) -> None:
        """So that there is something to have second thoughts about."""
        self.sittings_come_in(names)
        for student in sorted(bound):
            self.world.scan(GUYUAN, STUDENTS[student], STUDENTS[student])

    # ---- What comes from the cameras

    @rule(names=st.lists(sittings, min_size=1, max_size=6, unique=True))
    def sittings_come_in(self, names: list[str]) -> None:
        """Whole, in whatever order."""
        for name in names:
            self.world.arrive(SITTING[name], range(4))

    @rule(name=sittings, numbers=st.sets(st.integers(0, 3), min_size=1), cut=st.booleans())
    def some_files_come_in(self, name: str, numbers: set[int], cut: bool) -> None:
        """The others are late; the last one may be cut off."""
        self.world.arrive(SITTING[name], sorted(numbers), cut)

    @rule(part=parts, change=changes)
    def a_file_changes(self, part: int, change: str) -> None:
        """Or gets another beside it."""
        getattr(self.world, change)(PARTS[part])

    @rule(camera=cameras, session=sessions)
    def a_card_is_copied_again(self, camera: int, session: str) -> None:
        """Also into the wrong session."""
        self.world.copy_card(CAMERAS[camera], session)

    # ---- What desk and office do

    @rule(session=sessions, student=students, bound=st.one_of(st.none(), students), right=st.booleans())
    def the_desk_scans(self, session: str, student: str, bound: str | None, right: bool) -> None:
        """A code, with a number that is right, another's, or none."""
        number = student if right else bound
        self.world.scan(session, STUDENTS[student], STUDENTS[number] if number else None)

    @rule(session=sessions)
    def a_log_is_corrected(self, session: str) -> None:
        """Back to what it was, perhaps."""
        self.world.mend_log(session, OWNERS)

    @rule(student=students, name=st.sampled_from(NAMES))
    def a_name_is_spelled_anew(self, student: str, name: str) -> None:
        """As people correct them."""
        self.world.correct(student, name=name)

    @rule(student=students, centre=centres)
    def a_student_moves(self, student: str, centre: str) -> None:
        """To another centre."""
        self.world.correct(student, centre=centre)

    @rule(student=students, other=students)
    def a_code_is_bound_to_another(self, student: str, other: str) -> None:
        """A roster says another's code."""
        self.world.correct(student, capture_code=STUDENTS[other].capture_code)

    @rule(student=students, back=st.booleans())
    def a_row_goes_or_comes(self, student: str, back: bool) -> None:
        """Out of its roster, or as it was in the beginning."""
        self.world.put_back(STUDENTS[student]) if back else self.world.strike_out(student)

    @rule(come=st.booleans())
    def a_roster_comes_or_goes(self, come: bool) -> None:
        """A whole file."""
        self.world.add_late_roster() if come else self.world.withdraw_late_roster()

    # ---- What a person decides

    @precondition(lambda self: self.world.portraits())
    @rule(data=st.data(), kind=st.sampled_from(("assign", "choose", "reject")), student=students)
    def a_person_decides(self, data: st.DataObject, kind: str, student: str) -> None:
        """Of a portrait that was taken in."""
        capture = data.draw(st.sampled_from(self.world.portraits()))
        self.world.decide(Act(kind, capture, student if kind == "assign" else ""))

    @rule(student=students)
    def a_student_is_admitted(self, student: str) -> None:
        """Whoever it is."""
        self.world.decide(Act("admit", student_no=student))

    @precondition(lambda self: self.world.facts.acts)
    @rule(data=st.data())
    def a_decision_is_undone(self, data: st.DataObject) -> None:
        """Also an undoing."""
        self.world.decide(Act("undo", undone=data.draw(st.integers(1, len(self.world.facts.acts)))))

    # ---- Nights

    @rule(some=st.sets(sessions, min_size=1))
    def sessions_are_closed(self, some: set[str]) -> None:
        """Also again."""
        for session in sorted(some):
            self.world.close(session)

    @precondition(has_files)
    @rule(some=st.sets(sessions, min_size=1), drill=st.sets(centres, max_size=1))
    def a_night_of_some(self, some: set[str], drill: set[str]) -> None:
        """With a drill, perhaps."""
        named = [session for session in self.world.sessions if session in some]
        if named:
            assert self.world.night(named, sorted(drill)) == 0 or drill

    @precondition(has_files)
    @rule()
    def nights_of_what_changed(self) -> None:
        """Until nothing did; when every session is closed, that is everything."""
        if self.world.until_nothing_changed():
            check(self.world, self.shelf)

    @rule(names=st.lists(sittings, max_size=3, unique=True))
    def a_day_and_its_night(self, names: list[str]) -> None:
        """As most days are."""
        self.sittings_come_in(names)
        self.world.everything()
        if self.world.sessions:
            check(self.world, self.shelf)

    @precondition(has_files)
    @rule()
    def a_night_of_everything(self) -> None:
        """Then everything is as the model says."""
        self.world.everything()
        check(self.world, self.shelf)

    @precondition(has_files)
    @rule(older=st.integers(1, 9))
    def a_night_that_began_earlier_ends(self, older: int) -> None:
        """After one of everything: with inputs of before."""
        self.world.everything()
        check_overtaken(self.world, self.shelf, older)

    @rule(centre=centres)
    def a_centre_is_done_again(self, centre: str) -> None:
        """Others are left alone."""
        assert 0 == self.world.rerun(centre)
        assert [] == [name for name in self.shelf.look(self.world.folder) if not name.startswith(f"{centre}-v")]

    @precondition(has_files)
    @rule(call=calls, late=st.booleans())
    def a_night_is_killed(self, call: int, late: bool) -> None:
        """At a call into the store, before or after it."""
        self.world.cut(lambda: self.world.night(self.world.sessions), call, late)

    @precondition(has_files)
    @rule(call=calls)
    def the_store_fails_in_a_night(self, call: int) -> None:
        """From a call on, until its end."""
        self.world.trouble(lambda: self.world.night(self.world.sessions), call)

    @rule(student=students, session=sessions, call=st.integers(1, 3), late=st.booleans())
    def a_small_command_is_killed(self, student: str, session: str, call: int, late: bool) -> None:
        """A decision, or the closing of a session."""
        commands: tuple[Callable[[], object], ...] = (
            lambda: self.world.decide(Act("admit", student_no=student)),
            lambda: self.world.close(session),
        )
        self.world.cut(commands[call % 2], call, late)

    @invariant()
    def no_bundle_changes(self) -> None:
        """Whatever happens."""
        self.steps += 1
        self.shelf.look(self.world.folder)

    def teardown(self) -> None:
        """In the end everything is done, once more to no effect, and afresh to the same."""
        try:
            if self.world.sessions:
                self.world.everything()
                check(self.world, self.shelf)
                check_again(self.world, self.shelf)
                check_afresh(self.world)
        finally:
            self.world.away()
