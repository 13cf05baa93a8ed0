"""What must be true of a modelled season: after every action, after a good night of everything, and at its end."""

import csv
import io
from collections import Counter
from dataclasses import dataclass, field
from itertools import zip_longest
from pathlib import Path
from zipfile import ZipFile

from cli.workspace import Workspace
from gradphoto.adapters.store import digest, digest_file
from gradphoto.conservation import unbalanced
from gradphoto.packed import newest
from gradphoto.records import originals, recorded
from gradphoto.stages.fsck import examine
from gradphoto.stages.ingest import ingest
from gradphoto.stages.runs import runs
from gradphoto.stages.snapshot import newest_snapshot
from gradphoto.stages.standing import status_of
from gradphoto.states import FileState, StudentState
from tests.season_model import Model
from tests.season_pool import SESSIONS, Shot
from tests.season_world import World, forget

Tables = dict[str, list[dict[str, str]]]
TABLES = ("photos.csv", "missing.csv", "changes.csv")


@dataclass(frozen=True)
class Bundle:
    """A bundle's zip as anybody can read it, without this program."""

    tables: Tables
    delivered: dict[str, bytes]
    """Photos and the two tables that make a version, by name."""

    @property
    def photos(self) -> dict[str, tuple[str, str]]:
        """By student the source of the photo and its digest."""
        return {row["student_no"]: (row["source_sha256"], row["sha256"]) for row in self.tables["photos.csv"]}


def opened(path: Path) -> Bundle:
    """Read a bundle."""
    with ZipFile(path) as archive:
        data = {name.partition("/data/")[2]: archive.read(name) for name in archive.namelist() if "/data/" in name}
    texts = {name: data[name].decode("utf-8-sig") for name in TABLES}
    tables = {name: list(csv.DictReader(io.StringIO(text, newline=""))) for name, text in texts.items()}
    kept = {name: each for name, each in data.items() if name in TABLES[:2] or name.startswith("photos/")}
    for row in tables["photos.csv"]:
        photo = data[f"photos/{row['file']}"]
        assert row["sha256"] == digest(photo)
        assert row["student_no"].encode() in photo, "another student's number in the tags"
    return Bundle(tables, kept)


@dataclass
class Shelf:
    """The bundles of one store as they were seen so far."""

    digests: dict[str, str] = field(default_factory=dict)
    newest: dict[str, tuple[int, Bundle]] = field(default_factory=dict)

    def look(self, folder: Path) -> list[str]:
        """Old versions are as they were, a new one is the next and differs; the centres with a new one."""
        found = {path.name: path for path in sorted(folder.glob("store/bundles/*/*.zip"))}
        assert self.digests == {name: digest_file(found[name]) for name in self.digests if name in found}
        new = [name for name in found if name not in self.digests]
        for name in new:
            self._take(name, found[name])
        return new

    def _take(self, name: str, path: Path) -> None:
        self.digests[name] = digest_file(path)
        centre, _, number = path.stem.rpartition("-v")
        version, before = self.newest.get(centre, (0, None))
        bundle = opened(path)
        assert version + 1 == int(number), name
        assert before is None or before.delivered != bundle.delivered, f"{name}: nothing differs"
        assert _changes(before, bundle) == {
            row["student_no"]: row["change"] for row in bundle.tables["changes.csv"]
        }, name
        self.newest[centre] = (version + 1, bundle)


def _changes(before: Bundle | None, after: Bundle) -> dict[str, str]:
    old = {no: photo for no, (_, photo) in before.photos.items()} if before else {}
    new = {no: photo for no, (_, photo) in after.photos.items()}
    words = {no: "added" if no not in old else "removed" if no not in new else "replaced" for no in old | new}
    return {no: word for no, word in words.items() if old.get(no) != new.get(no)}


def check(world: World, shelf: Shelf) -> None:
    """Everything that must be true after a good night of everything."""
    shelf.look(world.folder)
    world.take_note()
    model, place = Model(world.facts), Workspace(world.folder)
    assert {(at, sha256) for at, sha256 in world.contents().items()} <= {
        (at, sha256) for sha256, places in world.facts.taken.items() for at in places
    }
    _files(world, model, place)
    _bundles(world, model, shelf)
    _students(world, model, place)
    _books(place)
    _kept(world)


def _files(world: World, model: Model, place: Workspace) -> None:
    """Every file that was taken in has one state, and that is what was done with it."""
    entries = Counter(
        (entry.original.sha256, entry.original.session, entry.original.path) for entry in place.ledger.entries
    )
    assert Counter((one, *at) for one, places in world.facts.taken.items() for at in places) == entries
    for entry in place.ledger.entries:
        sha256, at = entry.original.sha256, (entry.original.session, entry.original.path)
        lowest = min(world.facts.taken[sha256]) == at
        states = model.file_states(sha256) if lowest else (FileState.DUPLICATE,)
        assert entry.state in states, (at, entry)


def _bundles(world: World, model: Model, shelf: Shelf) -> None:
    """Each centre's newest bundle holds its students, each from a capture of their own."""
    for centre, (_, bundle) in shelf.newest.items():
        for student_no, (source, _) in bundle.photos.items():
            assert source in model.delivered_from(student_no), (
                f"{centre}: {student_no} from {_told(world, source)}"
            )
    for student_no, student in world.facts.roster.items():
        there = [centre for centre, (_, bundle) in shelf.newest.items() if student_no in bundle.photos]
        states = model.states(student_no)
        assert there in [[student.centre] if state is StudentState.DELIVERED else [] for state in states], (
            student_no,
            student.centre,
            there,
            states,
        )
    gone = {no for _, bundle in shelf.newest.values() for no in bundle.photos} - world.facts.roster.keys()
    assert set() == gone


def _told(world: World, sha256: str) -> str:
    shot = world.facts.shots.get(sha256)
    return f"{shot.part.sitting.name} {shot.part.number} {shot.form}" if shot else sha256


def _students(world: World, model: Model, place: Workspace) -> None:
    """Every student has a state that the model allows, in the ledger and in the newest bundle."""
    assert world.facts.roster.keys() == place.ledger.students.keys()
    for student_no, each in place.ledger.students.items():
        assert each.state in model.states(student_no), (student_no, each, model.states(student_no))
    touched = {one.centre for one in runs(place.store)[-1].centres}
    for centre, bundle in place.bundles.items():
        if centre not in touched:
            continue  # nobody of it was photographed in any session that there is: nothing asks for its bundle
        said = {one.student_no: one.state for one in bundle.absent}
        names = {no: one.name for no, one in world.facts.roster.items() if one.centre == centre}
        stated = {no: each.state for no, each in place.ledger.students.items() if each.student.centre == centre}
        assert {no: state for no, state in stated.items() if state is not StudentState.DELIVERED} == said
        assert names == {
            **{one.student_no: one.name for one in bundle.deliveries},
            **{one.student_no: one.name for one in bundle.absent},
        }


def _books(place: Workspace) -> None:
    files = [one for session in SESSIONS for one in originals(place.store, session)]
    assert [] == unbalanced(files, place.ledger, status_of(place.store, place.season), place.bundles)


def _kept(world: World) -> None:
    """The store is sound; what a crash left of a file that changed meanwhile has no record, and is named."""
    faults = examine(world.store).faults
    assert [] == [line for line in faults if not (world.orphaned and "没有收片记录" in line)]


def check_again(world: World, shelf: Shelf) -> None:
    """A night without news leaves nothing but the record of its run, and what `status` tells after it."""
    before = _keys(world)
    world.everything()
    assert before == _keys(world)
    assert [] == shelf.look(world.folder)


def _keys(world: World) -> list[str]:
    files = (path.relative_to(world.folder).as_posix() for path in world.folder.glob("store/**/*"))
    return sorted(path for path in files if not path.startswith(("store/runs", "store/standings", "store/.tmp")))


def check_overtaken(world: World, shelf: Shelf, older: int) -> None:
    """A night with older inputs puts no version on top of one that was made with newer ones."""
    shelf.look(world.folder)
    had = set(shelf.newest)
    world.overtaken(max(1, newest_snapshot(world.store) - older))
    assert [] == [name for name in shelf.look(world.folder) if name.rpartition("-v")[0] in had]


def check_afresh(world: World) -> None:
    """The same inputs in another order into an empty store come to the same contents of the newest bundles."""
    fresh = World()
    try:
        _replay(world, fresh)
        for centre in {path.parent.name for path in world.folder.glob("store/bundles/*/*.zip")}:
            ours, theirs = newest(world.store, centre), newest(fresh.store, centre)
            assert ours is not None
            assert ours.deliveries == (theirs.deliveries if theirs else ()), centre
            assert theirs is None or ours.absent == theirs.absent, centre
    finally:
        fresh.away()


def _replay(world: World, fresh: World) -> None:
    """Files that changed come in one state after the other; all else at once, the last session first."""
    fresh.facts.roster, fresh.homes = dict(world.facts.roster), dict(world.homes)
    for name in sorted(set(fresh.homes.values())):
        if (world.folder / "rosters" / name).exists():
            fresh._roster(name)
    histories: dict[tuple[str, str], list[Shot | bytes]] = {}
    for session in SESSIONS:
        for one in recorded(world.store, session):
            shot = world.facts.shots.get(one.sha256)
            content = shot or world.store.read(f"originals/{one.sha256[:2]}/{one.sha256}")
            histories.setdefault((session, one.path), []).append(content)
    for turn in zip_longest(*histories.values()):
        for place, content in reversed(list(zip(histories, turn, strict=True))):
            if content is not None:
                fresh._put(place, content)
        for session in reversed(fresh.sessions):
            ingest(fresh.store, session, fresh.folder / "inbox" / session, f"inbox/{session}", shard_size=3)
    for act in world.facts.acts:
        fresh.decide(act)
    forget()
    fresh.everything()
