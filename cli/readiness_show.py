"""How readiness is shown: as tables on the screen, and as JSON."""

from collections.abc import Iterable, Iterator
from datetime import date
from itertools import groupby
from pathlib import Path
from typing import Any

from cli.show import print_table, say
from config.campaign import Campaign, Session
from gradphoto.readiness import Duty, open_duties, urgency, whose

SESSION_COLUMNS = ("场次", "拍摄", "已签", "未签", "逾期")
OPEN_COLUMNS = ("期限", "场次", "项目", "教学点", "须办", "依据")
SOON = 7
"""Days: what is due later is only counted, unless a session or a centre was named."""
SIGNED_COLUMNS = ("场次", "项目", "教学点", "签字", "时间", "备注")


def show_readiness(campaign: Campaign, duties: list[Duty], today: date, every: bool) -> None:
    """Sessions, then what is open, then what was signed; without `every` only what is due soon."""
    if not duties:
        say("没有要准备的：活动文件里没有 [[checklist]]，或各场次都已收工")
        return
    print_table("准备情况", SESSION_COLUMNS, _sessions(duties, today))
    left = open_duties(duties, today)
    soon = [one for one in left if every or one.days_left(today) <= SOON]
    print_table(f"还没有签字：{len(left)} 项", OPEN_COLUMNS, _open(campaign, soon, today))
    if len(left) > len(soon):
        say(f"…… 另有 {len(left) - len(soon)} 项在 {SOON} 天以后，写明场次或中心则全部列出")
    signed = [(one, one.signature) for one in duties if one.signature and every]
    rows = [(one.session.id, one.item.id, whose(campaign, one), by.who, by.at[:16], by.note) for one, by in signed]
    if rows:
        print_table(f"已签字：{len(rows)} 项", SIGNED_COLUMNS, rows)


def _sessions(duties: list[Duty], today: date) -> Iterator[tuple[object, ...]]:
    for session, same in groupby(duties, lambda one: one.session):
        every = list(same)
        left = open_duties(every, today)
        late = sum(one.days_left(today) < 0 for one in left)
        yield session.id, urgency((session.date - today).days), len(every) - len(left), len(left), late


def _open(campaign: Campaign, left: list[Duty], today: date) -> Iterator[tuple[object, ...]]:
    """A row for each item of a session, with all centres that have not signed."""
    for (session, item), same in groupby(left, lambda one: (one.session, one.item)):
        every = list(same)
        centres = "、".join(filter(None, (whose(campaign, one) for one in every)))
        number = item.requirement or item.source
        yield urgency(every[0].days_left(today)), session.id, item.id, centres, item.text, number


def readiness_document(
    campaign: Campaign, sessions: Iterable[Session], every: list[Duty], today: date, files: Iterable[Path]
) -> dict[str, Any]:
    return {
        "campaign": campaign.id,
        "today": today.isoformat(),
        "sessions": [
            _session(one, [duty for duty in every if duty.session.id == one.id], today) for one in sessions
        ],
        "files": [str(path) for path in files],
    }


def _session(session: Session, duties: list[Duty], today: date) -> dict[str, Any]:
    return {
        "id": session.id,
        "days_left": (session.date - today).days,
        "open": sum(one.signature is None for one in duties),
        "signed": sum(one.signature is not None for one in duties),
        "items": [_item(one, today) for one in duties],
    }


def _item(one: Duty, today: date) -> dict[str, Any]:
    signature = one.signature.model_dump(include={"who", "at", "note"}) if one.signature else None
    return {
        "item": one.item.id,
        "centre": one.centre or None,
        "text": one.item.text,
        "serves": one.serves,
        "due": one.due.isoformat(),
        "days_left": one.days_left(today),
        "signature": signature,
    }
