"""How slots are shown: as tables on the screen, and as JSON."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from cli.show import print_table, say
from config.campaign import Campaign
from gradphoto.slots import Slot, named
from gradphoto.slots_change import Change
from gradphoto.slots_words import BY
from gradphoto.stages.slots import Planned, Planner

COLUMNS = ("教学点", "场次", "应采", "可排", "已排", "没排上", "还要分钟", "每小时", "每段分钟", "速度依据", "版")
SLOT_COLUMNS = ("时段", "可排", "已排")
CHANGE_COLUMNS = ("教学点", "学号", "姓名", "原时段", "新时段")
SHOWN = 20
"""Students who are named on the screen."""


def show_slots(planner: Planner, found: Mapping[str, Planned], files: Sequence[Path]) -> None:
    campaign = planner.campaign
    rows = [_row(campaign, one) for one in found.values() if one.students or len(found) == 1]
    print_table("时段", COLUMNS, rows)
    if len(found) == 1:
        (one,) = found.values()
        print_table(named(campaign, one.plan.centre), SLOT_COLUMNS, _slots(one))
    changes = _untold(found, bool(files))
    if changes:
        show_changes(planner, changes)


def _untold(found: Mapping[str, Planned], written: bool) -> list[Change]:
    """Whom somebody has to tell: what was told before is left out, unless it was written just now."""
    return [change for one in found.values() if written or not one.edition for change in one.changes]


def _row(campaign: Campaign, one: Planned) -> tuple[object, ...]:
    plan = one.plan
    return (
        named(campaign, plan.centre),
        " ".join(grid.session for grid in plan.grids),
        len(one.students),
        plan.places,
        len(plan.seats),
        len(one.students) - len(plan.seats),
        plan.short_minutes,
        "、".join(f"{grid.rate:g}" for grid in plan.grids),
        "、".join(str(grid.minutes) for grid in plan.grids),
        "、".join(dict.fromkeys(BY[grid.by] for grid in plan.grids)),
        one.edition or "",
    )


def _slots(one: Planned) -> list[tuple[object, ...]]:
    return [(each.slot.text, each.places, len(one.plan.of(each.slot))) for each in one.plan.openings]


def slots_document(
    campaign: Campaign, found: Mapping[str, Planned], told: list[str], files: Sequence[Path]
) -> dict[str, Any]:
    return {
        "campaign": campaign.id,
        "centres": [_centre(campaign, one) for one in found.values()],
        "changes": [change_document(change) for change in _untold(found, bool(files))],
        "remarks": told,
        "files": [str(path) for path in files],
    }


def _centre(campaign: Campaign, one: Planned) -> dict[str, Any]:
    plan = one.plan
    return {
        "id": plan.centre,
        "name": named(campaign, plan.centre),
        "expected": len(one.students),
        "places": plan.places,
        "rates": [grid.model_dump() for grid in plan.grids],
        "slots": [
            {**slot_document(each.slot), "places": each.places, "students": plan.of(each.slot)}
            for each in plan.openings
        ],
        "unplaced": list(plan.unplaced),
        "short_minutes": plan.short_minutes,
        "held": [held.model_dump() for held in plan.held],
        "edition": one.edition,
    }


def show_changes(planner: Planner, changes: list[Change]) -> None:
    """Whom to tell, by name and number; those beyond the first are counted."""
    rows = [
        (named(planner.campaign, one.student.centre), one.student.student_no, one.student.name, *one.says)
        for one in changes[:SHOWN]
    ]
    print_table(f"须通知 {len(changes)} 人", CHANGE_COLUMNS, rows)
    if len(changes) > SHOWN:
        say(f"…… 另有 {len(changes) - SHOWN} 人，全部见 --json，写出的表格里也有")


def change_document(one: Change) -> dict[str, Any]:
    """A change as JSON has it; without the name, for the number is enough."""
    before, after = (slot and slot_document(slot) for slot in (one.before, one.after))
    return {"student_no": one.student.student_no, "centre": one.student.centre, "before": before, "after": after}


def slot_document(slot: Slot) -> dict[str, str]:
    """A slot as JSON has it."""
    return {"session": slot.session, "start": slot.start.isoformat(), "end": slot.end.isoformat()}
