"""An alarm of a session: what speaks of the evening as a whole, not of one picture. And what alarms are made from.

An alarm holds nothing back. It is for whoever can still ask: the desk, the photographer, the centre.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from config.campaign import Campaign
from config.frozen import Frozen
from gradphoto.matching.bindings import Bindings, DeskRow
from gradphoto.matching.choose import Candidate
from gradphoto.matching.kind import Kind
from gradphoto.matching.lanes import lanes
from gradphoto.matching.match import Match
from gradphoto.matching.remade import standing
from gradphoto.matching.runs import Run, runs
from gradphoto.original import Digest

Code = Literal[
    "few-students",
    "few-slates",
    "scan-without-slate",
    "slate-unscanned",
    "slate-without-portrait",
    "bound-elsewhere",
    "other-session",
    "other-day",
    "long-runs",
    "clock-off",
    "scan-far",
    "no-times",
    "one-check",
]
NAMED = 8
"""Students or files that one alarm names."""


class Alarm(Frozen):
    """One alarm; `code` stands in docs/operations.md, `says` is Chinese and names students by number only."""

    code: Code
    session: str
    says: str

    @property
    def text(self) -> str:
        """The line for people."""
        return f"{self.session}：{self.says}"


@dataclass(frozen=True)
class Scene:
    """One session of a season: its matches, the rows of its desks, and the runs of each of its cameras."""

    session: str
    matches: Sequence[Match]
    rows: Sequence[DeskRow]
    """Of this session's desk logs."""
    bindings: Bindings
    campaign: Campaign
    candidates: Mapping[Digest, Candidate]
    outside: Collection[str]
    """Students who are not to be photographed, by number."""
    at_home: Mapping[str, Sequence[str]]
    """The numbers of all students of each centre."""

    @cached_property
    def bodies(self) -> list[list[Run]]:
        """For each camera body its runs in order."""
        ordered, _ = standing(match.classified for match in self.matches)
        return [runs(lane, self.bindings) for lane in lanes(ordered)]

    @cached_property
    def slates(self) -> list[Match]:
        """The frames in which a code was read."""
        return [match for match in self.matches if match.classified.kind is Kind.SLATE]

    @cached_property
    def shown(self) -> frozenset[str]:
        """Every code that any frame shows."""
        return frozenset(code for match in self.matches for code in match.classified.codes)

    @cached_property
    def photographed(self) -> frozenset[str]:
        """The students, by number, of whom there is a portrait that is or may be theirs."""
        portraits = (match for match in self.matches if match.classified.kind is Kind.PORTRAIT)
        return frozenset(no for match in portraits for no in match.students)

    def alarm(self, code: Code, says: str) -> Alarm:
        """An alarm of this session."""
        return Alarm(code=code, session=self.session, says=says)

    def whose(self, row: DeskRow) -> str:
        """Whom a desk's row is of, as far as it is known; else where it stands."""
        found = sorted(self.bindings.owner(row.code).candidates | ({row.student_no} if row.student_no else set()))
        return "/".join(found) or row.ref


def body_name(body: Sequence[Run]) -> str:
    """What a camera calls itself, else the folder of its first frame."""
    shots = [shot for run in body for shot in run.shots]
    for shot in shots:
        reading = shot.classified.frame.reading
        if reading and reading.camera:
            return f"{reading.camera}（机身号 {reading.serial}）" if reading.serial else reading.camera
    return shots[0].classified.frame.spot.path.rpartition("/")[0] or "相机"


def listed(names: Sequence[str]) -> str:
    """Some of the names, and how many there are if that is not all.

    >>> listed(["1", "2"]), listed([str(number) for number in range(10)])
    ('1、2', '0、1、2、3、4、5、6、7 等10个')
    """
    more = f" 等{len(names)}个" if len(names) > NAMED else ""
    return "、".join(names[:NAMED]) + more
