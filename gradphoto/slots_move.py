"""Moving one centre to another day or venue, to see what depends on it. Pure: a campaign in, a campaign out."""

import re
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time
from typing import NamedTuple

from config.bad_input import BadInput
from config.campaign import EVERY_CENTRE, Campaign, Session, Window
from config.lookup import windows_of

_TARGET = re.compile(
    r"(?P<centre>[a-z0-9-]+)=(?P<day>\d{4}-\d{2}-\d{2})(?:-(?P<venue>[a-z0-9-]+))?(?:@(?P<at>\d{1,2}:\d{2}))?"
)
Windows = tuple[Window, ...]


class MoveTrouble(BadInput):
    """A move that cannot be; its message is one line for the operator."""


class Move(NamedTuple):
    """The campaign after a move, where the centre was and is, and which windows it has there."""

    campaign: Campaign
    centre: str
    sessions: tuple[str, ...]
    """The ids of those that it left."""
    target: str
    windows: Windows
    clashes: tuple[str, ...]
    """Windows at that time in which the same venue or the same crew is busy, in Chinese."""


def move(campaign: Campaign, text: str) -> Move:
    """What `CENTRE=SESSION`, `CENTRE=DATE` (its own venue) or either with `@HH:MM` makes of a campaign.

    The windows keep their lengths and pauses. They begin at the time that is named, else at their own time, and
    where the venue or the crew is busy then, after the first window of that day that leaves room for them.
    """
    found = _TARGET.fullmatch(text)
    if not found:
        raise MoveTrouble(f"{text!r}：应写作 教学点=场次，如 north=2024-05-18-hall 或 north=2024-05-18@14:30")
    centre = found["centre"]
    if centre not in [one.id for one in campaign.centres]:
        known = " ".join(one.id for one in campaign.centres)
        raise MoveTrouble(f"没有教学点 {centre!r}，可用的是：{known}")
    own = windows_of(campaign, centre)
    if not own:
        raise MoveTrouble(f"教学点 {centre} 在活动里没有拍摄时段，无从改期")
    target = _target(campaign, own[0][0], found["day"], found["venue"])
    left = _without(campaign, centre)
    beside = [one for one in left.sessions if one.date == target.date]
    windows = _placed([window for _, window in own], target, beside, found["at"])
    there = next((one.windows for one in left.sessions if one.id == target.id), ())
    merged = target.model_copy(update={"windows": tuple(sorted((*there, *windows), key=lambda one: one.start))})
    others = [one for one in left.sessions if one.id != target.id]
    sessions = tuple(one for one in (*others, merged) if one.windows)
    ordered = tuple(sorted(sessions, key=lambda one: (one.date, one.windows[0].start, one.id)))
    clashes = tuple(_clashes(windows, target, beside))
    went = tuple(dict.fromkeys(session.id for session, _ in own))
    return Move(left.model_copy(update={"sessions": ordered}), centre, went, target.id, windows, clashes)


def _target(campaign: Campaign, own: Session, day: str, venue: str | None) -> Session:
    """The session of that id, or a new one at a venue that the campaign knows; with the windows it has there."""
    try:
        when = date.fromisoformat(day)
    except ValueError:
        raise MoveTrouble(f"{day} 不是日期，应如 2023-07-08") from None
    there = venue or own.venue
    exact = [one for one in campaign.sessions if (one.date, one.venue) == (when, there)]
    known = exact or [one for one in campaign.sessions if one.venue == there]
    if not known:
        venues = " ".join(dict.fromkeys(one.venue for one in campaign.sessions))
        raise MoveTrouble(f"没有场地 {there!r}，可用的是：{venues}；新场地请先写进 campaign.toml")
    return known[0].model_copy(update={"id": f"{when}-{there}", "date": when})


def _without(campaign: Campaign, centre: str) -> Campaign:
    sessions = (
        one.model_copy(update={"windows": tuple(each for each in one.windows if each.centre != centre)})
        for one in campaign.sessions
    )
    return campaign.model_copy(update={"sessions": tuple(one for one in sessions if one.windows)})


def _placed(own: Sequence[Window], target: Session, beside: Sequence[Session], at: str | None) -> Windows:
    """The windows on the target's day, all shifted by the same."""
    begin = datetime.combine(target.date, own[0].start.time())
    if at:
        return _shifted(own, datetime.combine(target.date, _clock(at)))
    ends = sorted(window.end for session in beside for window in session.windows if window.end > begin)
    tries = (_shifted(own, start) for start in (begin, *ends))
    return next((one for one in tries if not any(_clashes(one, target, beside))), _shifted(own, begin))


def _shifted(own: Sequence[Window], begin: datetime) -> Windows:
    by = begin - own[0].start
    moved = tuple(
        one.model_copy(update={"start": one.start + by, "end": one.end + by, "inferred": ()}) for one in own
    )
    if any(one.end.date() != begin.date() for one in moved):
        raise MoveTrouble(f"从 {begin:%m-%d %H:%M} 起当天放不下，请用 @时:分 换一个时间")
    return moved


def _clock(text: str) -> time:
    try:
        return time.fromisoformat(text.rjust(5, "0"))
    except ValueError:
        raise MoveTrouble(f"{text} 不是时间，应如 14:30") from None


def _clashes(windows: Sequence[Window], target: Session, beside: Sequence[Session]) -> Iterator[str]:
    for session in beside:
        shared = "场地" if session.venue == target.venue else "摄制组" if session.crew == target.crew else ""
        for other in session.windows if shared else ():
            if any(one.start < other.end and other.start < one.end for one in windows):
                owner = "零星补拍" if other.centre == EVERY_CENTRE else other.centre
                yield f"{session.id} {other.start:%H:%M}—{other.end:%H:%M}（{owner}）同一{shared}"
