"""A new year's campaign from an old one's text: shifted to the same weekdays, with what must be confirmed anew.

All days are moved by the same number of whole weeks, so that sessions keep their order and their distance. What
nobody can know is emptied or kept as a proposal, and each such line gets a comment that says 待确认; whoever has
confirmed it takes the comment away. Comments, order and spaces of the old file stay.
"""

import re
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from config.bad_input import BadInput
from config.campaign_file import parse_campaign
from config.documents import parse
from config.extends import written_value
from config.toml_lines import Place, value_spans
from config.toml_tokens import comments

MARK = "待确认"
YEARS = range(2000, 2100)
_MARKED = re.compile(rf"(?:；|\s*#\s*){MARK}：.*")
"""What an earlier change of year left behind a value."""
_HEAD = re.compile(rf"\A# 由 .*{MARK}.*\n")
_YEAR = re.compile(r"(?<![0-9])20[0-9]{2}(?![0-9])")
_DAYS = "一二三四五六日"
_WORDS = ("name", "title", "text")
"""Keys whose words speak of the year."""


class NewYearError(BadInput):
    """A campaign that cannot be made from another; one line for the operator."""


class Point(NamedTuple):
    """What somebody must confirm: the line, counted from 1, and what it is, in Chinese."""

    line: int
    what: str


class NewYear(NamedTuple):
    """The new file's text, by how many days it was shifted, and its open points."""

    text: str
    days: int
    points: tuple[Point, ...]


def new_year(text: str, year: int, where: str) -> NewYear:
    """The campaign of a text for another year; `CampaignError` names `where`, `NewYearError` a year of no use."""
    text = _HEAD.sub("", text.removeprefix("\ufeff"))
    campaign = parse_campaign(text, where)
    if not campaign.sessions:
        raise NewYearError(f"活动文件 {where}：没有任何场次，无法改年")
    first = campaign.sessions[0].date
    if year not in YEARS or year == first.year:
        raise NewYearError(f"--year {year}：应为 2000 至 2099 之间的年份，且不是原来的 {first.year} 年")
    shift = _Shift(first, year)
    made = "".join(_rewritten(text, shift))
    head = f"# 由 {campaign.id} 改为 {year} 年：注释仍是原来的。“{MARK}”的各行核对后，请删去该行的{MARK}二字。\n"
    made = head + made
    parse_campaign(made, where)
    return NewYear(made, shift.days, tuple(open_points(made)))


def open_points(text: str) -> Iterator[Point]:
    """The lines whose comment says that they are not confirmed yet."""
    for line, words in comments(text):
        _, mark, what = words.partition(f"{MARK}：")
        if mark:
            yield Point(line, what)


class _Shift:
    """From the old year to the new one."""

    def __init__(self, first: date, year: int) -> None:
        self.years, self.year = year - first.year, year
        there = first.replace(year=year, day=min(first.day, 28)) if first.month == 2 else first.replace(year=year)
        self.days = round((there - first).days / 7) * 7

    def value(self, place: Place, value: Any) -> Any:
        """What stands in the new file in the place of a value."""
        if isinstance(value, date):
            return value + timedelta(days=self.days)
        return self._text(place, value) if isinstance(value, str) else value

    def _text(self, place: Place, text: str) -> str:
        key = place[-1]
        if place == ("id",):
            return self._years(text) if self._years(text) != text else f"{text}-{self.year}"
        if place == ("notice", "number"):
            return ""
        if place == ("parcel_prefix",):
            return f"{text.rstrip('0123456789')[:6]}{self.year % 100:02d}"
        if place[0] == "sessions" and key == "id":
            return f"{date.fromisoformat(text[:10]) + timedelta(days=self.days)}{text[10:]}"
        return self._years(text) if key in _WORDS or "terms" in place else text

    def _years(self, text: str) -> str:
        return _YEAR.sub(lambda found: str(int(found[0]) + self.years), text)

    def note(self, place: Place, old: Any, new: Any) -> str:
        """What is to be confirmed of a value; empty when nothing is."""
        key = place[-1]
        if place in _NOTES:
            return _NOTES[place]
        if place[0] == "sessions" and key == "date":
            return f"{_day(old)} → {_day(new)}"
        if place[0] == "sessions" and key == "address":
            return "场地沿用上年"
        if place[0] == "groups" and key == "name":
            return f"采集对象顺延 {self.years} 年，请与新通知核对"
        return "文字中的年份已顺延" if new != old and key in _WORDS else ""


_NOTES: dict[Place, str] = {
    ("institution_code",): "院校代码",
    ("parcel_prefix",): "内部包裹号的开头，不能与往年相同",
    ("notice", "number"): "新通知的文号",
    ("notice", "issued"): "新通知的日期",
    ("notice", "delivery"): "照片下发的时间和方式",
    ("contact", "person"): "联系人、电话和邮箱",
}


def _rewritten(text: str, shift: _Shift) -> Iterator[str]:
    """The text piece by piece, each value in its new form and its line marked where it is open."""
    document, at = parse(text), 0
    for place, (begin, end) in sorted(value_spans(text).items(), key=lambda one: one[1]):
        old = _at(document, place)
        new = shift.value(place, old)
        yield text[at:begin] + (text[begin:end] if new == old else written_value(new))
        at = end
        if what := shift.note(place, old, new):
            rest = text[end:].split("\n", 1)[0]
            said = _MARKED.sub("", rest)
            yield f"{said}；{MARK}：{what}" if "#" in said else f"{said.rstrip()}  # {MARK}：{what}"
            at = end + len(rest)
    yield text[at:]


def _at(document: Any, place: Place) -> Any:
    for part in place:
        document = document[part]
    return document


def _day(day: date | datetime) -> str:
    return f"{day.year}年{day.month}月{day.day}日（周{_DAYS[day.weekday()]}）"
