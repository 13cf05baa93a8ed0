"""`campaign eligible`: who is outside the notice's groups, or may be, named before they come."""

from collections import Counter
from pathlib import Path
from typing import Annotated, Any

import typer

from cli.problem import Problem
from cli.show import print_json, print_table, say, warn
from cli.workspace import JsonOption, Workspace, WorkspaceOption
from gradphoto.eligible import WORDS, Named, Standing
from gradphoto.stages.eligible import Look, look

COLUMNS = ("教学点", "学号", "姓名", "情况", "说明")
SHOWN = 10
"""Lines of one kind where a list is not what was asked for; the rest is counted."""


def eligible(
    which: Annotated[str | None, typer.Argument(metavar="[SESSION|CENTRE]", help="只看该场次或中心")] = None,
    workspace: WorkspaceOption = Path(),
    as_json: JsonOption = False,
) -> None:
    """采集对象：开拍之前点名，谁不在通知的范围内，谁的材料说不清，为什么。"""
    place = Workspace(workspace, sweep=False)
    session, centre = _which(place, which or "")
    found = look(place.store, place.folder, place.settings, session, centre)
    if as_json:
        print_json(_document(found, session, centre))
        return
    for line in filter(None, [found.lacking, *_held(found)]):
        warn(line)
    names = {one.id: one.name for one in found.campaign.centres}
    if found.found:
        print_table("采集对象", COLUMNS, [_cells(one, names) for one in found.found])
    for count in _counts(found):
        numbers = "，".join(f"{WORDS[one]} {count[one.value]} 人" for one in Standing if count[one.value])
        say(f"{names[str(count['centre'])]}：名册 {count['students']} 人，{numbers or '都在范围内'}")


def told(found: tuple[Named, ...]) -> list[str]:
    """A line for each of the first few, for a command that is about something else."""
    more = [f"…… 另有 {len(found) - SHOWN} 人，见 gradphoto campaign eligible"] if len(found) > SHOWN else []
    return [*(f"{one.name} {one.student_no} {WORDS[one.standing]}：{one.says}" for one in found[:SHOWN]), *more]


def _which(place: Workspace, which: str) -> tuple[str, str]:
    campaign = place.campaign_now
    if not which or which in {one.id for one in campaign.sessions}:
        return which, ""
    if which in {one.id for one in campaign.centres}:
        return "", which
    raise Problem(
        f"没有场次或中心 {which!r}，场次是：{' '.join(one.id for one in campaign.sessions)}；"
        f"中心是：{' '.join(one.id for one in campaign.centres)}"
    )


def _held(found: Look) -> list[str]:
    return [f"名册中有 {len(found.held)} 行没有采用，第一行是 {found.held[0].text}"] if found.held else []


def _cells(one: Named, names: dict[str, str]) -> tuple[str, ...]:
    return names[one.centre], one.student_no, one.name, WORDS[one.standing], one.says


def _counts(found: Look) -> list[dict[str, Any]]:
    """For each centre with students how many are what."""
    students = Counter(one.centre for one in found.students)
    each = Counter((one.centre, one.standing) for one in found.found)
    return [
        {"centre": one.id, "students": students[one.id], **{kind.value: each[one.id, kind] for kind in Standing}}
        for one in found.campaign.centres
        if students[one.id]
    ]


def _document(found: Look, session: str, centre: str) -> dict[str, Any]:
    return {
        "session": session or None,
        "centre": centre or None,
        "students": [one._asdict() for one in found.found],
        "centres": _counts(found),
        "held": [one.model_dump() for one in found.held],
        "lacking": found.lacking,
    }
