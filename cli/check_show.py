"""What `check` says at the end: a table, whom to call, who is still to come; or the same as one document."""

from collections.abc import Iterable
from typing import Any

from cli.show import print_table, say, warn
from gradphoto.stages.watching import Venue
from gradphoto.venue import KINDS, Awaited, Person, Report, Trouble

COLUMNS = ("问题", "学生", "时间", "文件", "说明", "现在怎么办")
MOST = 10
"""Files of one trouble, and students of one window, that are named on the screen."""


def document(report: Report, venue: Venue, lacking: str) -> dict[str, Any]:
    """The JSON of a check."""
    return {
        **report.model_dump(mode="json"),
        "growing": list(venue.growing),
        "refused": [{"path": each.path, "reason": each.reason} for each in venue.refused],
        "held": [held.text for held in venue.season.held_rows],
        "lacking": lacking,
    }


def show_warnings(venue: Venue, lacking: str) -> None:
    """What the report does not know, on standard error."""
    lines = [lacking] if lacking else []
    lines += [f"没有看 {each.path}：{each.reason}" for each in venue.refused]
    lines += [f"没有看 {path}：还在写入，请稍后再检查一次" for path in venue.growing]
    for line in [*lines, *(f"未使用：{held.text}" for held in venue.season.held_rows)]:
        warn(line)


def show_report(report: Report) -> None:
    """For people."""
    if report.troubles:
        print_table(f"{report.session}：{len(report.troubles)} 处问题", COLUMNS, map(_row, report.troubles))
        names = "、".join(one.text for one in report.call_back)
        say(f"请叫回 {len(report.call_back)} 人：{names}" if names else "没有要叫回的人，请核对以上文件")
    for awaited in report.expected:
        say(_awaited(awaited))
    if report.waiting:
        say(f"在排队的 {len(report.waiting)} 人：{_some(report.waiting)}")
    counts = f"{report.files} 个文件，{report.portraits} 张人像，{report.photographed} 名学生已有合格照片"
    say(f"{report.session}：{counts}" if report.troubles else f"{report.session}：{counts}，没有发现问题")


def whose(trouble: Trouble) -> str:
    """Whom a trouble concerns, in a cell."""
    if trouble.person:
        return trouble.person.text
    return f"可能是 {'、'.join(one.text for one in trouble.may_be)}" if trouble.may_be else ""


def _row(trouble: Trouble) -> tuple[str, ...]:
    more = [f"等 {len(trouble.files)} 个"] if len(trouble.files) > MOST else []
    files = "\n".join([*trouble.files[:MOST], *more])
    return (KINDS[trouble.kind], whose(trouble), trouble.at, files, trouble.says, trouble.todo)


def _awaited(awaited: Awaited) -> str:
    window = f"{awaited.centre} {awaited.start}—{awaited.end}"
    many, names = len(awaited.students), _some(awaited.students)
    if awaited.over:
        return f"{window}：{many} 人时段已过，没有来：{names}"
    return f"{window}：{many} 人还没有来：{names}"


def _some(people: Iterable[Person]) -> str:
    names = [one.text for one in people]
    said = "、".join(names[:MOST])
    return f"{said} 等 {len(names)} 人" if len(names) > MOST else said
