"""Who comes when (分时分段): a centre's students over its slots. Pure, and the same from the same.

In this order: the time that a roster names wins; who was told a slot keeps it while there is one with room; the
rest come class by class. So a student who is added later moves nobody.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from config.campaign import Campaign
from config.frozen import Frozen
from gradphoto.inputs.problems import Held
from gradphoto.roster import Student
from gradphoto.slots import Grid, GridOf, Opening, Slot, minutes_for, openings
from gradphoto.slots_fill import Group, fill
from gradphoto.slots_held import crowded, crowded_out, odd
from gradphoto.slots_said import Wish, wish


class Plan(Frozen):
    """One centre's slots and who comes in which; nobody is in two of `seats`, `unplaced` and `held`."""

    centre: str
    grids: tuple[Grid, ...]
    openings: tuple[Opening, ...]
    seats: dict[str, Slot]
    """By student number, in order of time, class and number."""
    unplaced: tuple[str, ...] = ()
    """Students for whom there is no room, by number."""
    short_minutes: int = 0
    """How much longer the windows would have to be for them; 0 also where the centre has no window at all."""
    held: tuple[Held, ...] = ()
    """What a roster's 时段 says and cannot be done, or contradicts what the window takes."""

    def of(self, slot: Slot) -> list[str]:
        """Who comes in a slot, in order of class and number."""
        return [student for student, each in self.seats.items() if each == slot]

    @property
    def places(self) -> int:
        """How many the windows take in all."""
        return sum(opening.places for opening in self.openings)


def plan(
    campaign: Campaign,
    centre: str,
    students: Iterable[Student],
    grid_of: GridOf,
    before: Mapping[str, Slot] | None = None,
) -> Plan:
    """The plan of one centre; `before` is what its students were told, by number."""
    return _Table(campaign, centre, tuple(students), grid_of, before or {}).plan


def class_of(student: Student) -> str:
    """Who comes together: the roster's 班级, else programme, level, major and entry term."""
    told = (student.programme, student.level, student.major, student.entry_term)
    return student.class_name.strip() or " ".join(part.strip() for part in told if part.strip())


@dataclass(frozen=True)
class _Table:
    """One plan in the making; its parts follow from each other, and seats are indexes of openings."""

    campaign: Campaign
    centre: str
    students: Sequence[Student]
    grid_of: GridOf
    before: Mapping[str, Slot]

    @cached_property
    def plan(self) -> Plan:
        """All of it."""
        lacking = [no for no in self.rest if no not in self.seats]
        unplaced = tuple(sorted(no for no in lacking if no not in self.wishes))
        full = (crowded_out(self.people[no]) for no in lacking if no in self.wishes)
        sessions = [self.campaign.session(id_) for id_ in dict.fromkeys(one.slot.session for one in self.found)]
        last = sessions[-1] if sessions else None
        return Plan(
            centre=self.centre,
            grids=tuple(map(self.grid_of, sessions)),
            openings=tuple(self.found),
            seats={no: self.found[at].slot for no, at in sorted(self.seats.items(), key=self._order)},
            unplaced=unplaced,
            short_minutes=minutes_for(len(unplaced), self.grid_of(last), last.capacity) if last else 0,
            held=(*self.bad.values(), *crowded(self.found, self.named, self.people), *full),
        )

    @cached_property
    def found(self) -> list[Opening]:
        return openings(self.campaign, self.centre, self.grid_of)

    @cached_property
    def people(self) -> dict[str, Student]:
        """By number, in order of class and number."""
        ordered = sorted(self.students, key=lambda one: (class_of(one), one.student_no))
        return {one.student_no: one for one in ordered}

    @cached_property
    def wishes(self) -> dict[str, Wish | None]:
        """What rosters say; None where it is not understood."""
        year = (self.found[0].slot.start if self.found else self.campaign.sessions[0].date).year
        return {no: wish(one.slot, year) for no, one in self.people.items() if one.slot.strip()}

    @cached_property
    def allowed(self) -> dict[str, tuple[int, ...]]:
        return {no: _allowed(self.found, self.wishes.get(no)) for no in self.people}

    @cached_property
    def bad(self) -> dict[str, Held]:
        """Whom a roster wants at a time that there is not."""
        wrong = (no for no, said in self.wishes.items() if not (said and self.allowed[no]))
        return {no: odd(self.campaign, self.centre, self.people[no], self.wishes[no]) for no in wrong}

    @cached_property
    def named(self) -> dict[str, int]:
        """Whom a roster gives one time, whether there is room or not."""
        exact = (no for no, said in self.wishes.items() if said and said.exact and no not in self.bad)
        return {no: self.allowed[no][0] for no in exact}

    @cached_property
    def kept(self) -> dict[str, int]:
        """Whoever was told a slot that is there and not full; by class and number where it is too small now."""
        at = {opening.slot[:2]: index for index, opening in enumerate(self.found)}
        room = self._room(self.named)
        kept: dict[str, int] = {}
        for no in self.people:
            index = at.get(self.before[no][:2]) if no in self.before else None
            if index is not None and no not in {*self.named, *self.bad} and index in self.allowed[no]:
                kept |= {no: index} if room[index] > 0 else {}
                room[index] -= 1
        return kept

    @cached_property
    def rest(self) -> list[str]:
        """Who is still to be seated."""
        return [no for no in self.people if not (no in self.bad or no in self.named or no in self.kept)]

    @cached_property
    def seats(self) -> dict[str, int]:
        """Everybody's."""
        before = self.named | self.kept
        classes: dict[str, list[int]] = defaultdict(list)
        for no, at in before.items():
            classes[class_of(self.people[no])].append(at)
        return before | fill(self.found, self._room(before), self._groups(), classes)

    def _groups(self) -> list[Group]:
        found: dict[tuple[str, tuple[int, ...]], list[str]] = defaultdict(list)
        for no in self.rest:
            found[class_of(self.people[no]), self.allowed[no]].append(no)
        return [Group(key, tuple(students), within) for (key, within), students in found.items()]

    def _room(self, seats: Mapping[str, int]) -> list[int]:
        taken = Counter(seats.values())
        return [opening.places - taken[at] for at, opening in enumerate(self.found)]

    def _order(self, seat: tuple[str, int]) -> tuple[int, str, str]:
        return seat[1], class_of(self.people[seat[0]]), seat[0]


def _allowed(found: Sequence[Opening], said: Wish | None) -> tuple[int, ...]:
    """The openings in which a student may come, by index."""
    return tuple(at for at, opening in enumerate(found) if said is None or _fits(opening.slot, said))


def _fits(slot: Slot, said: Wish) -> bool:
    if said.day not in (None, slot.start.date()):
        return False
    if said.exact:
        return slot.start.time() <= said.start < slot.end.time()
    return slot.start.time() < said.end and said.start < slot.end.time()
