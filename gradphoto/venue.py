"""What somebody at the venue must know before everybody goes home: troubles, the largest first, and whom to call.

A student who has one good portrait is in no trouble, whatever the other frames are. How troubles are found stands
in `gradphoto.venue_report`, what is said of them in `gradphoto.venue_words`. Pure; the time of day is given.
"""

from typing import Literal

from pydantic import computed_field

from config.frozen import Frozen
from gradphoto.original import Digest

Kind = Literal["no-frame", "slate", "forgotten", "check", "whose", "file"]
KINDS: dict[Kind, str] = {
    "no-frame": "扫了码没有照片",
    "slate": "采集码照读不出",
    "forgotten": "可能漏拍采集码",
    "check": "照片不合格",
    "whose": "归属待定",
    "file": "文件有问题",
}
"""The kinds of trouble, the largest first."""


class Person(Frozen):
    """A student; name and centre are empty for a number that is in no register."""

    student_no: str
    name: str = ""
    centre: str = ""
    """By its name."""

    @property
    def text(self) -> str:
        """Name and number."""
        return f"{self.name}（{self.student_no}）" if self.name else self.student_no


class Trouble(Frozen):
    """One trouble: whose or of which files, what it is, and what to do now, in Chinese."""

    kind: Kind
    code: str
    """A key of `discrepancy.TEXTS`, `no-frame`, `no-portrait` or `refused`."""
    person: Person | None = None
    """Whose it is, when that is known or only one student comes into question."""
    may_be: tuple[Person, ...] = ()
    """Who comes into question, when those are several."""
    files: tuple[str, ...] = ()
    """The paths concerned, the frame that is the cause first."""
    at: str = ""
    """Campaign time of the scan or the first frame, `HH:MM:SS`; empty where nobody knows."""
    says: str
    todo: str
    pictures: tuple[Digest, ...] = ()
    """The captures that a person wants to see."""

    @property
    def people(self) -> tuple[Person, ...]:
        """All whom it concerns."""
        return (self.person,) if self.person else self.may_be


class Awaited(Frozen):
    """The students of one centre's window, or of one slot of it, of whom nothing was seen."""

    centre: str
    """By its name; `零星` for the make-up window."""
    start: str
    end: str
    """`HH:MM`."""
    over: bool
    students: tuple[Person, ...]


class Report(Frozen):
    """One look at a session: how far it is, what is wrong, and who is still to come."""

    session: str
    files: int
    portraits: int
    photographed: int
    """Students who have a good portrait."""
    troubles: tuple[Trouble, ...] = ()
    waiting: tuple[Person, ...] = ()
    """Scanned just now, and most likely still in the queue or on the chair."""
    expected: tuple[Awaited, ...] = ()

    @computed_field  # type: ignore[prop-decorator]
    @property
    def call_back(self) -> tuple[Person, ...]:
        """Who must come before the camera or the desk again, in the order in which to call them."""
        concerned = (one for trouble in self.troubles if trouble.code != "ineligible" for one in trouble.people)
        return tuple({one.student_no: one for one in concerned}.values())
