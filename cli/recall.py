"""`recall`: a picture under a wrong name is frozen with those round it, and bundles that hold it are blocked."""

from pathlib import Path
from typing import Annotated, Any

import typer

from cli.night import centres_again
from cli.operator import operator
from cli.problem import Problem
from cli.show import print_json, print_table, say
from cli.workspace import JsonOption, Workspace, WorkspaceOption
from gradphoto.decision import Decision
from gradphoto.stages.decide import Overtaken, take_decision
from gradphoto.stages.recall import recalling, stale
from gradphoto.stages.recall_where import Recalled, Sent, where

COLUMNS = ("学号", "中心", "照片", "文件", "已停用版本", "下载记录", "导出记录", "包裹", "须重印")


def recall(
    student: Annotated[str, typer.Argument(metavar="STUDENT", help="学号")],
    reason: Annotated[str, typer.Option(help="原因")],
    workspace: WorkspaceOption = Path(),
    as_json: JsonOption = False,
) -> None:
    """召回：照片不是本人的，冻结前后的照片，停用含有它们的版本，列出去向。"""
    number, new = _decided(Workspace(workspace), student, reason)
    place = Workspace(workspace)
    centres = stale(place.store, place.season)
    try:
        if centres:
            centres_again(place, centres, quiet=as_json)
    finally:
        _show(Workspace(workspace), number, new, centres, as_json)


def _decided(place: Workspace, student: str, reason: str) -> tuple[int, bool]:
    """The number of the decision, and whether it is a new one."""
    season = place.season
    wanted = recalling(place.store, season, student, reason)
    if wanted.stands:
        return wanted.stands.number, False
    last = season.last_decision
    who = operator(place)
    try:
        return take_decision(place.store, who, place.now, after=last, **wanted.what), True
    except Overtaken as trouble:
        raise Problem(f"刚刚有人对这张照片作了决定 {trouble.other.number}：请查看后再运行一次") from None


def _show(place: Workspace, number: int, new: bool, centres: list[str], as_json: bool) -> None:
    (decision,) = (one for one in place.season.decisions if one.number == number)
    rows = where(place.store, place.season, decision)
    versions = {centre: place.bundles[centre].version for centre in centres if centre in place.bundles}
    if as_json:
        print_json(_document(decision, new, rows, versions))
        return
    print_table("召回：冻结的照片和去向", COLUMNS, [_cells(row) for row in rows])
    for row in rows:
        if row.print_again:
            say(f"须重印：学号 {row.student_no}（{'、'.join(one.number for one in row.parcels if one.sheet)}）")
    for centre, version in versions.items():
        say(f"{centre} 现为第 {version} 版照片包")
    said = "已记录" if new else "此前已记录，没有新的决定"
    say(f"召回决定 {number} {said}。核对后用 gradphoto review choose、assign 或 reject 逐张决定")


def _document(decision: Decision, new: bool, rows: list[Recalled], versions: dict[str, int]) -> dict[str, Any]:
    return {
        "decision": decision.number,
        "new": new,
        "student_no": decision.student_no,
        "reason": decision.reason,
        "captures": [row.model_dump(mode="json") for row in rows],
        "print_again": sorted({row.student_no for row in rows if row.print_again and row.student_no}),
        "packed": [{"centre": centre, "version": version} for centre, version in versions.items()],
    }


def _cells(row: Recalled) -> tuple[object, ...]:
    blocked = [one for one in row.versions if one.blocked]
    taken = [f"{one.centre} 第{one.version}版 {at}" for one in row.versions for at in one.downloads]
    exported = [f"{one.profile} {one.file} {one.at}" for one in row.exports]
    sent = [f"{one.number}（{_stands(one)}）" for one in row.parcels]
    return (
        row.student_no,
        row.centre,
        row.sha256[:12],
        row.path,
        "、".join(f"{one.centre} 第{one.version}版" for one in blocked),
        "；".join(taken),
        "；".join(exported),
        "；".join(sent),
        "是" if row.print_again else "",
    )


def _stands(one: Sent) -> str:
    """How far a parcel is: on which sheet, and what happened to it since."""
    sheet = f"快递表{one.sheet}" if one.sheet else "尚未寄出"
    return "，".join(filter(None, (sheet, one.stands, one.waybill)))
