"""`nightly` and `rerun`: the flows, and what they came to."""

from collections.abc import Sequence
from contextlib import nullcontext
from pathlib import Path
from typing import Annotated, NoReturn

import typer

from cli.dry_run import dry_workspace, try_plan
from cli.problem import CENTRE_FAILED, Problem
from cli.progress import bars
from cli.report import show_run, warn_run
from cli.show import alarm, print_json, say, warn
from cli.workspace import JsonOption, Workspace, WorkspaceOption
from flows.asked import failed_of, night_asked, repack_asked, rerun_asked
from flows.done import Done
from flows.plan import Plan
from gradphoto.adapters.store import StoreTrouble
from gradphoto.stages.alarms import alarms_of

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
    asked = night_asked(place, sessions, map(_drilled, drill), accept_missing)
    if asked.open:
        warn(f"已过时间但没有收工的场次：{' '.join(asked.open)}。拍完的请运行 gradphoto close SESSION")
    return asked.plan


def rerun(
    centres: Annotated[list[str], typer.Argument(help="中心", metavar="CENTRE")],
    accept_missing_roster: AcceptOption = False,
    workspace: WorkspaceOption = Path(),
    as_json: JsonOption = False,
) -> None:
    """重做失败的中心：缺什么补什么，其他中心的照片包一个字节也不动。"""
    place = Workspace(workspace)
    failed = failed_of(place, centres)
    for centre in dict.fromkeys(centres):
        if centre not in failed and not as_json:
            say(f"{centre} 没有失败，保持原样")
    if failed:
        _go("rerun", rerun_asked(place, failed, accept_missing_roster), place, as_json)
    elif as_json:
        print_json({"run": None})


def centres_again(place: Workspace, centres: Sequence[str], quiet: bool) -> None:
    """Pack some centres anew from what the store holds, with the inputs of the last run; exit 3 when one fails."""
    plan = repack_asked(place, centres)
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
    alarm(f"处理失败的中心：{names}。请排除故障后运行 gradphoto {again}")
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


def _drilled(text: str) -> str:
    kind, _, centre = text.partition("=")
    if kind != "fail" or not centre:
        raise Problem(f"--drill 写作 fail=CENTRE，而不是 {text!r}")
    return centre
