"""`handover`: a centre's files on a stick, and the slip that both sides sign."""

from pathlib import Path
from typing import Annotated

import typer

from cli.password import show_once
from cli.problem import Problem
from cli.show import print_json, say, warn
from cli.workspace import JsonOption, Workspace, WorkspaceOption
from gradphoto.adapters.encrypted_zip import new_password
from gradphoto.adapters.room import refuse_shortage
from gradphoto.packed import by_version
from gradphoto.stages.addresses import addresses_now
from gradphoto.stages.handover import hand_over
from gradphoto.stages.room import download_needs


def handover(
    centre: Annotated[str, typer.Argument(metavar="CENTRE", help="中心")],
    to: Annotated[Path, typer.Option("--to", metavar="DIR", help="U盘上的文件夹")],
    version: Annotated[int | None, typer.Option(help="版本", show_default="最新")] = None,
    encrypt: Annotated[bool, typer.Option("--encrypt", help="加密（AES-256），密码只显示一次")] = False,
    slip: Annotated[
        Path | None,
        typer.Option("--slip", metavar="DIR", help="交接单的文件夹", show_default="工作区的 manifests/"),
    ] = None,
    font: Annotated[Path | None, typer.Option(metavar="FILE", help="中文字体文件")] = None,
    workspace: WorkspaceOption = Path(),
    as_json: JsonOption = False,
) -> None:
    """当面交接：把照片包复制到U盘并校验，写一份双方签字的交接单。"""
    place = Workspace(workspace)
    newest = place.bundles.get(place.centre(centre))
    if newest is None:
        raise Problem(f"中心 {centre} 没有照片包可交接：请先运行 gradphoto nightly")
    if version is not None and not 1 <= version <= newest.version:
        raise Problem(f"中心 {centre} 没有版本 {version}：现有 1 至 {newest.version}")
    packed = by_version(place.store, centre, version) if version else newest
    if not to.is_dir():  # made here, it would stand on this disk while the stick is not plugged in
        raise Problem(f"{to}：没有这个文件夹，请插好U盘、检查路径后再试")
    refuse_shortage(download_needs(to, packed.bytes, encrypt))
    known = addresses_now(place.store, place.inputs).get(centre)
    if not (known and known.downloads):
        warn(f"中心 {centre} 没有要电子数据，或尚未确认（gradphoto address confirm）：请核实后再交给对方")
    papers, password = (slip or place.folder / "manifests").absolute(), new_password() if encrypt else ""
    made = hand_over(place.store, place.campaign, packed, to, papers, place.now, password, font)
    if as_json:
        secret = {"password": password} if password else {}
        print_json(
            {"path": str(made.path), "slip": str(made.slip), "version": packed.version, "sha256": made.sha256,
             "bytes": made.bytes, **secret}
        )  # fmt: skip
        return
    say(f"{made.path}（第 {packed.version} 版，{len(packed.deliveries)} 人，已校验）")
    say(f"{made.slip}：打印两份，双方签字")
    if password:
        show_once(password)
