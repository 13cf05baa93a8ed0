"""`desk bind`: a folder of screenshots that students sent beforehand becomes rows of a log."""

from datetime import datetime
from pathlib import Path
from typing import Annotated, Any
from zoneinfo import ZoneInfo

import typer

from cli.ingest import SessionArgument
from cli.show import print_json, print_table, say, warn
from cli.workspace import JsonOption, Workspace, WorkspaceOption
from config.campaign import Campaign
from gradphoto.adapters.batch_log import NAME, add_pairs
from gradphoto.adapters.screenshots import read_screenshots
from gradphoto.batch import Batch, bind_batch
from gradphoto.stages.kit import workspace_kit

COLUMNS = ("文件", "学号", "没有绑定的原因")


def bind(
    session: SessionArgument,
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="截图文件夹，文件名含学号，可以有子文件夹")],
    workspace: WorkspaceOption = Path(),
    as_json: JsonOption = False,
) -> None:
    """批量绑定：从学生事先发来的截图读出采集码，写入日志；有疑问的只列出，不绑定。"""
    place = Workspace(workspace, sweep=False)
    session = place.session(session)
    kit = workspace_kit(place.store, place.folder, place.settings, session, own_logs=True)
    shots = read_screenshots(folder, place.settings.workers)
    made = bind_batch(shots, kit, _places(place.campaign_now))
    if made.new:
        now = datetime.now(ZoneInfo(place.campaign_now.timezone)).replace(tzinfo=None)
        add_pairs(place.folder / "inbox" / session, now, made.new)
    if kit.lacking:
        warn(kit.lacking)
    if as_json:
        print_json(_document(session, made))
    else:
        _show(session, made)


def _places(campaign: Campaign) -> list[str]:
    """Names of centres, the longest first, for one may be part of another."""
    names = {text for centre in campaign.centres for text in (centre.name, *centre.aliases)}
    return sorted({*names, campaign.institution} - {""}, key=lambda name: (-len(name), name))


def _document(session: str, made: Batch) -> dict[str, Any]:
    return {
        "session": session,
        "bound": [{"file": one.path, "student_no": one.student_no} for one in made.new],
        "known": len(made.known),
        "doubts": [{"file": one.path, "student_no": one.student_no, "reason": one.reason} for one in made.doubts],
    }


def _show(session: str, made: Batch) -> None:
    if made.doubts:
        rows = [(one.path, one.student_no, one.reason) for one in made.doubts]
        print_table("有疑问的截图：没有绑定", COLUMNS, rows)
    say(f"{session}：新绑定 {len(made.new)} 个，已有 {len(made.known)} 个，有疑问 {len(made.doubts)} 个")
    if made.new:
        say(f"已写入 inbox/{session}/{NAME}")
