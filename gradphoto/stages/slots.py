"""The slots of a campaign: by its rosters as they are now, by what was told, by how fast earlier sessions went."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from config.campaign import Campaign, Session
from config.lookup import windows_of
from gradphoto.adapters.store import Store
from gradphoto.roster import Student
from gradphoto.slots import Grid, Slot, grid
from gradphoto.slots_change import Change, changes
from gradphoto.slots_plan import Plan, plan
from gradphoto.slots_told import Last, last_told, says, tell, told_as
from gradphoto.stages.forecast import seconds_measured
from gradphoto.stages.season import Season
from gradphoto.stages.snapshot import load_inputs, newest_snapshot


class Planned(NamedTuple):
    """A centre's plan, its students by number, and whom it has to be told."""

    plan: Plan
    students: Mapping[str, Student]
    changes: list[Change]
    """Against the edition before; where nothing was told yet, against the campaign of the last run if that has
    other windows."""
    edition: int = 0
    """As which edition exactly this was told; 0: it was not."""


@dataclass(frozen=True)
class Planner:
    """How the plans of a season are made. `rate`, students an hour, goes before whatever else says one.

    `anew`: nobody keeps what they were told.
    """

    store: Store
    season: Season
    rate: float | None = None
    anew: bool = False

    def planned(self, centre: str, campaign: Campaign | None = None) -> Planned:
        """The plan of one centre, in this campaign or in another form of it."""
        return self._planned(centre, campaign or self.campaign, last_told(self.store, centre))

    def tell(self, centre: str, who: str, at: str) -> Planned:
        """The same, and put on record as told unless it was already; whoever loses the number plans again."""
        while True:
            last = last_told(self.store, centre)
            found = self._planned(centre, self.campaign, last)
            if found.edition:
                return found
            if tell(self.store, found.plan, last.number, who, at):
                return found._replace(edition=last.number + 1)

    @property
    def campaign(self) -> Campaign:
        """As it stands now."""
        return self.season.inputs.campaign

    @cached_property
    def people(self) -> Mapping[str, Mapping[str, Student]]:
        """By centre who is expected: in one of the campaign's groups or admitted, and not withdrawn."""
        found: dict[str, dict[str, Student]] = defaultdict(dict)
        for no, student in self.season.inputs.register.students.items():
            if no not in self.season.ineligible and no not in self.season.withdrawn:
                found[student.centre][no] = student
        return found

    @cached_property
    def measured(self) -> float | None:
        """Students an hour in the sessions that are over; None where that could not be measured."""
        seconds = seconds_measured(self.store, self.season)
        return round(3600 / seconds, 1) if seconds else None

    @cached_property
    def _before(self) -> Campaign | None:
        """The campaign of the last run."""
        number = newest_snapshot(self.store)
        return load_inputs(self.store, number).campaign if number else None

    def _planned(self, centre: str, campaign: Campaign, last: Last) -> Planned:
        students = self.people.get(centre, {})
        told = {} if self.anew or not last.told else {one.session: one for one in last.told.grids}
        keeps = last.told.slots if last.told and not self.anew else {}
        found = plan(campaign, centre, students.values(), lambda one: self._grid(campaign, one, told), keeps)
        edition = last.number if says(last.told, found) else 0
        before = self._before_that(centre, last, edition) or self._scheduled(centre, campaign, students)
        register = self.season.inputs.register.students
        people = {**students, **{no: register[no] for no in before if no in register}}
        moved = changes(people.values(), before, found.seats) if before else []
        return Planned(found, students, moved, edition)

    def _before_that(self, centre: str, last: Last, edition: int) -> Mapping[str, Slot]:
        """What was told before: the last edition, or where that says the same already the one before it."""
        told = told_as(self.store, centre, last.number - 1) if edition else last.told
        return told.slots if told else {}

    def _grid(self, campaign: Campaign, session: Session, told: Mapping[str, Grid]) -> Grid:
        if self.rate is not None:
            return grid(campaign, session, self.rate, "option")
        if session.id in told:
            return told[session.id]
        if session.rate is not None:
            return grid(campaign, session, session.rate, "session")
        if self.measured is not None:
            return grid(campaign, session, self.measured, "measured")
        return grid(campaign, session, campaign.slots.rate, "campaign")

    def _scheduled(self, centre: str, campaign: Campaign, students: Mapping[str, Student]) -> Mapping[str, Slot]:
        """By the campaign before, where the centre's windows were others; nobody was told a slot yet."""
        now = _times(campaign, centre)
        others = (
            one for one in filter(None, (self._before, self.campaign)) if _times(one, centre) not in ([], now)
        )
        before = next(others, None)
        if before is None:
            return {}
        return plan(before, centre, students.values(), lambda one: self._grid(before, one, {})).seats


def _times(campaign: Campaign, centre: str) -> list[tuple[object, ...]]:
    return [(session.id, window.start, window.end) for session, window in windows_of(campaign, centre)]
