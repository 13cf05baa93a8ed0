"""`campaign slots`: who comes when, as tables and posters, and who must be told when that changes."""

from math import isfinite
from pathlib import Path
from typing import Annotated

import typer

from cli.operator import operator
from cli.problem import Problem
from cli.show import print_json, say, warn
from cli.slots_move import show_move
from cli.slots_show import show_slots, slots_document
from cli.workspace import JsonOption, Workspace, WorkspaceOption
from config.campaign import Campaign
from gradphoto.adapters.lettering import Lettering
from gradphoto.adapters.slot_poster import SIZES
from gradphoto.slots_words import remarks
from gradphoto.stages.inputs_found import inputs_now
from gradphoto.stages.seasons import build_season
from gradphoto.stages.slots import Planned, Planner
from gradphoto.stages.slots_papers import refuse_unwritable, write_slots


def slots(
    only: Annotated[str | None, typer.Argument(help="场次或中心", metavar="[SESSION|CENTRE]")] = None,
    rate: Annotated[
        float | None,
        typer.Option(
            min=1, max=3600, metavar="N", help="每小时拍多少人", show_default="已通知的、场次的、实测的或活动的"
        ),
    ] = None,
    to: Annotated[Path | None, typer.Option("--to", metavar="DIR", help="写出表格和海报，并记为已通知")] = None,
    anew: Annotated[bool, typer.Option("--anew", help="全部重排，不保留已通知的时段")] = False,
    move: Annotated[
        str | None, typer.Option(metavar="CENTRE=SESSION", help="试算：把一个中心改到另一场次或日期，可加 @时:分")
    ] = None,
    paper: Annotated[str, typer.Option(metavar="a3|a4", help="海报的纸张")] = "a3",
    font: Annotated[Path | None, typer.Option(metavar="FILE", help="中文字体文件", show_default="本机的")] = None,
    workspace: WorkspaceOption = Path(),
    as_json: JsonOption = False,
) -> None:
    """分时分段：把各中心的学生排进时段；已通知的学生保留原时段。"""
    if paper not in SIZES:
        raise Problem(f"--paper {paper!r}：只能是 {' 或 '.join(SIZES)}")
    if rate is not None and not isfinite(rate):
        raise Problem(f"--rate {rate}：应为每小时拍多少人，如 90")
    place = Workspace(workspace)
    inputs = inputs_now(place.folder, place.settings)
    planner = Planner(place.store, build_season(place.store, inputs), rate, anew)
    for held in inputs.register.held:
        warn(f"未使用：{held.text}")
    if move is not None:
        if to is not None or only is not None:
            raise Problem("--move 只是试算，不写文件，也不和场次、中心或 --to 一起用")
        show_move(planner, move, as_json)
        return
    centres = chosen(inputs.campaign, only)
    found = {centre: planner.planned(centre) for centre in centres}
    files = _written(place, planner, found, to, paper, font) if to else []
    told = remarks(inputs.campaign, {centre: one.plan for centre, one in found.items()}, planner.measured)
    if as_json:
        print_json(slots_document(inputs.campaign, found, told, files))
        return
    show_slots(planner, found, files)
    for line in told:
        warn(line)
    for path in files:
        say(str(path))


def chosen(campaign: Campaign, only: str | None) -> list[str]:
    """The centres that are meant: those of a session, the one that is named, or all that have a window."""
    centres = [one.id for one in campaign.centres]
    if only in centres:
        return [only]
    sessions = {one.id: one for one in campaign.sessions}
    if only is not None and only not in sessions:
        raise Problem(f"没有场次或中心 {only!r}：gradphoto campaign show 列出全部")
    wanted = {only} if only else set(sessions)
    own = {window.centre for id_ in wanted for window in sessions[id_].windows}
    return [centre for centre in centres if centre in own or only is None]


def _written(
    place: Workspace,
    planner: Planner,
    found: dict[str, Planned],
    to: Path,
    paper: str,
    font: Path | None,
) -> list[Path]:
    """Put on record and write the centres that have students; `found` gets what was put on record."""
    letters, who = Lettering(font), operator(place)
    refuse_unwritable(to)
    paths: list[Path] = []
    for centre in [centre for centre, one in found.items() if one.students]:
        found[centre] = planner.tell(centre, who, place.now)
        written = write_slots(planner.campaign, found[centre], to, letters, "a4" if paper == "a4" else "a3")
        paths.extend(written.paths)
        for no in written.unprintable:
            warn(f"学号 {no}：姓名中有字体里没有的字，海报上留了空")
    return paths
