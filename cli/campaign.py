"""`campaign show` and `check`: the notice at work."""

from pathlib import Path
from typing import Annotated, Any

import typer

from cli import campaign_readiness
from cli.campaign_new import new
from cli.campaign_notices import notices
from cli.campaign_slots import slots
from cli.eligible import eligible
from cli.problem import FAULT, Problem
from cli.show import print_json, print_table, say
from cli.workspace import JsonOption, WorkspaceOption
from config.campaign import EVERY_CENTRE, Campaign, Session, Window
from config.campaign_check import check_campaign
from config.campaign_file import parse_campaign, read_campaign
from config.campaign_new import open_points
from config.settings import load_settings
from config.unreadable import unreadable

app = typer.Typer(help="采集安排：通知变成数据", no_args_is_help=True)
app.command()(slots)
app.add_typer(campaign_readiness.app, name="readiness")
app.command()(eligible)
app.command()(notices)
app.command()(new)
FileArgument = Annotated[Path | None, typer.Argument(metavar="[FILE]", show_default="工作区的 campaign.toml")]
EVERYBODY = "零星（各点漏拍学生）"


@app.command()
def show(file: FileArgument = None, workspace: WorkspaceOption = Path(), as_json: JsonOption = False) -> None:
    """显示日程：每个场次的时间、地点和教学点。"""
    campaign = parse_campaign(_text(file, workspace)[1], _text(file, workspace)[0])
    if as_json:
        print_json(_schedule(campaign))
        return
    rows = [
        (one.id, name_of(campaign, window), _time(window), one.address, "、".join(map(_inferred, window.inferred)))
        for one in campaign.sessions
        for window in one.windows
    ]
    print_table(campaign.name, ("场次", "教学点", "时间", "地点", "沿用上格"), rows)
    contact = campaign.contact
    say(f"联系：{contact.department} {contact.person} {contact.phone} {contact.email}")


@app.command()
def check(file: FileArgument = None, workspace: WorkspaceOption = Path(), as_json: JsonOption = False) -> None:
    """检查采集安排：逐行指出错误。"""
    name, text = _text(file, workspace)
    mistakes = check_campaign(text)
    if as_json:
        open_ = [point._asdict() for point in open_points(text)]
        print_json({"file": name, "mistakes": [mistake._asdict() for mistake in mistakes], "open": open_})
    else:
        for mistake in mistakes:
            say(f"{name} 第{mistake.line}行：{mistake.message}")
        if not mistakes:
            say(f"{name} 没有问题")
        for point in open_points(text):
            say(f"{name} 第{point.line}行 待确认：{point.what}")
    if mistakes:
        raise typer.Exit(FAULT)


def name_of(campaign: Campaign, window: Window) -> str:
    """Whose window it is, as people read it."""
    return EVERYBODY if window.centre == EVERY_CENTRE else campaign.centre(window.centre).name


def _text(file: Path | None, workspace: Path) -> tuple[str, str]:
    if file is None:
        return read_campaign(load_settings(workspace).campaign, workspace)
    try:
        return file.name, file.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as trouble:
        raise Problem(f"{file}：无法读取（{unreadable(trouble)}），请检查路径和编码") from None


def _time(window: Window) -> str:
    return f"{window.start:%m-%d %H:%M}—{window.end:%H:%M}"


def _inferred(field: str) -> str:
    return {"date": "日期", "venue": "地点"}[field]


def _schedule(campaign: Campaign) -> dict[str, Any]:
    return {
        "campaign": campaign.id,
        "name": campaign.name,
        "contact": campaign.contact.model_dump(),
        "sessions": [_session(session) for session in campaign.sessions],
        "centres": [{"id": centre.id, "name": centre.name} for centre in campaign.centres],
    }


def _session(session: Session) -> dict[str, Any]:
    return session.model_dump(mode="json")
