"""`shipments slips`, `seal`, `sent`, `received`, `cancel`: what is done with parcels, one after the other."""

import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Annotated

import typer

from cli.operator import operator
from cli.problem import FAULT, Problem
from cli.show import print_json, say, warn
from cli.workspace import JsonOption, Workspace, WorkspaceOption
from gradphoto.addresses import CHANGED
from gradphoto.shipment import ParcelStanding
from gradphoto.shipping_rules import Verdict
from gradphoto.shipping_rules import day as checked_day
from gradphoto.stages.addresses import addresses_now, addresses_of
from gradphoto.stages.shipments import shipments_of
from gradphoto.stages.slips import write_slips
from gradphoto.stages.stock import Said, cancel_parcel, note_received, note_sent
from gradphoto.stages.stock import seal as seal_parcel

RIGHT, WRONG = "对", "不对"
WantedArgument = Annotated[
    list[str] | None, typer.Argument(metavar="[CENTRE|PARCEL]…", help="中心或包裹", show_default="未寄出的全部")
]
NamesArgument = Annotated[list[str], typer.Argument(metavar="CENTRE|PARCEL…", help="包裹，或中心的全部包裹")]
DateOption = Annotated[str | None, typer.Option("--date", metavar="DATE", help="哪一天", show_default="今天")]


def slips(
    wanted: WantedArgument = None,
    to: Annotated[
        Path | None, typer.Option("--to", metavar="DIR", help="目标文件夹", show_default="工作区的 manifests/")
    ] = None,
    font: Annotated[Path | None, typer.Option(metavar="FILE", help="中文字体文件")] = None,
    workspace: WorkspaceOption = Path(),
    as_json: JsonOption = False,
) -> None:
    """装箱单：每个包裹一份PDF（条形码、名单），外箱标签和交寄清单。"""
    place = Workspace(workspace)
    addresses = addresses_of(addresses_now(place.store, place.inputs))
    folder = (to or place.folder / "manifests").absolute()
    made = write_slips(place.store, place.campaign, addresses, wanted or [], folder, font)
    for line in made.left_out:
        warn(line)
    for one in made.unprintable:
        warn(f"学号 {one.student_no} 的姓名有字体中没有的字（{one.codes}），请手写")
    if as_json:
        print_json({"files": list(map(str, made.paths)), "parcels": made.parcels, "left_out": made.left_out})
        return
    for path in made.paths:
        say(str(path))
    if not made.parcels:
        say("没有要装箱的包裹")


def seal(
    slip: Annotated[str | None, typer.Argument(metavar="[SLIP]", help="装箱单上的条形码")] = None,
    waybill: Annotated[str | None, typer.Argument(metavar="[WAYBILL]", help="运单号")] = None,
    workspace: WorkspaceOption = Path(),
    as_json: JsonOption = False,
) -> None:
    """核对封箱：先扫装箱单，再扫运单；说 对 才封箱。不写参数就连续扫，空行略过，Ctrl-D 结束。"""
    if slip and not waybill:
        raise Problem("请写明装箱单和运单两个码，或都不写、用扫码枪连续扫")
    place = Workspace(workspace)
    pairs = iter([(slip, waybill)]) if slip and waybill else _scanned(quiet=as_json)
    known = addresses_now(place.store, place.inputs)
    moved = {parcel for one in known.values() for parcel in one.parcels}
    verdicts: list[Verdict] = []
    for one, two in pairs:
        verdict = seal_parcel(place.store, one, two, Said(operator(place), place.now))
        verdicts.append(verdict)
        if not as_json:
            say(f"{RIGHT if verdict.right else WRONG}  {verdict.says}")
            sys.stdout.flush()
        if verdict.right and verdict.parcel in moved:
            warn(f"包裹 {verdict.parcel} {CHANGED}")
    if as_json:
        print_json({"scans": [_verdict(one) for one in verdicts]})
    if _left_wrong(verdicts):
        raise typer.Exit(FAULT)


def sent(
    names: NamesArgument,
    date: DateOption = None,
    workspace: WorkspaceOption = Path(),
    as_json: JsonOption = False,
) -> None:
    """寄出：封好的包裹交给了快递。"""
    _note(names, date, workspace, as_json, note_sent, lambda one: bool(one.sealed) and not one.sent, "寄出")


def received(
    names: NamesArgument,
    date: DateOption = None,
    workspace: WorkspaceOption = Path(),
    as_json: JsonOption = False,
) -> None:
    """收到：教学点签收了。"""
    _note(names, date, workspace, as_json, note_received, lambda one: bool(one.sent) and not one.received, "收到")


def cancel(
    parcel: Annotated[str, typer.Argument(metavar="PARCEL", help="包裹")],
    reason: Annotated[str, typer.Option(help="原因")],
    workspace: WorkspaceOption = Path(),
    as_json: JsonOption = False,
) -> None:
    """取消：还没寄出的包裹不寄了，里面的照片重新算作未交寄。"""
    if not reason.strip():
        raise Problem("--reason 不能为空：请写明取消的原因")
    place = Workspace(workspace)
    cancel_parcel(place.store, parcel, reason.strip(), Said(operator(place), place.now))
    if as_json:
        print_json({"cancelled": parcel})
    else:
        say(f"包裹 {parcel} 已取消。顺丰的这一单也请撤销；重新放行：gradphoto shipments release")


def _note(
    names: list[str],
    date: str | None,
    workspace: Path,
    as_json: bool,
    note: Callable[..., list[str]],
    due: Callable[[ParcelStanding], bool],
    word: str,
) -> None:
    place = Workspace(workspace)
    today = place.now[:10]
    day = checked_day(date) if date else today
    numbers = _numbers(place, names, due)
    new = note(place.store, numbers, day, today, Said(operator(place), place.now))
    if as_json:
        print_json({"date": day, "parcels": new})
    else:
        say(f"{'、'.join(new)} {day} {word}" if new else "没有新的：都已记下，或没有到这一步的包裹")


def _numbers(place: Workspace, names: list[str], due: Callable[[ParcelStanding], bool]) -> list[str]:
    """The parcels that are named, and those of named centres that are due."""
    found = shipments_of(place.store, place.campaign, place.bundles)
    numbers = [one.number for name in names if name in found for one in found[name].going if due(one)]
    return list(dict.fromkeys([*(name for name in names if name not in found), *numbers]))


def _scanned(quiet: bool) -> Iterator[tuple[str, str]]:
    """Two lines each, as a scanner types them; what is left over at the end is no pair."""
    first = ""
    prompts = ("请扫装箱单（或运单）", "请扫另一张")
    while True:
        if not quiet and sys.stdin.isatty():
            say(prompts[bool(first)])
        line = sys.stdin.readline()
        scan = line.strip()
        if not line:
            break
        if scan and first:
            yield first, scan
            first = ""
        elif scan:
            first = scan
    if first:
        warn("最后只扫了一个码，没有核对：请把装箱单和运单都扫一遍")


def _left_wrong(verdicts: list[Verdict]) -> bool:
    """Whether a slip ended wrong, or the last two scans were none; what was scanned again rightly is right."""
    last = {one.parcel: one.right for one in verdicts if one.parcel}
    return not all(last.values()) or bool(verdicts and not verdicts[-1].right)


def _verdict(one: Verdict) -> dict[str, object]:
    return {"right": one.right, "parcel": one.parcel, "waybill": one.waybill, "new": one.new, "says": one.says}
