"""How many will need the make-up window (零星补拍), and whether they fit into it at the measured pace. Pure.

Counted are the students of those centres whose own sessions are all over, and over is what was closed: no clock is
asked.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from math import ceil, floor
from statistics import median
from typing import Any, Literal

from config.campaign import EVERY_CENTRE, Campaign
from config.frozen import Frozen
from config.lookup import windows_of
from gradphoto.discrepancy import CHECKS, GEOMETRY
from gradphoto.matching.ledger import Standings
from gradphoto.states import StudentState

SPAN = 10
"""Students over whom a pace is taken, in a long session: so two cameras side by side are twice as fast as one."""
LEAST = 3
"""Measurements that make a pace."""
_MEASURED = {"slates": "采集码照", "desk": "扫码记录"}

Times = Mapping[str, Sequence[datetime]]
"""By session, when each of its students came."""


class Forecast(Frozen):
    """What the make-up window will have to take, as of the sessions that are over."""

    missing: int
    rejected: int
    likely: int
    """Pending because of the picture itself: most likely they come again."""
    pending: int
    """Pending for another reason: most likely a person finds out whose the picture is."""
    minutes: int
    """Of the make-up windows; 0 when the campaign has none."""
    seconds: float | None
    """From one student to the next, in the middle; None when that could not be measured."""
    by: Literal["slates", "desk"] | None
    """What it was measured by."""
    unread: tuple[str, ...] = ()
    """Sessions that are over and of which files were not read yet: their centres are not counted."""

    @property
    def needed(self) -> int:
        """Students who will come."""
        return self.missing + self.rejected + self.likely

    @property
    def fit(self) -> int | None:
        """Students whom the window takes at that pace."""
        return floor(self.minutes * 60 / self.seconds) if self.seconds else None

    @property
    def alarm(self) -> str:
        """What is wrong, in Chinese; empty when all fit, or nobody can say."""
        if self.needed and not self.minutes:
            return f"本次活动没有零星补拍时段，预计 {self.needed} 人须另行安排"
        if self.fit is None or self.needed <= self.fit:
            return ""
        many = f"{self.minutes} 分钟可拍 {self.fit} 人，预计 {self.needed} 人"
        return f"零星补拍时间不够：按每人 {self.seconds:g} 秒，{many}"

    @property
    def document(self) -> dict[str, Any]:
        """The forecast as JSON has it."""
        return {**self.model_dump(mode="json"), "needed": self.needed, "fit": self.fit, "alarm": self.alarm}

    @property
    def line(self) -> str:
        """The forecast for people."""
        parts = f"未采集 {self.missing}、须重拍 {self.rejected}、照片不合格 {self.likely}"
        more = f"，另有 {self.pending} 人待核对" if self.pending else ""
        left = f"；场次 {' '.join(self.unread)} 有文件尚未读取，其中心未计入" if self.unread else ""
        return f"零星补拍预计 {self.needed} 人（{parts}{more}）；{self._time()}{left}"

    def _time(self) -> str:
        there = f"安排了 {self.minutes} 分钟" if self.minutes else "没有安排时段"
        if self.seconds is None or self.by is None:
            return f"还测不出每人用时，{there}"
        need = ceil(self.needed * self.seconds / 60)
        return f"每人 {self.seconds:g} 秒（按{_MEASURED[self.by]}），需要 {need} 分钟，{there}"


def forecast(
    campaign: Campaign,
    students: Iterable[Standings],
    closed: Collection[str],
    slates: Times,
    desk: Times,
    unread: Collection[str] = (),
) -> Forecast | None:
    """The forecast; None before the first session is over and read, and when the make-up itself is over.

    `slates` and `desk` are times by session; those of sessions that are not over are left out. So are the `unread`
    ones, whose students would all count as missing.
    """
    makeup, known = windows_of(campaign, EVERY_CENTRE), set(closed) - set(unread)
    if not known or (makeup and all(session.id in closed for session, _ in makeup)):
        return None
    over = {one.id for one in campaign.centres if {s.id for s, _ in windows_of(campaign, one.id)} <= known}
    counts = Counter(_kind(one) for one in students if one.student.centre in over)
    measured = {"slates": pace(_of(slates, known)), "desk": pace(_of(desk, known))}
    by: Literal["slates", "desk"] | None = next((kind for kind in ("slates", "desk") if measured[kind]), None)
    left = (window.end - window.start for session, window in makeup if session.id not in closed)
    return Forecast(
        missing=counts["missing"],
        rejected=counts["rejected"],
        likely=counts["likely"],
        pending=counts["pending"],
        minutes=sum(int(each.total_seconds() // 60) for each in left),
        seconds=measured[by] if by else None,
        by=by,
        unread=tuple(sorted(set(closed) & set(unread))),
    )


def pace(sessions: Iterable[Sequence[datetime]]) -> float | None:
    """Seconds from one student to the next, the median over all sessions, rounded to 0.1.

    However many cameras there are, all students of a session are one row; a break for lunch is one of many.
    """
    seconds = [each for times in sessions for each in _seconds(sorted(times))]
    return round(median(seconds), 1) or None if len(seconds) >= LEAST else None


def _seconds(times: Sequence[datetime]) -> list[float]:
    step = max(1, min(SPAN, len(times) // 4))
    return [(later - one).total_seconds() / step for one, later in zip(times, times[step:], strict=False)]


def _of(times: Times, closed: Collection[str]) -> list[Sequence[datetime]]:
    return [each for session, each in sorted(times.items()) if session in closed]


def _kind(one: Standings) -> str:
    """What a student is to the make-up."""
    if one.state is StudentState.PENDING and one.reasons and {each.code for each in one.reasons} <= _PICTURE:
        return "likely"
    return one.state.value


_PICTURE = CHECKS.keys() | GEOMETRY.keys()
