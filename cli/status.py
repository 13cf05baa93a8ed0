"""`status` and `captures`: where everything stands, answered from the store."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from cli.parcels_table import PARCEL_COLUMNS, parcel_rows
from cli.problem import Problem
from cli.show import print_json, print_table, say, warn
from cli.workspace import JsonOption, Workspace, WorkspaceOption
from gradphoto.alarms import alarm_lines
from gradphoto.matching.entry import Entry
from gradphoto.shipment import Shipment
from gradphoto.stages.standing import overview
from gradphoto.states import CENTRE_WORDS, FILE_WORDS
from gradphoto.status import CentreStatus, SessionStatus, Status

SESSION_COLUMNS = ("场次", "收工", "文件", *FILE_WORDS.values())
CENTRE_COLUMNS = (
    "中心",
    "名称",
    "应采",
    "已入包",
    "待核对",
    "须重拍",
    "未采集",
    "不在范围",
    "已撤回",
    "状态",
    "版本",
    "已翻看",
    "已召回",
    "原因",
    "下发",
)


def status(
    only: Annotated[str | None, typer.Argument(help="场次或中心", metavar="[SESSION|CENTRE]")] = None,
    workspace: WorkspaceOption = Path(),
    as_json: JsonOption = False,
) -> None:
    """进度：各场次的文件、各中心的学生和照片包现在怎样。"""
    place = Workspace(workspace)
    whole = overview(place.store, lambda: place.season)
    found = _only(whole.status, only)
    shown = {one.id for one in found.sessions}
    for session in (each for each in whole.single if each in shown):
        warn(f"{session} 只有一份：请用 gradphoto offload 把存储卡拷到两个硬盘")
    told = [alarm for alarm in whole.alarms if alarm.session in shown] if only or as_json else []
    if as_json:
        makeup = whole.makeup.document if whole.makeup else None
        alarms = [alarm.model_dump() for alarm in told]
        print_json({**found.model_dump(mode="json"), "alarms": alarms, "makeup": makeup})
        return
    for line in alarm_lines(told):
        say(line)
    if found.sessions:
        print_table("场次", SESSION_COLUMNS, session_rows(found.sessions))
    if found.centres:
        print_table("中心", CENTRE_COLUMNS, centre_rows(found.centres))
    for centre in found.centres if only else ():
        _tell_shipment(centre)
    if whole.makeup and not only:
        say(whole.makeup.alarm or whole.makeup.line)


def captures(
    session: Annotated[str, typer.Argument(help="场次", metavar="SESSION")],
    workspace: WorkspaceOption = Path(),
    as_json: JsonOption = False,
) -> None:
    """文件清单：该场次的每个文件是什么状态、是谁的、凭什么。"""
    place = Workspace(workspace)
    entries = place.ledger.of_session(place.session(session))
    if as_json:
        print_json({"session": session, "captures": [_capture(place, entry) for entry in entries]})
        return
    rows = [(entry.original.path, FILE_WORDS[entry.state], entry.student_no, _why(entry)) for entry in entries]
    print_table(session, ("文件", "状态", "学号", "原因"), rows)


def session_rows(sessions: Iterable[SessionStatus]) -> list[Sequence[object]]:
    """Table rows under `SESSION_COLUMNS`."""
    return [
        (one.id, "是" if one.closed else "", one.total, *(one.states[state] for state in FILE_WORDS))
        for one in sessions
    ]


def centre_rows(centres: Iterable[CentreStatus]) -> list[Sequence[object]]:
    """Table rows under `CENTRE_COLUMNS`."""
    return [
        (
            one.id,
            one.name,
            *(one.expected, one.delivered, one.pending, one.rejected, one.missing, one.ineligible, one.withdrawn),
            CENTRE_WORDS[one.state],
            one.bundle.version if one.bundle else None,
            "是" if one.bundle and one.bundle.reviewed else "",
            "含已召回的照片" if one.bundle and one.bundle.blocked else "",
            one.reason,
            shipment_word(one.shipment),
        )
        for one in centres
    ]


def shipment_word(shipment: Shipment) -> str:
    """When a centre gets its photos, and how many of its parcels are on their way, in few words."""
    parcels = shipment.going
    sent, received = sum(bool(one.sent) for one in parcels), sum(bool(one.received) for one in parcels)
    counts = f"寄出{sent}/{len(parcels)} 收到{received}" if sent else f"包裹{len(parcels)}" if parcels else ""
    return " ".join(filter(None, [shipment.date or "待通知", counts]))


def _tell_shipment(centre: CentreStatus) -> None:
    """When one centre gets its photos, and each of its parcels."""
    say(f"{centre.name}：{centre.shipment.word}")
    if centre.shipment.parcels:
        print_table("包裹", PARCEL_COLUMNS, parcel_rows(centre.id, centre.shipment))


def _only(found: Status, only: str | None) -> Status:
    if only is None:
        return found
    sessions = tuple(one for one in found.sessions if one.id == only)
    centres = tuple(one for one in found.centres if one.id == only)
    if not sessions and not centres:
        raise Problem(f"没有场次或中心 {only!r}：gradphoto status 列出全部")
    return found.model_copy(update={"sessions": sessions, "centres": centres})


def _capture(place: Workspace, entry: Entry) -> dict[str, Any]:
    original, student_no = entry.original, entry.student_no
    student = place.inputs.register.students.get(student_no or "")
    return {
        "path": original.path,
        "source": original.source,
        "sha256": original.sha256,
        "bytes": original.size,
        "state": entry.state.value,
        "student_no": student_no,
        "students": list(entry.students),
        "centre": student.centre if student else None,
        "reasons": [reason.code for reason in entry.reasons],
        "notes": [note.code for note in entry.notes],
        "evidence": [{"kind": each.kind, "says": each.says, "ref": each.ref} for each in entry.evidence],
    }


def _why(entry: Entry) -> str:
    return "；".join(reason.text for reason in (*entry.reasons, *entry.notes))
