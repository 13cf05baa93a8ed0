"""Desk logs: when which capture code was scanned, and whose it is where the desk knew."""

import re
from datetime import datetime
from zoneinfo import ZoneInfo

from config.campaign import Campaign
from gradphoto.adapters.tables import raw_cell
from gradphoto.discreet import quoted
from gradphoto.inputs.columns import SCANLOG
from gradphoto.inputs.numbers import scientific, student_no_trouble
from gradphoto.inputs.problems import Held, SheetError
from gradphoto.inputs.table import Line, read_table
from gradphoto.matching.bindings import BATCH, DeskRow
from gradphoto.matching.replaced import Pointer

_TITLES = {column.key: column.title for column in SCANLOG}
_TIME = re.compile(
    r"([0-9]{4})([-/])([0-9]{1,2})\2([0-9]{1,2})[T ] *"
    r"([0-9]{1,2}):([0-9]{2})(?::([0-9]{2})(?:[.,]([0-9]{1,9}))?)? *(Z|[+-][0-9]{2}:?[0-9]{2})?"
)
_POINTER = re.compile(r"(?:(?P<station>[^\s;]+) +)?(?P<at>[^\s;]+)")
DESK_HEAD = "扫码时间,采集码,学号,工位,取代\r\n".encode("utf-8-sig")
"""How the check-in desk begins its log. It ends every row, so that one which was cut off can be told."""


def read_scanlog(data: bytes, session: str, name: str, campaign: Campaign) -> tuple[list[DeskRow], list[Held]]:
    """The rows of one log in their order, and what is held; a log that cannot be read is held as row 0."""
    whole = _whole(data)
    try:
        table = read_table(whole, name, SCANLOG)
    except SheetError as trouble:
        return [], [trouble.held.model_copy(update={"row": 0})]
    rows: list[DeskRow] = []
    cut = "这一行没有写完（断电或程序被终止），没有采用，请核对这名学生"
    held = [Held(file=name, row=whole.count(b"\n") + 1, message=cut)] if whole != data else []
    held += [Held(file=name, message=f"工作表“{title}”也像日志，但未读取") for title in table.unread]
    for line in table.lines:
        row, troubles = _row(line, session, name, campaign.timezone)
        rows.extend([row] if row else [])
        held.extend(troubles)
    return rows, held


def _whole(data: bytes) -> bytes:
    """A desk's log without a last row that was cut off: half a number may be somebody's number."""
    return data[: data.rfind(b"\n") + 1] if data.startswith(DESK_HEAD) else data


def _row(line: Line, session: str, name: str, timezone: str) -> tuple[DeskRow | None, list[Held]]:
    values = line.values
    code = raw_cell(values["capture_code"])
    at = campaign_time(values["scanned_at"], timezone)
    troubles = {
        "scanned_at": "" if at else f"不是时间 {quoted(values['scanned_at'])}，应如 2023-07-02 10:05:06",
        "capture_code": _code_trouble(code),
        "student_no": student_no_trouble(values["student_no"]) if values["student_no"] else "",
    }
    held = [
        Held(file=name, row=line.number, column=_TITLES[key], message=message)
        for key, message in troubles.items()
        if message
    ]
    if at is None or line.faults or held:
        return None, [*line.faults] or held
    replaces = _pointers(values["replaces"], timezone)
    if None in replaces:
        strange = f"看不懂 {quoted(values['replaces'])}，这一行不取代任何一行，请核对"
        held = [Held(file=name, row=line.number, column=_TITLES["replaces"], message=strange)]
    station, named = values["station"], tuple(one for one in replaces if one)
    row = (session, f"{name}:{line.number}", at, code, values["student_no"] or None, station == BATCH)
    return DeskRow(*row, station, named), held


def _pointers(text: str, timezone: str) -> list[Pointer | None]:
    """The rows that a cell names, each `<station> <time>`, parted by semicolons; None for what says nothing."""
    found: list[Pointer | None] = []
    for part in filter(None, map(str.strip, text.split(";"))):
        named = _POINTER.fullmatch(part)
        at = campaign_time(named["at"], timezone) if named else None
        found.append(Pointer(named["station"] or "", at) if named and at else None)
    return found


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
