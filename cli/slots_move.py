"""`campaign slots --move`: what moving one centre's day would mean, shown and not done."""

from typing import Any

from cli.problem import Problem
from cli.show import print_json, print_table, say, warn
from cli.slots_show import change_document, show_changes
from gradphoto.stages.slots import Planner
from gradphoto.stages.slots_move import Moved, try_move


def show_move(planner: Planner, text: str, as_json: bool) -> None:
    """Try it and tell; nothing is written."""
    if not text.strip():
        raise Problem("--move 不能为空：应写作 教学点=场次，如 north=2024-05-18-hall")
    moved = try_move(planner, text)
    for line in moved.remarks:
        warn(line)
    if as_json:
        print_json(_document(moved))
        return
    show_changes(planner, moved.planned.changes)
    print_table("还要告知", ("谁", "联系人", "电话"), moved.contacts)
    print_table("涉及的场次", ("场次", "须办"), [(one.session, "；".join(one.todo)) for one in moved.effects])
    say("还没有改动任何东西。要改，把 campaign.toml 里该教学点原来的 windows 删去，写上：")
    say(moved.toml)


def _document(moved: Moved) -> dict[str, Any]:
    tried, plan = moved.move, moved.planned.plan
    return {
        "centre": tried.centre,
        "from": list(tried.sessions),
        "to": tried.target,
        "windows": [{"start": one.start.isoformat(), "end": one.end.isoformat()} for one in tried.windows],
        "changes": [change_document(one) for one in moved.planned.changes],
        "unplaced": list(plan.unplaced),
        "short_minutes": plan.short_minutes,
        "contacts": [one._asdict() for one in moved.contacts],
        "sessions": [{"session": one.session, "todo": list(one.todo)} for one in moved.effects],
        "remarks": list(moved.remarks),
        "toml": moved.toml,
    }
