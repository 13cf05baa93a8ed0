"""What came of a workspace: what must be the same whatever happened on the way, and what must be empty."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from cli.workspace import Workspace
from gradphoto.adapters.sheets import read_sheet
from gradphoto.adapters.store import content_key, digest, digest_file
from gradphoto.discrepancy import Discrepancy
from gradphoto.stages.fsck import fsck
from gradphoto.states import FileState


class State(NamedTuple):
    """What became of a file."""

    state: FileState
    student_no: str | None
    reasons: tuple[Discrepancy, ...]


class CameTo(NamedTuple):
    """What must be the same whatever happened on the way, and what must be empty."""

    bundles: dict[str, str]
    states: dict[str, State]
    parcels: list[str]
    """The numbers on all courier sheets together."""
    lost: list[str]
    """Files of the inbox that the store does not hold."""
    torn: list[str]
    """What fsck says."""


def came_to(folder: Path) -> CameTo:
    """What stands there now; digests of bundles by name, states of files by session and path."""
    place = Workspace(folder)
    store, there = place.store, set(place.store.keys("originals"))
    inbox = [path for path in sorted((folder / "inbox").rglob("*")) if path.is_file()]
    sheets = sorted((folder / "manifests").glob("sf*.xlsx"))
    return CameTo(
        {key.rpartition("/")[2]: store.digest(key) for key in store.keys("bundles")},
        {
            f"{one.original.session} {one.original.path}": State(one.state, one.student_no, one.reasons)
            for one in place.ledger.entries
        },
        sorted(row.cells[0] for path in sheets for row in read_sheet(path.read_bytes(), path.name).rows),
        [path.name for path in inbox if content_key("originals", digest_file(path)) not in there],
        fsck(store),
    )


def stands(folder: Path) -> str:
    """A digest of all that stands in a workspace, but for times."""
    paths = (path for path in folder.rglob("*") if not path.is_dir())
    found = sorted((_name(path.relative_to(folder)), digest_file(path)) for path in paths)
    return digest(repr(found).encode())


def _name(path: Path) -> str:
    """What is written aside has a name that is drawn."""
    return str(path.parent if path.parent.name == ".tmp" else path)


@dataclass
class Tally:
    """The figures of a sweep."""

    tried: int = 0
    same: int = 0
    lost: int = 0
    torn: int = 0
    known: dict[str, tuple[CameTo, bool]] = field(default_factory=dict)
    """What came of what stood there, and whether that was right."""

    def judge(self, expected: CameTo, found: CameTo, left: str = "") -> bool:
        """Count one trial; whether it came to what was expected."""
        right = expected == found
        self._count(expected.bundles == found.bundles, found)
        if left:
            self.known[left] = found, right
        return right

    def as_before(self, left: str) -> bool:
        """Count one trial that left what another left."""
        found, right = self.known[left]
        self._count(right, found)
        return right

    def _count(self, same: bool, found: CameTo) -> None:
        self.tried += 1
        self.same += same
        self.lost += len(found.lost)
        self.torn += len(found.torn)

    def says(self, what: str) -> str:
        """The figures in one line."""
        left = f", left {len(self.known)} different ways" if self.known else ""
        return f"{self.tried} {what}{left}, same bytes {self.same}, originals lost {self.lost}, torn {self.torn}"
