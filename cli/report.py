"""The closing tables of a run on the screen."""

from collections.abc import Sequence

from cli.show import print_table, say, warn
from cli.status import CENTRE_COLUMNS, SESSION_COLUMNS, centre_rows, session_rows
from cli.workspace import Workspace
from flows.done import Done
from gradphoto.alarms import alarm_lines
from gradphoto.inputs.problems import Held
from gradphoto.stages.standing import overview

MOST = 20
"""Rows that are named on the screen; the report names all."""
RESULT_WORDS = {"packaged": "新版本", "unchanged": "无变化", "failed": "处理失败"}


def show_run(place: Workspace, done: Done) -> None:
    """The alarms, the run's sessions and centres, and what somebody must look at."""
    told = overview(place.store, lambda: place.season)
    status, done_now = told.status, {one.session for one in done.run.sessions}
    touched = {one.centre: one for one in done.run.centres}
    for line in alarm_lines([alarm for alarm in told.alarms if alarm.session in done_now]):
        say(line)
    sessions = [one for one in status.sessions if one.id in done_now]
    print_table("场次", SESSION_COLUMNS, session_rows(sessions))
    rows = [
        (*row, RESULT_WORDS[touched[centre.id].result])
        for centre, row in zip(status.centres, centre_rows(status.centres), strict=True)
        if centre.id in touched
    ]
    print_table("中心", (*CENTRE_COLUMNS, "本次"), rows)
    pending = sum(one.states["pending"] for one in sessions)
    if pending:
        say(f"有 {pending} 个文件待人工核对：gradphoto review list")
    if done.report:
        say(f"报告和寄送清单：{done.report}")


def warn_run(held: Sequence[Held], done: Done) -> None:
    """On standard error, also beside JSON: remarks, files that were not taken in, rows that were not used."""
    for line in [*done.remarks, *_left_out(done), *_held(held)]:
        warn(line)


def _left_out(done: Done) -> list[str]:
    refused = [f"{one.session} 未收 {each}" for one in done.run.sessions for each in one.refused]
    growing = [f"{one.session} 未收 {each}：还在复制中" for one in done.run.sessions for each in one.growing]
    return refused + growing


def _held(held: Sequence[Held]) -> list[str]:
    more = [f"另有 {len(held) - MOST} 行未使用，见报告"] if len(held) > MOST else []
    return [f"未使用：{row.text}" for row in held[:MOST]] + more
