"""`download`, `verify`: what leaves the house."""

import os
from pathlib import Path
from typing import Annotated

import typer

from cli.password import PasswordOption, password_of, show_once
from cli.problem import FAULT, Problem
from cli.show import print_json, say, warn
from cli.workspace import JsonOption, Workspace, WorkspaceOption
from gradphoto.adapters.encrypted_zip import new_password
from gradphoto.adapters.room import refuse_shortage
from gradphoto.adapters.store import digest_file
from gradphoto.adapters.verify import judge
from gradphoto.packed import Packed, by_version
from gradphoto.portal_offer import is_portal_address
from gradphoto.stages.download import hand_out
from gradphoto.stages.download_encrypted import hand_out_encrypted
from gradphoto.stages.named_store import open_named
from gradphoto.stages.redo import redo_faults
from gradphoto.stages.room import download_needs

TokenOption = Annotated[
    str | None,
    typer.Option(
        "--token", envvar="GRADPHOTO_TOKEN", metavar="T", help="门户的令牌；不给则取自链接，或在终端询问"
    ),
]
ToOption = Annotated[Path, typer.Option("--to", metavar="DIR", help="目标文件夹", show_default="当前文件夹")]


def download(
    centre: Annotated[str, typer.Argument(help="中心，或门户的链接或地址", metavar="CENTRE|ADDRESS")],
    to: ToOption = Path(),
    version: Annotated[int | None, typer.Option(help="版本", show_default="最新")] = None,
    encrypt: Annotated[bool, typer.Option("--encrypt", help="加密（AES-256），密码只显示一次")] = False,
    token: TokenOption = None,
    workspace: WorkspaceOption = Path(),
    as_json: JsonOption = False,
) -> None:
    """下载：把中心的照片包复制出来，或从门户下载（不需要工作区，中断后接着下），最后逐字节校验。"""
    if is_portal_address(centre):
        if version is not None or encrypt:
            raise Problem("从门户下载的总是最新版本的原样：--version 和 --encrypt 只用于工作区")
        from cli.download_portal import download_from_portal  # the HTTP library takes its time

        download_from_portal(centre, token, to, as_json)
        return
    place = Workspace(workspace)
    newest = place.bundle(place.centre(centre))
    if version is not None and not 1 <= version <= newest.version:
        raise Problem(f"中心 {centre} 没有版本 {version}：现有 1 至 {newest.version}")
    packed = by_version(place.store, centre, version) if version else newest
    refuse_shortage(download_needs(to, packed.bytes, encrypt))
    if encrypt:
        _encrypted(place, packed, to, as_json)
        return
    path = hand_out(place.store, packed, to, place.now)
    if as_json:
        print_json({"path": str(path), "version": packed.version, "sha256": packed.sha256, "bytes": packed.bytes})
    else:
        say(f"{path}（第 {packed.version} 版，{len(packed.deliveries)} 人，已校验）")


def _encrypted(place: Workspace, packed: Packed, to: Path, as_json: bool) -> None:
    password = new_password()
    path = hand_out_encrypted(place.store, packed, to, place.now, password)
    if as_json:
        size, sha256 = path.stat().st_size, digest_file(path)
        told = {"path": str(path), "version": packed.version, "sha256": sha256, "bytes": size}
        print_json({**told, "bundle_sha256": packed.sha256, "password": password})
    else:
        say(f"{path}（第 {packed.version} 版，{len(packed.deliveries)} 人，已加密，已校验）")
        show_once(password)


def verify(
    path: Annotated[Path, typer.Argument(help="照片包：文件夹或zip", metavar="PATH")],
    originals: Annotated[
        str | None, typer.Option(metavar="STORE", help="再由原片逐张重做并对照：工作区、存储文件夹或 s3://…")
    ] = None,
    password_file: PasswordOption = None,
    _workspace: WorkspaceOption = Path(),
    as_json: JsonOption = False,
) -> None:
    """校验：照片包是否完整有效；每个问题一行。"""
    if not path.exists():
        raise Problem(f"{path}：没有这个文件或文件夹，请检查路径")
    store = open_named(originals, Path.cwd()) if originals else None
    password = password_of(path, password_file)
    faults, warnings = (found := judge(path, password)).faults, found.warnings
    if store and not faults:
        faults = redo_faults(store, path, os.cpu_count() or 1, password)
    if as_json:
        print_json({"path": str(path), "valid": not faults, "faults": faults, "warnings": warnings})
    else:
        for line in warnings:
            warn(line)
        for fault in faults:
            say(fault)
        if not faults:
            say(f"{path} 完整有效")
    if faults:
        raise typer.Exit(FAULT)
