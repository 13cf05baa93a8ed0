"""A plan as a workspace on disk. What is there already is left as it is; what is missing is made whole.

Files carry the camera's time, so nothing looks as if it were still being copied.
"""

import os
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from config.campaign import Campaign
from config.campaign_file import parse_campaign
from config.settings import FILE
from config.workspace import DEFAULT_CAMPAIGN, FOLDERS, workspace_files
from gradphoto.demo.expectation import expectation
from gradphoto.demo.note import NOTE
from gradphoto.demo.pictures import companion, picture
from gradphoto.demo.plan import Card, Day, Plan
from gradphoto.demo.sheets import mailing_bytes, roster_bytes, scanlog_bytes
from gradphoto.demo.takes import beside, copied, takes
from gradphoto.demo.truth import Truth

TRUTH, README = "truth.json", "README.txt"
_SENDER = """
sender_company = "示例图像采集中心"
sender_name = "示例寄件人"
sender_phone = "0950-0000000"
sender_address = "示例市示例路0号"
"""


def build(folder: Path, plan: Plan, campaign_id: str = DEFAULT_CAMPAIGN) -> Truth:
    """Make the workspace of a plan for a shipped campaign, the truth beside it.

    `OSError` when the folder cannot be written to.
    """
    truth = expectation(plan)
    for name in FOLDERS:
        (folder / name).mkdir(parents=True, exist_ok=True)
    _write(folder / TRUTH, truth.model_dump_json(indent=1).encode())
    _write(folder / README, NOTE.encode("utf-8-sig"))
    texts = workspace_files(campaign_id)
    campaign = parse_campaign(texts["campaign.toml"], "campaign.toml")
    _write(folder / FILE, (texts[FILE] + _SENDER).encode())
    _write(folder / "campaign.toml", texts["campaign.toml"].encode())
    _write(folder / "mailing.csv", mailing_bytes(plan, campaign))
    for roster in plan.rosters:
        _write(folder / "rosters" / roster.name, roster_bytes(roster, campaign))
    for day in plan.days:
        _inbox(folder / "inbox" / day.session, day, plan, campaign)
    return truth


def is_demo(folder: Path) -> bool:
    """Whether the folder was made by `build`, in whole or in part."""
    return (folder / TRUTH).is_file()


def _inbox(inbox: Path, day: Day, plan: Plan, campaign: Campaign) -> None:
    zone = ZoneInfo(campaign.timezone)
    over = max(window.end for window in campaign.session(day.session).windows)
    _write(inbox / "scanlog-1.csv", scanlog_bytes(day, plan), over.replace(tzinfo=zone))
    for card in day.cards:
        for path, taken, data in _files(card):
            for each in copied(card, path):
                _write(inbox / each, data, taken.replace(tzinfo=zone))


def _files(card: Card) -> Iterator[tuple[str, datetime, bytes]]:
    for take in takes(card):
        yield take.path, take.taken, picture(card, take)
        for path in beside(take):
            yield path, take.taken, companion(take, path)


def _write(path: Path, data: bytes, at: datetime | None = None) -> None:
    """A file that is there is whole, for it got its name last."""
    if path.exists():
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    scratch = path.with_name(f".{path.name}.part")
    scratch.write_bytes(data)
    if at:
        os.utime(scratch, (at.timestamp(), at.timestamp()))
    scratch.replace(path)
