"""One session at the venue, as the night's own matching has it: what troubles are found in. Pure."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from config.campaign import Campaign
from gradphoto.matching.bindings import Bindings, DeskRow
from gradphoto.matching.choose import Candidate
from gradphoto.matching.kind import Kind
from gradphoto.matching.match import Match
from gradphoto.original import Digest
from gradphoto.roster import Student
from gradphoto.venue import Person


@dataclass(frozen=True, slots=True)
class Sitting:
    """A slate or break, None at the head of a roll, and the portraits after it."""

    opener: Match | None
    portraits: tuple[Match, ...]


@dataclass(frozen=True)
class Scene:
    """One session as the night's own matching has it."""

    session: str
    campaign: Campaign
    bindings: Bindings
    matches: Sequence[Match]
    strips: Sequence[Sequence[Match]]
    """Each camera's frames in order."""
    candidates: Mapping[Digest, Candidate]
    good: Collection[str]
    """Students, by number, of whom there is a portrait that will be delivered."""
    rows: Sequence[DeskRow]
    """Of this session's desks."""
    outside: Collection[str]
    """Students who are not to be photographed."""
    expected: Mapping[str, Student]
    photographed: Collection[str]
    """Students who have a picture of an earlier day."""
    now: datetime

    @cached_property
    def sittings(self) -> list[Sitting]:
        """Every camera's, in order."""
        return [sitting for strip in self.strips for sitting in _cut(strip)]

    def person(self, student_no: str) -> Person:
        """A student by number."""
        student = self.bindings.register.get(student_no)
        if student is None:
            return Person(student_no=student_no)
        centre = self.campaign.centre(student.centre).name
        return Person(student_no=student_no, name=student.name, centre=centre)

    def people(self, numbers: Iterable[str]) -> tuple[Person, ...]:
        """Those of them who have no good portrait, by number."""
        return tuple(self.person(no) for no in sorted(set(numbers).difference(self.good)))


def _cut(strip: Iterable[Match]) -> list[Sitting]:
    cuts: list[tuple[Match | None, list[Match]]] = [(None, [])]
    for match in strip:
        if match.classified.kind is Kind.PORTRAIT:
            cuts[-1][1].append(match)
        else:
            cuts.append((match, []))
    return [Sitting(opener, tuple(portraits)) for opener, portraits in cuts]


def path_of(match: Match) -> str:
    """Where a frame stands in its source."""
    return match.classified.frame.original.path


def name_of(match: Match) -> str:
    """A frame's file name."""
    return match.classified.frame.original.name


def taken_of(match: Match) -> datetime | None:
    """The camera's own time."""
    reading = match.classified.frame.reading
    return datetime.fromisoformat(reading.taken) if reading and reading.taken else None


def clock(at: datetime | None) -> str:
    """A time of day for people; empty for none."""
    return f"{at:%H:%M:%S}" if at else ""
