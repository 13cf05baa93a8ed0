"""`campaign readiness`: what is still open at the venues and by when, and who signed for what."""

from pathlib import Path
from typing import Annotated

import typer

from cli.ingest import SessionArgument
from cli.meant import meant
from cli.problem import Problem
from cli.readiness_show import readiness_document, show_readiness
from cli.show import print_json, say
from cli.workspace import JsonOption, Workspace, WorkspaceOption
from config.campaign import EVERY_CENTRE, Campaign, Session
from gradphoto.adapters.lettering import Lettering
from gradphoto.readiness import Duty, whose
from gradphoto.stages.close import closed_sessions
from gradphoto.stages.readiness import Wanted, readiness, sign_for, write_sheets

SHOW = "show"
"""The command that is meant where none is named."""


app = typer.Typer(cls=meant(SHOW), help="准备清单：各场次还有什么没有办、谁签了字；签字")


@app.command(SHOW)
def show(
    only: Annotated[str | None, typer.Argument(help="场次或中心", metavar="[SESSION|CENTRE]")] = None,
    to: Annotated[Path | None, typer.Option("--to", metavar="DIR", help="写出现场用的清单，PDF")] = None,
    font: Annotated[Path | None, typer.Option(metavar="FILE", help="中文字体文件", show_default="本机的")] = None,
    workspace: WorkspaceOption = Path(),
    as_json: JsonOption = False,
) -> None:
    """准备清单：还没有签字的，按剩下的天数；已经收工的场次不列。"""
    place = Workspace(workspace)
    campaign, today = place.campaign_now, place.local_time.date()
    sessions = _chosen(campaign, only, closed_sessions(place.store, [one.id for one in campaign.sessions]))
    every = _of_centre(readiness(place.store, campaign, sessions), campaign, only)
    files = write_sheets(place.store, campaign, sessions, to, Lettering(font)) if to else []
    if as_json:
        print_json(readiness_document(campaign, sessions, every, today, files))
        return
    show_readiness(campaign, every, today, only is not None)
    for path in files:
        say(str(path))


@app.command()
def sign(
    session: SessionArgument,
    items: Annotated[list[str], typer.Argument(metavar="ITEM…", help="项目，如 doors curtains")],
    who: Annotated[str, typer.Option(metavar="NAME", help="谁签字", show_default="设置中的 operator")] = "",
    centre: Annotated[str, typer.Option(metavar="CENTRE", help="由教学点签的项目：哪个教学点")] = "",
    note: Annotated[str, typer.Option(metavar="TEXT", help="备注；负责人一项须写姓名和电话")] = "",
    undo: Annotated[bool, typer.Option("--undo", help="撤回签字")] = False,
    workspace: WorkspaceOption = Path(),
    as_json: JsonOption = False,
) -> None:
    """签字：这一场的这些项目已经办妥；记下谁、何时，可以撤回。"""
    place = Workspace(workspace)
    named, campaign = who.strip() or place.settings.operator, place.campaign_now
    if not named:
        raise Problem("请用 --who 写明谁签字，或在 gradphoto.toml 中填写 operator")
    if centre and centre != EVERY_CENTRE:
        place.centre(centre)
    wanted = Wanted(items, centre, " ".join(note.split()), undo)
    at = place.local_time.isoformat(timespec="seconds")
    changed = sign_for(place.store, campaign, campaign.session(place.session(session)), wanted, named, at)
    if as_json:
        print_json(
            {"session": session, "undo": undo, "signed": [[one.item.id, one.centre or None] for one in changed]}
        )
        return
    for one in changed:
        say(f"{session} {one.item.id} {whose(campaign, one)} {'已撤回' if undo else '已签字'}：{named}")
    if not changed:
        say("早已由同一人签字，无需重复")


def _chosen(campaign: Campaign, only: str | None, over: set[str]) -> list[Session]:
    """The session that is named; else those that are not over, of one centre those where it has a window."""
    if only is None:
        return [one for one in campaign.sessions if one.id not in over]
    named = [one for one in campaign.sessions if one.id == only]
    if named or only in {one.id for one in campaign.centres}:
        here = [one for one in campaign.sessions if only in {window.centre for window in one.windows}]
        return named or [one for one in here if one.id not in over]
    raise Problem(f"没有场次或中心 {only!r}：gradphoto campaign show 列出全部")


def _of_centre(every: list[Duty], campaign: Campaign, only: str | None) -> list[Duty]:
    """For a centre its own items and those of the whole session."""
    if only not in {one.id for one in campaign.centres}:
        return every
    return [duty for duty in every if duty.centre in ("", only)]
