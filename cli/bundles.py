"""`download`, `verify`, `manifests`, `retakes`: what leaves the house."""

import os
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, Any

import typer

from cli.problem import FAULT, Problem
from cli.show import out, print_json, print_table, say, warn
from cli.workspace import JsonOption, Workspace, WorkspaceOption
from gradphoto.adapters.room import refuse_shortage
from gradphoto.adapters.verify import verify as verify_bag
from gradphoto.discrepancy import RECALLED, Discrepancy
from gradphoto.packed import by_version
from gradphoto.retakes import COLUMNS, Standing
from gradphoto.retakes import retakes as make_retakes
from gradphoto.stages.blocked import BLOCKED, blocked_of
from gradphoto.stages.consign import release, write_manifests
from gradphoto.stages.download import hand_out
from gradphoto.stages.named_store import open_named
from gradphoto.stages.redo import redo_faults
from gradphoto.stages.room import download_needs

ToOption = Annotated[Path, typer.Option("--to", metavar="DIR", help="目标文件夹", show_default="当前文件夹")]


def download(
    centre: Annotated[str, typer.Argument(help="中心", metavar="CENTRE")],
    to: ToOption = Path(),
    version: Annotated[int | None, typer.Option(help="版本", show_default="最新")] = None,
    workspace: WorkspaceOption = Path(),
    as_json: JsonOption = False,
) -> None:
    """下载：把中心的照片包复制出来，复制后再逐字节校验。"""
    place = Workspace(workspace)
    newest = place.bundles.get(place.centre(centre))
    if newest is None and centre in place.season.purged.centres:
        raise Problem(f"中心 {centre} 的照片包已经销毁，见 reports/ 中的销毁回执")
    if newest is None:
        raise Problem(f"中心 {centre} 还没有照片包：请先运行 gradphoto nightly")
    if version is not None and not 1 <= version <= newest.version:
        raise Problem(f"中心 {centre} 没有版本 {version}：现有 1 至 {newest.version}")
    packed = by_version(place.store, centre, version) if version else newest
    refuse_shortage(download_needs(to, packed.bytes))
    path = hand_out(place.store, packed, to, place.now)
    if as_json:
        print_json({"path": str(path), "version": packed.version, "sha256": packed.sha256, "bytes": packed.bytes})
    else:
        say(f"{path}（第 {packed.version} 版，{len(packed.deliveries)} 人，已校验）")


def verify(
    path: Annotated[Path, typer.Argument(help="照片包：文件夹或zip", metavar="PATH")],
    originals: Annotated[
        str | None, typer.Option(metavar="STORE", help="再由原片逐张重做并对照：工作区、存储文件夹或 s3://…")
    ] = None,
    _workspace: WorkspaceOption = Path(),
    as_json: JsonOption = False,
) -> None:
    """校验：照片包是否完整有效；每个问题一行。"""
    if not path.exists():
        raise Problem(f"{path}：没有这个文件或文件夹，请检查路径")
    store = open_named(originals, Path.cwd()) if originals else None
    faults = verify_bag(path)
    if store and not faults:
        faults = redo_faults(store, path, os.cpu_count() or 1)
    if as_json:
        print_json({"path": str(path), "valid": not faults, "faults": faults})
    else:
        for fault in faults:
            say(fault)
        if not faults:
            say(f"{path} 完整有效")
    if faults:
        raise typer.Exit(FAULT)


def manifests(
    to: Annotated[
        Path | None, typer.Option("--to", metavar="DIR", help="目标文件夹", show_default="工作区的 manifests/")
    ] = None,
    release_: Annotated[
        list[str] | None, typer.Option("--release", metavar="CENTRE", help="放行该中心的包裹，all 为全部")
    ] = None,
    workspace: WorkspaceOption = Path(),
    as_json: JsonOption = False,
) -> None:
    """寄送清单：邮寄名单和顺丰导入表；不覆盖任何文件。"""
    place = Workspace(workspace)
    inputs = place.season.inputs
    wanted = list(place.bundles) if "all" in (release_ or []) else [place.centre(one) for one in release_ or []]
    _warn_blocked(place, wanted, "all" in (release_ or []))
    parcels = [release(place.store, one, place.bundles[one]) for one in wanted if one in place.bundles]
    written = write_manifests(
        place.store,
        inputs.campaign,
        inputs.addresses,
        inputs.held_addresses,
        place.sender,
        (to or place.folder / "manifests").absolute(),
    )
    for line in written.discrepancies:
        warn(line)
    if as_json:
        print_json(_written(written, [parcel.number for parcel in parcels if parcel]))
    else:
        for path in written.paths:
            say(str(path))
        for held in written.held:
            warn(f"{held.centre} 暂缓寄送：{held.reason}")
    if written.discrepancies:
        raise typer.Exit(FAULT)


def retakes(
    centre: Annotated[str | None, typer.Option(metavar="CENTRE", help="只看该中心")] = None,
    workspace: WorkspaceOption = Path(),
    as_json: JsonOption = False,
) -> None:
    """补拍名单：谁没有照片或须重拍、为什么、何时何地再来。"""
    place = Workspace(workspace)
    wanted = place.centre(centre) if centre else None
    students = [
        Standing(
            each.student.student_no, each.student.name, each.student.centre, each.state,
            tuple(dict.fromkeys(_told(reason) for reason in each.reasons)),
            any(reason.code == RECALLED for reason in each.reasons),
        )
        for each in place.ledger.students.values()
        if wanted in (None, each.student.centre)
    ]  # fmt: skip
    rows = make_retakes(place.campaign, students)
    if as_json:
        print_json({"retakes": [row._asdict() for row in rows]})
    else:
        print_table("补拍名单", COLUMNS, [row.cells for row in rows])
        out.print(f"共 {len(rows)} 人")


def _told(reason: Discrepancy) -> str:
    return reason.text if reason.code == RECALLED else reason.said


def _warn_blocked(place: Workspace, centres: Iterable[str], every: bool) -> None:
    """What was asked for by name and is blocked is refused before anything is released."""
    versions = [(one, place.bundles[one].version) for one in centres if one in place.bundles]
    for centre, version in sorted(blocked_of(place.store, versions)):
        line = f"中心 {centre} 第 {version} 版照片包{BLOCKED}，不能放行：请先运行 gradphoto nightly"
        if not every:
            raise Problem(line)
        warn(line)


def _written(written: Any, released: list[str]) -> dict[str, Any]:
    return {
        "files": [str(path) for path in written.paths],
        "rows": written.rows,
        "released": released,
        "on_courier_sheet": list(written.parcels),
        "held": [held._asdict() for held in written.held],
        "discrepancies": list(written.discrepancies),
    }
