"""`init`: a new workspace."""

from pathlib import Path
from typing import Annotated

import typer

from cli.problem import Problem
from cli.show import say
from cli.workspace import WorkspaceOption
from config.workspace import DEFAULT_CAMPAIGN, FOLDERS, workspace_files
from gradphoto.adapters.durable import private, private_folder
from gradphoto.adapters.reasons import reason


def init(
    folder: Annotated[Path | None, typer.Argument(metavar="[DIR]", help="文件夹", show_default="工作区")] = None,
    campaign: Annotated[str, typer.Option(metavar="ID", help="自带活动的编号，或活动文件")] = DEFAULT_CAMPAIGN,
    workspace: WorkspaceOption = Path(),
) -> None:
    """新建工作区：设置、采集安排、空的邮寄名单和文件夹；已有的一概不动。"""
    folder = folder or workspace
    make_workspace(folder, campaign)
    say(f"工作区在 {folder}：名册放进 rosters/，填好 mailing.csv，存储卡内容放进 inbox/<场次>/")


def make_workspace(folder: Path, campaign: str = DEFAULT_CAMPAIGN) -> None:
    """Make what is missing of a workspace; nothing that is there is touched."""
    files = workspace_files(campaign)
    try:
        for name in FOLDERS:
            private_folder(folder / name)
        for name, text in files.items():
            _write_new(folder / name, text)
    except OSError as trouble:
        raise Problem(f"{folder}：无法新建工作区（{reason(trouble)}），请检查路径和权限") from None


def _write_new(path: Path, text: str) -> None:
    try:
        with open(path, "x", encoding="utf-8", newline="", opener=private) as file:
            file.write(text)
    except FileExistsError:
        return
