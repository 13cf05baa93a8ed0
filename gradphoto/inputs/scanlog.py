"""Desk logs: when which capture code was scanned, and whose it is where the desk knew."""

import re
from datetime import datetime
from zoneinfo import ZoneInfo

from config.campaign import Campaign
from gradphoto.discreet import quoted
from gradphoto.inputs.columns import SCANLOG
from gradphoto.inputs.numbers import scientific, student_no_trouble
from gradphoto.inputs.problems import Held, SheetError
from gradphoto.inputs.table import Line, read_table
from gradphoto.matching.bindings import DeskRow

_TITLES = {column.key: column.title for column in SCANLOG}
_TIME = re.compile(
    r"([0-9]{4})([-/])([0-9]{1,2})\2([0-9]{1,2})[T ] *"
    r"([0-9]{1,2}):([0-9]{2})(?::([0-9]{2})(?:[.,]([0-9]{1,9}))?)? *(Z|[+-][0-9]{2}:?[0-9]{2})?"
)


def read_scanlog(data: bytes, session: str, name: str, campaign: Campaign) -> tuple[list[DeskRow], list[Held]]:
    """The rows of one log in their order, and what is held; a log that cannot be read is held as row 0."""
    try:
        table = read_table(data, name, SCANLOG)
    except SheetError as trouble:
        return [], [trouble.held.model_copy(update={"row": 0})]
    rows: list[DeskRow] = []
    held = [Held(file=name, message=f"工作表“{title}”也像日志，但未读取") for title in table.unread]
    for line in table.lines:
        row = _row(line, session, name, campaign.timezone)
        rows.extend([row] if isinstance(row, DeskRow) else [])
        held.extend(row if isinstance(row, list) else [])
    return rows, held


def _row(line: Line, session: str, name: str, timezone: str) -> DeskRow | list[Held]:
    values = line.values
    at = campaign_time(values["scanned_at"], timezone)
    troubles = {
        "scanned_at": "" if at else f"不是时间 {quoted(values['scanned_at'])}，应如 2023-07-02 10:05:06",
        "capture_code": _code_trouble(values["capture_code"]),
        "student_no": student_no_trouble(values["student_no"]) if values["student_no"] else "",
    }
    held = [
        Held(file=name, row=line.number, column=_TITLES[key], message=message)
        for key, message in troubles.items()
        if message
    ]
    if at is None or line.faults or held:
        return [*line.faults] or held
    return DeskRow(session, f"{name}:{line.number}", at, values["capture_code"], values["student_no"] or None)


def _code_trouble(code: str) -> str:
    if not code:
        return "不能为空"
    return "已变成科学记数法，请把该列设为文本后重新填写" if scientific(code) else ""


def campaign_time(text: str, timezone: str) -> datetime | None:
    """A time of day and date as the campaign's clocks show it, without a zone; None when it is none.

    >>> campaign_time("2023-07-02T02:05:06Z", "Asia/Shanghai")
    datetime.datetime(2023, 7, 2, 10, 5, 6)
    """
    found = _TIME.fullmatch(text.strip())
    if not found:
        return None
    year, _, month, day, hour, minute, second, fraction, zone = found.groups(default="")
    written = f"{year}-{month:>02}-{day:>02}T{hour:>02}:{minute}:{second or '00'}.{fraction or '0':0<6.6}{zone}"
    try:
        at = datetime.fromisoformat(written)
        return at.astimezone(ZoneInfo(timezone)).replace(tzinfo=None) if zone else at
    except (ValueError, OverflowError):
        return None
