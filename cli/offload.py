"""`offload`: a card onto two drives or more, compared, and whether it may be formatted."""

from collections.abc import Iterable, Sequence
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Annotated, Any

import typer

from cli.ingest import SessionArgument
from cli.problem import FAULT, Problem
from cli.progress import bars
from cli.show import print_json, say, warn
from cli.workspace import JsonOption, Workspace, WorkspaceOption
from config.campaign_file import load_campaign
from config.workspace import DEFAULT_CAMPAIGN
from gradphoto.adapters.offload import Offloaded
from gradphoto.adapters.offload import offload as copy_card
from gradphoto.adapters.offload_drives import checked_drives, count_disks, shared_disks
from gradphoto.adapters.store import StoreTrouble
from gradphoto.card_manifest import write_manifest
from gradphoto.copies import CardCopy, note_copies
from gradphoto.portable import whole_drive
from gradphoto.progress import counter

SHIPPED = DEFAULT_CAMPAIGN
"""The campaign of a laptop without a workspace."""
SHOWN = 20
"""Lines of one kind; the rest is counted."""
MAY, MAY_NOT = "可以格式化", "不可格式化"


def offload(
    card: Annotated[Path, typer.Argument(metavar="CARD", help="存储卡：文件夹或盘符")],
    session: SessionArgument,
    to: Annotated[list[Path], typer.Option("--to", metavar="DRIVE", help="目标硬盘，至少给两次")],
    inbox: Annotated[bool, typer.Option("--inbox", help="同时拷入工作区的 inbox/<场次>")] = False,
    workspace: WorkspaceOption = Path(),
    as_json: JsonOption = False,
) -> None:
    """拷卡：把存储卡拷到两个硬盘，逐个文件读回核对，全部一致才说可以格式化。"""
    place = _place(workspace, inbox)
    day = _day(place, session)
    folder = place.folder / "inbox" if place and inbox else None
    card = whole_drive(card)
    drives = checked_drives(card, to, folder)
    warnings = shared_disks(card, drives)
    with bars(quiet=as_json):
        done = copy_card(card, [place / session for place in (*drives, *([folder] if folder else []))], counter)
    if done.may_format and place:
        warnings += _noted(place, session, done, drives)
    if as_json:
        print_json({"session": session, **_document(done, day, warnings)})
    else:
        _show(session, done, day, warnings)
    if not done.may_format:
        raise typer.Exit(FAULT)


def _place(workspace: Path, inbox: bool) -> Workspace | None:
    """The workspace; none on a laptop that has none, where nobody named one."""
    if workspace == Path() and not inbox and not Path("gradphoto.toml").is_file():
        return None
    return Workspace(workspace)


def _day(place: Workspace | None, session: str) -> date:
    """The session's day, by the campaign alone: a mistake in a roster must not keep a card from its copies."""
    campaign = load_campaign(place.settings.campaign, place.folder) if place else load_campaign(SHIPPED)
    days = {one.id: one.date for one in campaign.sessions}
    if session not in days:
        raise Problem(f"没有场次 {session!r}，可用的是：{' '.join(days)}")
    return days[session]


def _noted(place: Workspace, session: str, done: Offloaded, drives: Sequence[Path]) -> list[str]:
    """Put the copies on record; a store that is out of reach takes nothing from them."""
    copy = CardCopy(
        card=sha256(write_manifest(done.files)).hexdigest(),
        drives=len(drives),
        disks=count_disks(drives),
        files=len(done.files),
        bytes=done.bytes,
        contents=tuple(sorted({each.sha256 for each in done.files})),
    )
    try:
        note_copies(place.store, session, copy)
    except StoreTrouble as trouble:
        return [f"拷贝没有记入存储（{trouble}）：连上存储后再运行一次，否则 status 会说只有一份"]
    return []


def _show(session: str, done: Offloaded, day: date, warnings: Iterable[str]) -> None:
    say(f"{session}：存储卡上 {len(done.files)} 个文件，{done.bytes} 字节")
    for target in done.targets:
        fault = "" if not target.faults and not target.trouble else "，有问题"
        say(f"{target.folder}：新拷 {target.copied} 个，已有 {target.known} 个{fault}")
    for path in done.left_out:
        say(f"未拷 {path}：系统文件夹或以前的存储卡清单")
    for line in (*warnings, *_some(_gap_lines(done)), *_some(_day_lines(done, day))):
        warn(line)
    for line in _some(done.faults):
        say(f"问题 {line}")
    say(MAY if done.may_format else f"{MAY_NOT}：{len(done.faults)} 处问题，排除后再运行一次，已拷的不会重拷")


def _gap_lines(done: Offloaded) -> list[str]:
    return [
        f"编号不连续 {gap.folder}：{gap.after} 之后是 {gap.before}，缺 {gap.missing} 个，请确认是在相机里删掉的"
        for gap in done.gaps
    ]


def _day_lines(done: Offloaded, day: date) -> list[str]:
    """One line a day that is not the session's."""
    return [
        f"日期不对 {other}：{len(paths)} 个文件不是 {day} 拍的，从 {paths[0]} 到 {paths[-1]}，请核对场次和相机时钟"
        for other, paths in _other_days(done, day).items()
    ]


def _other_days(done: Offloaded, day: date) -> dict[str, Sequence[str]]:
    return {other: paths for other, paths in sorted(done.days.items()) if other != day.isoformat()}


def _some(lines: Sequence[str]) -> list[str]:
    more = [f"…… 另有 {len(lines) - SHOWN} 处，用 --json 看全部"] if len(lines) > SHOWN else []
    return [*lines[:SHOWN], *more]


def _document(done: Offloaded, day: date, warnings: Sequence[str]) -> dict[str, Any]:
    return {
        "files": len(done.files),
        "bytes": done.bytes,
        "copies": [
            {"path": str(target.folder), "copied": target.copied, "known": target.known} for target in done.targets
        ],
        "left_out": list(done.left_out),
        "gaps": [gap._asdict() for gap in done.gaps],
        "other_days": [{"day": other, "files": list(paths)} for other, paths in _other_days(done, day).items()],
        "warnings": list(warnings),
        "faults": list(done.faults),
        "may_format": done.may_format,
    }
