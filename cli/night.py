"""`nightly` and `rerun`: the flows, and what they came to."""

from collections.abc import Collection, Sequence
from contextlib import nullcontext
from datetime import datetime
from pathlib import Path
from typing import Annotated, NoReturn
from zoneinfo import ZoneInfo

import typer

from cli.dry_run import dry_workspace, try_plan
from cli.problem import CENTRE_FAILED, Problem
from cli.progress import bars
from cli.report import show_run, warn_run
from cli.show import err, print_json, say, warn
from cli.workspace import JsonOption, Workspace, WorkspaceOption
from config.campaign import Campaign
from flows.order import Done
from flows.plan import Plan
from gradphoto.adapters.room import refuse_shortage
from gradphoto.adapters.store import StoreTrouble
from gradphoto.records import originals
from gradphoto.stages.alarms import alarms_of
from gradphoto.stages.close import closed_sessions
from gradphoto.stages.ingest import has_news
from gradphoto.stages.purge_papers import complete_purges
from gradphoto.stages.room import night_needs
from gradphoto.stages.runs import good_inputs, last_outcomes, runs, session_digest
from gradphoto.stages.season import load_season
from gradphoto.stages.snapshot import newest_snapshot, take_snapshot
from gradphoto.stages.todo import sessions_of

AcceptOption = Annotated[bool, typer.Option("--accept-missing-roster", help="确认不见了的名册文件已不再需要")]


def nightly(
    sessions: Annotated[
        list[str] | None, typer.Argument(help="场次", metavar="SESSION", show_default="已收工且有变化的")
    ] = None,
    drill: Annotated[list[str] | None, typer.Option(help="演练：fail=CENTRE 使该中心打包失败")] = None,
    accept_missing_roster: AcceptOption = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="试运行：只说会有什么变化，什么都不写入")] = False,
    workspace: WorkspaceOption = Path(),
    as_json: JsonOption = False,
) -> None:
    """夜间流程：收片、识读、匹配、制作、打包、寄送清单、报告。"""
    with dry_workspace(workspace) if dry_run else nullcontext(Workspace(workspace)) as place:
        plan = _asked(place, sessions or [], drill or [], accept_missing_roster)
        if plan is None:
            print_json({"run": None}) if as_json else say("没有需要处理的场次：收工的场次都没有变化")
        elif dry_run:
            try_plan(plan, place, as_json)
        else:
            _go("nightly", plan, place, as_json)


def _asked(place: Workspace, sessions: Sequence[str], drill: Sequence[str], accept_missing: bool) -> Plan | None:
    """The plan of a night; None when nothing changed."""
    drilled = [place.centre(_drilled(each)) for each in drill]
    wanted = [place.session(session) for session in dict.fromkeys(sessions)]
    for session in wanted:
        _refuse_empty(place, session)
    complete_purges(place.store, place.papers)
    _refuse_shortage(place, wanted or _closed(place, place.campaign_now))
    snapshot = take_snapshot(place.store, place.folder, place.settings, accept_missing)
    if not sessions:
        wanted = _closed_and_changed(place, snapshot)
    return _plan(place, snapshot, wanted, drill=drilled) if wanted else None


def rerun(
    centres: Annotated[list[str], typer.Argument(help="中心", metavar="CENTRE")],
    accept_missing_roster: AcceptOption = False,
    workspace: WorkspaceOption = Path(),
    as_json: JsonOption = False,
) -> None:
    """重做失败的中心：缺什么补什么，其他中心的照片包一个字节也不动。"""
    place = Workspace(workspace)
    asked = [place.centre(centre) for centre in dict.fromkeys(centres)]
    complete_purges(place.store, place.folder)
    outcomes = last_outcomes(runs(place.store))
    failed = [one for one in asked if one in outcomes and outcomes[one].result == "failed"]
    for centre in asked:
        if centre not in failed and not as_json:
            say(f"{centre} 没有失败，保持原样")
    if not failed:
        print_json({"run": None}) if as_json else None
        return
    now = place.campaign_now
    _refuse_shortage(place, {session for centre in failed for session in sessions_of(now, centre)}, failed)
    snapshot = take_snapshot(place.store, place.folder, place.settings, accept_missing_roster)
    campaign = load_season(place.store, snapshot).inputs.campaign
    sessions = {session for centre in failed for session in sessions_of(campaign, centre)}
    wanted = [one.id for one in campaign.sessions if one.id in sessions and _has_files(place, one.id)]
    _go("rerun", _plan(place, snapshot, wanted, centres=failed), place, as_json)


def centres_again(place: Workspace, centres: Sequence[str], quiet: bool) -> None:
    """Pack some centres anew from what the store holds, with the inputs of the last run; exit 3 when one fails."""
    plan = _plan(place, newest_snapshot(place.store), (), centres=centres)
    done = _start("rerun", plan, quiet)
    if done.run.failed:
        _end_failed(plan, done)


def _start(flow: str, plan: Plan, quiet: bool) -> Done:
    from flows.start import start  # Prefect takes a second to import, which only these commands need

    with bars(quiet=quiet):
        return start(flow, plan)


def _go(flow: str, plan: Plan, place: Workspace, as_json: bool) -> None:
    done = _start(flow, plan, as_json)
    after = Workspace(place.folder)
    try:
        _show(after, done, as_json)
    except StoreTrouble as trouble:
        if not done.run.failed:
            raise
        warn(f"结果未能列出：{trouble}")
    if done.run.failed:
        _end_failed(plan, done)


def _end_failed(plan: Plan, done: Done) -> NoReturn:
    names = " ".join(outcome.centre for outcome in done.run.failed)
    known = done.number or plan.centres  # `rerun` goes by the record of a failure
    again = f"rerun {names}" if known else f"nightly {' '.join(plan.sessions)}"
    err.print(f"[red]处理失败的中心：{names}[/red]。请排除故障后运行 gradphoto {again}")
    raise typer.Exit(CENTRE_FAILED)


def _show(after: Workspace, done: Done, as_json: bool) -> None:
    if as_json:
        run, held = done.run.model_dump(mode="json"), [row.model_dump() for row in after.season.held]
        found = alarms_of(after.season, [one.session for one in done.run.sessions])
        told = {"alarms": [alarm.model_dump() for alarm in found], "remarks": done.remarks, "held": held}
        print_json({"run": done.number, **run, "report": done.report, **told})
    else:
        show_run(after, done)
    warn_run(after.season.held, done)


def _plan(place: Workspace, snapshot: int, sessions: Sequence[str], **more: Sequence[str]) -> Plan:
    return Plan(
        workspace=str(place.papers),
        store=place.store_url,
        snapshot=snapshot,
        sessions=tuple(sessions),
        workers=place.settings.workers,
        shard_size=place.settings.shard_size,
        **{key: tuple(value) for key, value in more.items()},
    )


def _drilled(text: str) -> str:
    kind, _, centre = text.partition("=")
    if kind != "fail" or not centre:
        raise Problem(f"--drill 写作 fail=CENTRE，而不是 {text!r}")
    return centre


def _has_files(place: Workspace, session: str) -> bool:
    inbox = place.folder / "inbox" / session
    return inbox.is_dir() or bool(originals(place.store, session))


def _refuse_empty(place: Workspace, session: str) -> None:
    if not _has_files(place, session):
        raise Problem(f"场次 {session} 没有文件：请先把存储卡的内容放进 inbox/{session}/")


def _closed_and_changed(place: Workspace, snapshot: int) -> list[str]:
    """The closed sessions whose inputs differ from their last good run, in the campaign's order."""
    campaign = load_season(place.store, snapshot).inputs.campaign
    closed = _closed(place, campaign)
    _warn_open(campaign, closed)
    season, done = load_season(place.store, snapshot), good_inputs(runs(place.store))
    return [
        session.id
        for session in campaign.sessions
        if session.id in closed
        and (_has_news(place, session.id) or done.get(session.id) != session_digest(season, session.id))
    ]


def _closed(place: Workspace, campaign: Campaign) -> set[str]:
    return closed_sessions(place.store, [session.id for session in campaign.sessions])


def _refuse_shortage(place: Workspace, sessions: Collection[str], centres: Sequence[str] = ()) -> None:
    """Before anything is written, the snapshot too."""
    refuse_shortage(night_needs(place.store, place.campaign_now, place.folder, sessions, centres))


def _has_news(place: Workspace, session: str) -> bool:
    inbox = place.folder / "inbox" / session
    return inbox.is_dir() and has_news(place.store, session, inbox, f"inbox/{session}")


def _warn_open(campaign: Campaign, closed: set[str]) -> None:
    now = datetime.now(ZoneInfo(campaign.timezone)).replace(tzinfo=None)
    over = [
        session.id
        for session in campaign.sessions
        if session.id not in closed and max((window.end for window in session.windows), default=now) < now
    ]
    if over:
        warn(f"已过时间但没有收工的场次：{' '.join(over)}。拍完的请运行 gradphoto close SESSION")
