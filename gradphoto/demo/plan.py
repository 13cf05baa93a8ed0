"""What a demo or a test photographs, and what goes wrong there: students, cards, sittings. Writes nothing.

A test says it in one expression, `gradphoto.demo.workspace.build` makes the files of it, and
`gradphoto.demo.expectation` says, by rules of its own, what must become of them.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from gradphoto.roster import Student


@dataclass(frozen=True, slots=True)
class Slate:
    """How a capture code is shown; the figures are those of `phone_slate`."""

    share: float = 0.3
    tilt: float = 0.0
    blur: float = 0.0
    dark_mode: bool = False
    glare: float = 0.0
    plain: bool = False
    """Before the bare backdrop, and not before the sitter."""
    readable: bool = True


@dataclass(frozen=True, slots=True)
class Sitting:
    """One student before the camera: a slate, then frames, which count from 1."""

    student: Student
    sitter: int
    """Number of the sample frame, 1 to 30."""
    slate: Slate | None = Slate()
    """None when it was forgotten: the sitting then runs on from the one before."""
    frames: int = 2
    held: str = ""
    """The reason code by which all its frames must wait for a person, whatever it is."""
    cut: frozenset[int] = frozenset()
    """Frames of which the file ends too early."""
    beside: tuple[str, ...] = ()
    """Endings of files that the camera wrote beside the last frame, such as `.XMP`."""
    scanned: bool = True
    """Whether the desk scanned the code before."""


Turns = tuple[tuple[datetime, Sitting], ...]
"""Sittings with the time of each one's first frame."""


def in_turn(begin: datetime, *sittings: Sitting, every: float = 75) -> Turns:
    """The sittings one after the other, `every` so many seconds."""
    return tuple((begin + timedelta(seconds=every * index), one) for index, one in enumerate(sittings))


@dataclass(frozen=True, slots=True)
class Card:
    """What one camera body wrote into one folder. `turns` are in order of time."""

    turns: Turns
    folder: str = "card-1/DCIM/100CANON"
    camera: str = "Canon EOS R6"
    serial: str = "082024001234"
    first: int = 1
    """Number of the first file."""
    copied_to: str = ""
    """A folder into which the whole card was copied a second time."""


@dataclass(frozen=True, slots=True)
class Day:
    """One session."""

    session: str
    cards: tuple[Card, ...]


@dataclass(frozen=True, slots=True)
class Roster:
    """One roster file as somebody saved it."""

    name: str
    students: tuple[Student, ...]
    coding: Literal["gb18030", "utf-8-sig", "xlsx"] = "utf-8-sig"
    with_codes: bool = False
    """Whether it has the column of capture codes; without it the desk binds each code by scanning it."""


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything that a workspace is made of."""

    rosters: tuple[Roster, ...]
    days: tuple[Day, ...]
    no_address: frozenset[str] = frozenset()
    """Centres whose row of the mailing list cannot be used."""
