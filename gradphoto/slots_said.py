"""What a roster's own column 时段 says: a time, a part of the day, or nothing that anybody understands. Pure."""

import re
from datetime import date, time
from typing import NamedTuple

from config.spelling import spelling

NOON, LAST = time(12), time.max
_DAY = r"(?:(?:(?P<year>20[0-9]{2})[-/.年])?(?P<month>[01]?[0-9])[-/.月](?P<day>[0-3]?[0-9])日?)?"
_HALF = r"(?P<half>上午|下午|早上|晚上|am|pm)?"
_FROM = r"(?:(?P<h1>[0-2]?[0-9])[:点时.](?P<m1>[0-5][0-9])?分?)?"
_TO = r"(?:[-—–~至到]+(?P<h2>[0-2]?[0-9])[:点时.](?P<m2>[0-5][0-9])?分?)?"
_SAID = re.compile(f"{_DAY}t?{_HALF}{_FROM}(?::00)?{_TO}")
_LATER = ("下午", "晚上", "pm")


class Wish(NamedTuple):
    """When a student is to come: from then until then, on that day where one is named.

    `exact` when one time was named; otherwise any slot of that part of the day will do.
    """

    day: date | None
    start: time
    end: time
    exact: bool


def wish(text: str, year: int) -> Wish | None:
    """What the text says, `None` when it is not understood; `year` is the campaign's, for dates without one.

    >>> wish("7月3日 上午", 2023)
    Wish(day=datetime.date(2023, 7, 3), start=datetime.time(0, 0), end=datetime.time(12, 0), exact=False)
    >>> wish("下午2:30—3:00", 2023).start
    datetime.time(14, 30)
    """
    found = _SAID.fullmatch(spelling(text))
    if not found or not (found["half"] or found["h1"]):
        return None
    try:
        return _wish(found, year)
    except ValueError:  # 25:00, the 31st of June
        return None


def _wish(found: re.Match[str], year: int) -> Wish:
    day = date(int(found["year"] or year), int(found["month"]), int(found["day"])) if found["day"] else None
    later = found["half"] in _LATER
    if not found["h1"]:
        return Wish(day, NOON if later else time.min, LAST if later else NOON, exact=False)
    start = _time(found["h1"], found["m1"], later)
    end = _time(found["h2"], found["m2"], later) if found["h2"] else start
    if end < start:
        raise ValueError(found.string)
    return Wish(day, start, end, exact=start == end)


def _time(hour: str, minute: str | None, later: bool) -> time:
    """下午2:30 is 14:30; whoever writes 下午14:30 means that too."""
    return time(int(hour) + (12 if later and int(hour) < 12 else 0), int(minute or 0))
