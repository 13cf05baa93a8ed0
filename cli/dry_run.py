"""`nightly --dry-run`: what a night would change, on the screen or as JSON; nothing of it is kept."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import typer

from cli.problem import CENTRE_FAILED
from cli.progress import bars
from cli.report import RESULT_WORDS, warn_run
from cli.show import alarm, print_json, print_table, say
from cli.workspace import Workspace
from flows.plan import Plan
from gradphoto.adapters.store import open_store
from gradphoto.alarms import alarm_lines
from gradphoto.dry_run import CentreChange, Changes
from gradphoto.stages.alarms import alarms_of

CHANGE_WORDS = {"added": "新增", "replaced": "更换", "removed": "移除"}


@contextmanager
def dry_workspace(folder: Path) -> Iterator[Workspace]:
    """The workspace with an overlay for its store; what a night writes for people goes the same way."""
    from flows.dry_run import stand_in  # Prefect takes a second to import, which only these commands need

    place = Workspace(folder, sweep=False)
    place.season  # noqa: B018  (as it stands, before anything is tried)
    with stand_in(place.folder, place.store_url) as instead:
        place.store_url, place.papers = instead.store, instead.workspace
        place.store = open_store(place.store_url, place.papers)
        yield place


def try_plan(plan: Plan, place: Workspace, as_json: bool) -> None:
    """Try a night and tell what it would change; exit code 3 when a centre would fail."""
    from flows.dry_run import try_night

    with bars(quiet=as_json):
        tried = try_night(plan, place.season)
    found = alarms_of(tried.season, plan.sessions)
    if as_json:
        told = {"alarms": [alarm.model_dump() for alarm in found], "remarks": tried.done.remarks}
        held = [row.model_dump() for row in tried.season.held]
        print_json({"dry_run": True, **tried.changes.model_dump(mode="json"), **told, "held": held})
    else:
        for line in alarm_lines(found):
            say(line)
        _show(tried.changes)
    warn_run(tried.season.held, tried.done)
    if tried.done.run.failed:
        names = " ".join(outcome.centre for outcome in tried.done.run.failed)
        alarm(f"试运行中处理失败的中心：{names}")
        raise typer.Exit(CENTRE_FAILED)


def _show(changes: Changes) -> None:
    sessions = [
        (one.session, len(one.files), len(one.refused) + len(one.growing), one.reason) for one in changes.sessions
    ]
    print_table("场次", ("场次", "将收文件", "不收", "故障"), sessions)
    files = [(one.session, path) for one in changes.sessions for path in one.files]
    _table("将收的文件", ("场次", "文件"), files)
    print_table("中心", ("中心", "结果", "版本", "新增", "更换", "移除", "原因"), map(_centre, changes.centres))
    pictures = [
        (one.centre, each.student_no, CHANGE_WORDS[each.change], each.session, each.path)
        for one in changes.centres
        for each in one.pictures
    ]
    _table("照片的变化", ("中心", "学号", "变化", "场次", "文件"), pictures)
    waiting = [(one.session, one.path, one.student_no, one.says) for one in changes.pending]
    _table("将待人工核对的文件", ("场次", "文件", "学号", "原因"), waiting)
    say("以上是试运行：什么都没有写入。去掉 --dry-run 即照此运行")


def _centre(one: CentreChange) -> tuple[object, ...]:
    counts = (sum(each.change == change for each in one.pictures) for change in CHANGE_WORDS)
    return (one.centre, RESULT_WORDS[one.result], one.version or None, *counts, one.reason)


def _table(title: str, columns: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    if rows:
        print_table(title, columns, rows)
