"""A session written down as a line of words, and what the matching says of it, word for word.

A letter is that student's slate, `p` a portrait, `?` a slate nobody can read, `x` a file that was cut off,
`-` a frame without face or code, `n` one that was not read; `A+B` shows two codes, `U` a code nobody has,
`~` is a long pause. The answer has a word a frame: the letter of its owner, or why there is none.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from config.campaign import Campaign
from config.campaign_file import load_campaign
from gradphoto.matching.bindings import DeskRow, bind
from gradphoto.matching.match import Match
from gradphoto.matching.season import distinct, match_season
from gradphoto.original import Original
from gradphoto.reading import Code, Face, Reading
from gradphoto.roster import Student

CAMPAIGN = load_campaign("ningxia-2023")
SESSION = "2023-07-02-yanchi"
START = datetime(2023, 7, 2, 10)
LETTERS = "ABCDEFGHIJ"
FACE = Face(crown=420, eye=790, chin=1170, width=460, cx=800, roll=0, yaw=0)


def number(letter: str) -> str:
    """The student number behind a letter."""
    return f"21640{ord(letter):08d}"


def register(**changes: Any) -> dict[str, Student]:
    """The ten students of these tests, all of the session's centre; their codes are `code-<letter>`."""
    usual: dict[str, Any] = {"name": "同学", "centre": "yanchi"} | changes
    return {
        number(one): Student(**({"student_no": number(one), "capture_code": f"code-{one}"} | usual))
        for one in LETTERS
    }


@dataclass
class Night:
    """Originals and readings as they come in."""

    originals: list[Original] = field(default_factory=list)
    readings: dict[str, Reading] = field(default_factory=dict)

    def add(self, path: str, session: str = SESSION, unsafe: bool = False, content: str = "", **read: Any) -> str:
        """One file; equal `content` is equal bytes, by default every path has its own. Returns its digest."""
        digest = sha256((content or f"{session}/{path}").encode()).hexdigest()
        source = f"inbox/{session}"
        self.originals.append(
            Original(session=session, source=source, path=path, sha256=digest, size=9, mtime_ns=1, unsafe=unsafe)
        )
        if read:
            usual: dict[str, Any] = {"format": "JPEG", "width": 1600, "height": 2400}
            self.readings[digest] = Reading(sha256=digest, version="1", **(usual | read))
        return digest

    def roll(
        self,
        script: str,
        folder: str = "card",
        prefix: str = "IMG_",
        first: int = 1,
        at: datetime | None = START,
        camera: str | None = "Canon EOS R5",
        serial: str | None = "1",
        step: float = 10,
    ) -> list[str]:
        """A card, a word a frame, `step` seconds apart; without `at` the frames have no time. The digests."""
        digests: list[str] = []
        taken = at
        for word in script.split():
            if word == "~":
                taken = taken and taken + timedelta(minutes=5)
                continue
            path = f"{folder}/{prefix}{(first + len(digests) - 1) % 9999 + 1:04d}.JPG"
            said = {"camera": camera, "serial": serial, "taken": taken and f"{taken:%Y-%m-%dT%H:%M:%S.%f}"}
            digests.append(self.add(path, **(said | seen(word) if word != "n" else {})))
            taken = taken and taken + timedelta(seconds=step)
        return digests

    def copy(self, originals: Iterable[Original], folder: str, session: str = SESSION) -> None:
        """The same bytes once more, under the same names in another folder."""
        for one in list(originals):
            place = {"path": f"{folder}/{one.name}", "session": session, "source": f"inbox/{session}"}
            self.originals.append(one.model_copy(update=place))

    def matches(self, rows: Sequence[DeskRow] = (), campaign: Campaign = CAMPAIGN, **roster: Any) -> list[Match]:
        """The matching of it all."""
        captures, duplicates = distinct(self.originals)
        bindings = bind(register(**roster), rows)
        return match_season(captures, self.readings, bindings, rows, campaign, duplicates)

    def told(self, rows: Sequence[DeskRow] = (), campaign: Campaign = CAMPAIGN, **roster: Any) -> dict[str, str]:
        """For each capture's path the letter of its owner, or the codes of what holds it back."""
        matches = self.matches(rows, campaign, **roster)
        return {match.classified.frame.original.path: word_of(match) for match in matches}

    def words(self, rows: Sequence[DeskRow] = (), **roster: Any) -> str:
        """The same in a line, in order of path."""
        return " ".join(self.told(rows, **roster).values())


def word_of(match: Match) -> str:
    """An owner's letter, or why there is none."""
    if match.student_no and not match.troubles:
        return chr(int(match.student_no[5:]))
    return "+".join(trouble.code for trouble in match.troubles) or "."


def seen(word: str) -> dict[str, Any]:
    """What the reader finds in a frame of that word; `p:5` looks different from `p:90`."""
    if word.startswith("p"):
        return {"faces": 1, "face": FACE, "appearance": looks(float(word[2:])) if word[2:] else ()}
    if word == "?":
        return {"codes": (Code(text=None, width=0.2),)}
    if word == "x":
        return {"trouble": "truncated"}
    if word == "-":
        return {}
    return {"codes": tuple(Code(text=f"code-{one}", width=0.2) for one in word.split("+"))}


def looks(grey: float) -> tuple[float, ...]:
    """Clothing and hair of one shade before the backdrop of the sample frames."""
    return (100.0, 160.0, 220.0, *(grey for _ in range(30)))


def told(script: str, rows: Sequence[DeskRow] = (), campaign: Campaign = CAMPAIGN, **roll: Any) -> str:
    """One card's outcome, in the order of its frames."""
    night = Night()
    digests = night.roll(script, **roll)
    words = {match.sha256: word_of(match) for match in night.matches(rows, campaign)}
    return " ".join(words[digest] for digest in digests)


def scanned(script: str, every: float = 10, at: datetime = START, log: str = "scanlog.csv") -> list[DeskRow]:
    """A desk's log: a code a word, `.` a step without one; `A=B` binds code A to student B."""
    rows = []
    for step, word in enumerate(script.split()):
        code, _, bound = word.partition("=")
        if word != ".":
            when = at + timedelta(seconds=every * step)
            rows.append(
                DeskRow(SESSION, f"{log}:{step + 2}", when, f"code-{code}", number(bound) if bound else None)
            )
    return rows
