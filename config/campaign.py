"""A campaign: the notice as data, as one precise type. Times are the campaign's own, without a zone.

How a file becomes one stands in `config.campaign_file`, what a file must not say in `config.campaign_rules`,
how to ask a campaign for a centre or a window in `config.lookup`.
"""

import re
from collections import defaultdict
from collections.abc import Mapping
from datetime import date, datetime
from functools import cached_property
from itertools import groupby
from typing import Annotated, Any, Literal, Self
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, Field, field_validator

from config.frozen import Frozen
from config.notice import Notice, Requirement
from config.planning import ChecklistItem, SlotRules
from config.spelling import Spellings
from config.student_numbers import StudentNumbers

EVERY_CENTRE = "*"
"""The centre of a window that belongs to all: the make-up window (零星)."""


def _shape(pattern: str, words: str) -> AfterValidator:
    """A text of that shape, which `words` say to the operator."""

    def check(value: str) -> str:
        if not re.fullmatch(pattern, value):
            raise ValueError(f"{value!r} 写法不对，{words}")
        return value

    return AfterValidator(check)


Slug = Annotated[str, _shape("[a-z0-9][a-z0-9-]{0,39}", "只能用小写英文字母、数字和短横线，最多40个")]
"""A short name that is safe in a path."""
Prefix = Annotated[str, _shape("[A-Z0-9]{1,8}", "只能用大写英文字母和数字，最多8个")]
"""What parcel numbers begin with."""
PARCEL_PREFIX = "NX"
"""Where a file says nothing: what parcels began with before campaigns said it."""
Term = Annotated[str, _shape("[0-9]{4}(-(spring|autumn))?", "应如 2021-autumn、2022-spring 或 2022")]


class Centre(Frozen):
    """A college or learning centre (学院、学习中心)."""

    id: Slug
    name: str
    """As the notice writes it."""
    aliases: tuple[str, ...] = ()
    """Other spellings that rosters use."""


class Window(Frozen):
    """When one centre is photographed within a session; `start` is included, `end` too."""

    centre: str
    """A centre's id, or `EVERY_CENTRE`."""
    start: datetime
    end: datetime
    inferred: tuple[Literal["date", "venue"], ...] = ()
    """What the notice leaves to a merged cell: any of `date`, `venue`; a file may write `true` for both."""

    @field_validator("inferred", mode="before")
    @classmethod
    def _both(cls, value: object) -> object:
        return ("date", "venue") if value is True else value

    @field_validator("start", "end")
    @classmethod
    def _campaign_time(cls, value: datetime) -> datetime:
        if value.tzinfo is not None:
            raise ValueError("时间不要带时区，按活动当地时间填写，如 2023-07-02T10:00:00")
        return value


class Session(Frozen):
    """One venue on one day (场次)."""

    id: str
    """`<date>-<venue>`."""
    date: date
    venue: Slug
    """Its short name, as in the id."""
    address: str
    """As the notice writes it."""
    crew: str
    """Who photographs: one crew cannot be in two places at once."""
    capacity: int | None = Field(default=None, ge=1, le=10_000)
    """How many the waiting area holds at the notice's distance; None: nobody has measured it."""
    rate: float | None = Field(default=None, gt=0, le=3600, allow_inf_nan=False)
    """Students an hour at this venue, where that is known to differ; None: as elsewhere."""
    windows: tuple[Window, ...]


class Contact(Frozen):
    """Whom to ask."""

    department: str
    person: str
    phone: str
    email: str


class Group(Frozen):
    """One of the notice's groups of students who are photographed; a student of any group is eligible."""

    id: str
    name: str
    """As the notice writes it."""
    programmes: tuple[Literal["open", "adult"], ...] = ()
    """`open` (开放教育) or `adult` (成人教育); empty: any."""
    levels: tuple[Literal["undergraduate", "junior"], ...] = ()
    """`undergraduate` (本科) or `junior` (专科); empty: any."""
    terms: tuple[Term, ...] = ()
    """Entry terms such as `2021-autumn`, `2022-spring`, or a whole year such as `2022`; empty: any."""
    photo_expired: bool = False
    """Whether only students whose earlier photo is too old (照片超年限) belong to it."""


class Rules(Frozen):
    """What a session normally looks like; beyond it the matching doubts."""

    max_frames: int | None = Field(default=None, ge=1)
    """Portraits under one slate; None: half as many again as the session's median."""
    max_pause_seconds: float = Field(default=120, gt=0, allow_inf_nan=False)
    """Between two frames of one student."""
    max_ineligible_share: float = Field(default=0.05, ge=0, le=1)
    """Of a centre's students; more is an alarm."""


class Campaign(Frozen):
    """One university's captures of one summer. Sessions are in order of date, first window and id."""

    id: Slug
    name: str
    institution: str
    """院校名称."""
    institution_code: str
    """院校代码; empty when it is not known."""
    timezone: str
    parcel_prefix: Prefix = PARCEL_PREFIX
    """What the numbers of its parcels (内部包裹号) begin with; a courier takes a number only once, ever."""
    contact: Contact
    centres: tuple[Centre, ...]
    sessions: tuple[Session, ...]
    groups: tuple[Group, ...]
    rules: Rules = Rules()
    student_numbers: StudentNumbers | None = None
    """None: any number is as good as another."""
    notice: Notice | None = None
    requirements: tuple[Requirement, ...] = ()
    slots: SlotRules = SlotRules()
    checklist: tuple[ChecklistItem, ...] = ()

    @field_validator("timezone")
    @classmethod
    def _known_zone(cls, timezone: str) -> str:
        try:
            ZoneInfo(timezone)
        except (OSError, ValueError, KeyError):  # a name that is none, or one that would leave the zones' folder
            raise ValueError(f"没有 {timezone!r} 这个时区，应如 Asia/Shanghai") from None
        return timezone

    @field_validator("sessions")
    @classmethod
    def _in_order(cls, sessions: tuple[Session, ...]) -> tuple[Session, ...]:
        def order(session: Session) -> tuple[date, datetime, str]:
            return session.date, min((w.start for w in session.windows), default=datetime.max), session.id

        return tuple(sorted(sessions, key=order))

    @cached_property
    def spellings(self) -> Spellings:
        """What rosters may write for each centre."""
        return Spellings((centre.id, (centre.id, centre.name, *centre.aliases)) for centre in self.centres)

    @cached_property
    def days(self) -> Mapping[date, tuple[Session, ...]]:
        """The sessions of each day."""
        return {day: tuple(sessions) for day, sessions in groupby(self.sessions, key=lambda one: one.date)}

    @cached_property
    def windows(self) -> Mapping[str, tuple[tuple[Session, Window], ...]]:
        """The windows of each centre that has any, with their sessions, in order of time."""
        found: dict[str, list[tuple[Session, Window]]] = defaultdict(list)
        for session in self.sessions:
            for window in session.windows:
                found[window.centre].append((session, window))
        return {
            centre: tuple(sorted(pairs, key=lambda pair: (pair[1].start, pair[0].id)))
            for centre, pairs in found.items()
        }

    @cached_property
    def _sessions(self) -> Mapping[str, Session]:
        return {session.id: session for session in self.sessions}

    @cached_property
    def _centres(self) -> Mapping[str, Centre]:
        return {centre.id: centre for centre in self.centres}

    def model_copy(self, *, update: Mapping[str, Any] | None = None, deep: bool = False) -> Self:
        """A copy that makes anew what follows from its fields, for the update may bring others."""
        copied = super().model_copy(update=update, deep=deep)
        for name in copied.__dict__.keys() - Campaign.model_fields.keys():
            del copied.__dict__[name]
        return copied

    def session(self, id_: str) -> Session:
        """The session of that id; `KeyError` when there is none."""
        return self._sessions[id_]

    def centre(self, id_: str) -> Centre:
        """The centre of that id; `KeyError` when there is none."""
        return self._centres[id_]
