"""`fsck` and `backup`: that the store is whole, and that there is another one."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from cli.problem import FAULT, Problem
from cli.progress import bars
from cli.show import print_json, say, warn
from cli.workspace import JsonOption, Workspace, WorkspaceOption
from gradphoto.adapters.room import refuse_shortage
from gradphoto.adapters.store import Store, open_store
from gradphoto.layout import everything
from gradphoto.progress import Tick, begin
from gradphoto.stages.backup import backup as make_backup
from gradphoto.stages.backup_purges import still_held
from gradphoto.stages.fsck import examine
from gradphoto.stages.place import absolute_url
from gradphoto.stages.room import backup_needs

FORMS = ("file:", "s3:")


def fsck(
    store: Annotated[
        str | None, typer.Option("--store", metavar="URL", help="存储：地址或文件夹", show_default="工作区的存储")
    ] = None,
    workspace: WorkspaceOption = Path(),
    as_json: JsonOption = False,
) -> None:
    """核验存储：重读每个字节，逐条检查记录、照片包和它们之间的引用；每个问题一行。"""
    examined = existing_store(store, workspace) if store is not None else Workspace(workspace).store
    with _bar("fsck", examined, as_json) as tick:
        found = examine(examined, tick)
    if as_json:
        print_json(found._asdict())
    else:
        for fault in found.faults:
            say(fault)
        count = f"{len(found.faults)} 处问题" if found.faults else "没有问题"
        say(f"核验了 {found.objects} 个对象，共 {found.bytes} 字节：{count}")
    if found.faults:
        raise typer.Exit(FAULT)


def backup(
    to: Annotated[str, typer.Option("--to", metavar="URL", help="备份到：地址或文件夹")],
    workspace: WorkspaceOption = Path(),
    as_json: JsonOption = False,
) -> None:
    """备份存储：只复制备份中还没有的，复制后逐个校验；绝不覆盖。"""
    place = Workspace(workspace)
    url = _url(to, place.folder)
    _refuse_nested(url, place.store_url)
    if url.startswith("file:") and Path(url.removeprefix("file:")).is_file():
        raise Problem(f"{to}：是文件，不是文件夹，请用 --to 换一个地方")
    target = open_store(url, place.folder)
    refuse_shortage(backup_needs(place.store, target))
    with _bar("backup", place.store, as_json) as tick:
        copied = make_backup(place.store, target, tick)
    for line in still_held(place.store, target):
        warn(f"{line}：请运行 gradphoto purge --store {to}")
    if as_json:
        print_json({"to": url, **copied._asdict()})
    else:
        for fault in copied.faults:
            say(fault)
        say(f"{url}：新复制 {copied.new} 个对象，共 {copied.bytes} 字节；已有 {copied.known} 个")
    if copied.faults:
        raise typer.Exit(FAULT)


def existing_store(text: str, folder: Path) -> Store:
    """A store that was named by hand: where nothing stands somebody mistyped it."""
    store = open_store(_url(text, folder.absolute()), folder)
    if next(everything(store), None) is None:
        raise Problem(f"{text}：这里没有存储的任何内容，请检查 --store")
    return store


def _url(text: str, folder: Path) -> str:
    """An address as the settings write it, or a folder as people type it: from where they are."""
    return absolute_url(text, folder) if text.startswith(FORMS) else f"file:{Path(text).absolute().as_posix()}"


def _refuse_nested(url: str, own: str) -> None:
    """A store within a store would be copied into itself the next time."""
    one, other = _place(url), _place(own)
    if one.startswith(other) or other.startswith(one):
        raise Problem(f"{url}：备份和存储不能是同一个，也不能一个在另一个里面，请用 --to 换一个地方")


def _place(url: str) -> str:
    """An address that another begins with only when that one is within it."""
    kind, _, place = url.partition(":")
    return f"{kind}:{Path(place).resolve().as_posix() if kind == 'file' else place}".rstrip("/") + "/"


@contextmanager
def _bar(stage: str, store: Store, quiet: bool) -> Iterator[Tick]:
    with bars(quiet):
        yield begin(stage, sum(1 for _ in everything(store)))
