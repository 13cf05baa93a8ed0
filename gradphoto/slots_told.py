"""The slots that people were told: on record since the poster or table with them was written.

A centre's newest record counts. Whoever stands in it keeps the slot when the next plan is made, so a poster on a
wall stays right; see `gradphoto.slots_plan`.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple, Self

from config.campaign import Campaign
from config.frozen import Frozen
from config.lookup import windows_of
from gradphoto.adapters.journal import Journal
from gradphoto.adapters.store import Store
from gradphoto.slots import Grid, Slot
from gradphoto.slots_plan import Plan


class Seat(Frozen):
    """Which slot one student was told."""

    student_no: str
    session: str
    start: datetime
    end: datetime


class Told(Frozen):
    """One record; `who` and `at` are for people."""

    centre: str
    grids: tuple[Grid, ...]
    who: str = ""
    at: str = ""
    seats: tuple[Seat, ...] = ()

    @property
    def slots(self) -> dict[str, Slot]:
        """By student number."""
        return {one.student_no: Slot(one.session, one.start, one.end) for one in self.seats}

    def to_lines(self) -> list[dict[str, Any]]:
        """The record: a line of its own for each student, so that a purge can take one out."""
        head = self.model_dump(mode="json", exclude={"seats"})
        return [head, *({"seat": one.model_dump(mode="json")} for one in self.seats)]

    @classmethod
    def from_lines(cls, lines: Sequence[Mapping[str, Any]]) -> Self:
        """The opposite of `to_lines`."""
        head, *rest = lines
        return cls.model_validate({**head, "seats": [line["seat"] for line in rest]})


class Last(NamedTuple):
    """A centre's newest record and its number; 0 and none before the first."""

    number: int
    told: Told | None


def last_told(store: Store, centre: str) -> Last:
    """What a centre's students were told last."""
    number = slots_journal(store, centre).last()
    return Last(number, told_as(store, centre, number))


def told_as(store: Store, centre: str, number: int) -> Told | None:
    """One edition; None for 0, before the first."""
    return Told.from_lines(slots_journal(store, centre).record(number)) if number else None


def told_slots(store: Store, campaign: Campaign) -> dict[str, Slot]:
    """By student number the slot that a student was told and that still lies in a window of the centre.

    What a roster's 时段 says goes before it. Without any table or poster nobody was told anything.
    """
    found: dict[str, Slot] = {}
    for centre in campaign.centres:
        told = last_told(store, centre.id).told
        found |= (
            {no: slot for no, slot in told.slots.items() if _stands(campaign, centre.id, slot)} if told else {}
        )
    return found


def tell(store: Store, plan: Plan, after: int, who: str, at: str) -> bool:
    """Put a plan on record as what is told from now on; False when somebody else told another meanwhile."""
    seats = tuple(
        Seat(student_no=no, session=slot.session, start=slot.start, end=slot.end)
        for no, slot in plan.seats.items()
    )
    grids = tuple(grid.model_copy(update={"by": "told"}) for grid in plan.grids)
    told = Told(centre=plan.centre, grids=grids, who=who, at=at, seats=seats)
    return slots_journal(store, plan.centre).take(after + 1, told.to_lines())


def says(told: Told | None, plan: Plan) -> bool:
    """Whether that is what was told already."""
    if told is None:
        return False
    grids = [(one.session, one.rate, one.minutes) for one in plan.grids]
    return told.slots == plan.seats and [(one.session, one.rate, one.minutes) for one in told.grids] == grids


def slots_journal(store: Store, centre: str) -> Journal:
    """The records of one centre."""
    return Journal(store, f"slots/{centre}")


def _stands(campaign: Campaign, centre: str, slot: Slot) -> bool:
    windows = ((session.id, window) for session, window in windows_of(campaign, centre))
    return any(id_ == slot.session and one.start <= slot.start < one.end for id_, one in windows)
