"""Backup: a copy that is whole as far as it goes, never overwritten, and good to work on."""

import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from cli.workspace import Workspace
from gradphoto.adapters.folder_store import FolderStore
from gradphoto.adapters.store import Store, keep
from gradphoto.layout import KINDS, everything, kind_of
from gradphoto.original import Original
from gradphoto.records import ingests
from gradphoto.stages import backup as backup_module
from gradphoto.stages.backup import backup
from gradphoto.stages.fsck import fsck
from tests.seaweed import Seaweed
from tests.small_night import GUYUAN, build, bundles, program, run, small

pytest_plugins = ["tests.seaweed_fixture"]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace after its night."""
    folder = tmp_path_factory.mktemp("night")
    build(folder, small())
    run(folder)
    return folder


@pytest.fixture
def store(folder: Path) -> FolderStore:
    return FolderStore(folder / "store")


@pytest.fixture
def target(tmp_path: Path) -> FolderStore:
    return FolderStore(tmp_path / "copy")


def contents(store: Store) -> dict[str, str]:
    """The digest of every object."""
    return {key: store.digest(key) for key in everything(store)}


def test_a_copy_is_the_same_has_no_fault_and_a_second_time_nothing_is_copied(
    store: FolderStore, target: FolderStore
) -> None:
    ticks: list[int] = []
    objects = contents(store)
    size = sum(store.size(key) for key in objects)
    assert (len(objects), 0, size, ()) == backup(store, target, ticks.append)
    assert objects == contents(target)
    assert [] == fsck(target)
    assert (0, len(objects), 0, ()) == backup(store, target)
    assert len(objects) == sum(ticks)


def test_only_what_is_new_is_copied(store: FolderStore, target: FolderStore, tmp_path: Path) -> None:
    shutil.copytree(store.root, tmp_path / "store")
    grown = FolderStore(tmp_path / "store")
    known = backup(grown, target).new
    keep(grown, "inputs", b"one more")
    assert (1, known, 8, ()) == backup(grown, target)


@pytest.mark.parametrize("kind", ["inputs", "bundles", "decisions"])
def test_what_is_another_in_the_copy_is_named_and_left(
    store: FolderStore, target: FolderStore, kind: str, tmp_path: Path
) -> None:
    shutil.copytree(store.root, tmp_path / "store")
    store = FolderStore(tmp_path / "store")
    key = next(store.keys(kind), f"{kind}/000001.jsonl")
    store.create(key, b"mine")
    target.create(key, b"theirs, longer")
    copied = backup(store, target)
    (fault,) = copied.faults
    assert f"备份中的 {key}：" in fault
    assert b"theirs, longer" == target.read(key)
    assert [key] == [each for each in everything(store) if store.digest(each) != target.digest(each)]


def test_what_is_damaged_is_named_and_not_handed_on_and_the_rest_is_copied(
    store: FolderStore, target: FolderStore, tmp_path: Path
) -> None:
    shutil.copytree(store.root, tmp_path / "store")
    store = FolderStore(tmp_path / "store")
    damaged, unreadable = list(store.keys("originals"))[:2]
    (store.root / damaged).write_bytes(b"damaged")
    (store.root / unreadable).unlink()
    (store.root / unreadable).symlink_to(store.root / unreadable)
    copied = backup(store, target)
    assert [True, True] == [key in line for key, line in zip((damaged, unreadable), copied.faults, strict=True)]
    assert {damaged, unreadable} == set(everything(store)) - set(everything(target))


def test_large_objects_are_not_held_in_memory(
    store: FolderStore, target: FolderStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(backup_module, "IN_MEMORY", 1000)
    backup(store, target)
    assert contents(store) == contents(target)


class CutOff(Exception):
    pass


@pytest.mark.parametrize("share", [0.1, 0.5, 0.7, 0.8, 0.9, 0.97])
def test_a_copy_that_was_cut_off_refers_to_nothing_that_it_lacks(
    store: FolderStore, target: FolderStore, share: float
) -> None:
    left = int(len(contents(store)) * share)

    def tick(count: int) -> None:
        nonlocal left
        left -= count
        if left <= 0:
            raise CutOff

    with pytest.raises(CutOff):
        backup(store, target, tick)
    unfinished = ("再收一次即补上", "下次运行会自动补上")
    assert [] == [line for line in fsck(target) if not any(word in line for word in unfinished)]


BACKUP = """
import sys
from pathlib import Path
from gradphoto.adapters.folder_store import FolderStore
from gradphoto.stages.backup import backup
backup(FolderStore(Path(sys.argv[1])), FolderStore(Path(sys.argv[2])), lambda _: print("one", flush=True))
"""


@pytest.mark.parametrize("objects", [1, 9, 25])
def test_a_backup_that_was_killed_goes_on_the_next_time(
    store: FolderStore, target: FolderStore, objects: int
) -> None:
    command = [sys.executable, "-c", BACKUP, str(store.root), str(target.root)]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as victim:
        assert victim.stdout
        for _ in range(objects):
            victim.stdout.readline()
        os.kill(victim.pid, signal.SIGKILL)
    there = len(contents(target))
    assert objects <= there <= len(contents(store))
    assert (len(contents(store)) - there, there) == backup(store, target)[:2]
    assert contents(store) == contents(target)
    assert [] == fsck(target)


class Busy(FolderStore):
    """A store into which a run takes one more file each time that somebody lists its keys."""

    def keys(self, prefix: str) -> Iterator[str]:
        found = super().keys(prefix)
        plain, data = FolderStore(self.root), f"{prefix} {len(list(self.root.rglob('*')))}".encode()
        place: dict[str, Any] = {"session": GUYUAN, "source": "late", "path": data.decode(), "mtime_ns": 1}
        original = Original(sha256=keep(plain, "originals", data), size=len(data), **place)
        ingests(plain, GUYUAN).append([original.model_dump(mode="json")])
        return found


def test_while_a_run_is_writing_the_copy_is_whole_all_the_same(
    store: FolderStore, target: FolderStore, tmp_path: Path
) -> None:
    shutil.copytree(store.root, tmp_path / "store")
    backup(Busy(tmp_path / "store"), target)
    unfinished = "再收一次即补上"
    assert [] == [line for line in fsck(target) if unfinished not in line]
    backup(FolderStore(tmp_path / "store"), target)
    assert [] == fsck(target)


def test_content_is_listed_after_the_records_and_copied_before_them(store: FolderStore) -> None:
    kinds = list(KINDS)
    order = [kinds.index(kind_of(key)) for key in everything(store)]
    assert sorted(order) == order


def test_a_night_goes_on_with_the_copy_to_the_same_bytes(tmp_path: Path) -> None:
    mine, other = tmp_path / "mine", tmp_path / "other"
    build(mine, small())
    late = sorted((mine / "inbox" / GUYUAN).rglob("*.JPG"))[2]
    late.rename(tmp_path / "late")
    run(mine, drill=["longde"])
    shutil.copytree(mine, other, ignore=shutil.ignore_patterns("store", "reports"))
    backup(Workspace(mine).store, Workspace(other).store)
    for folder in (mine, other):
        shutil.copy2(tmp_path / "late", folder / late.relative_to(mine))
        run(folder)
        assert [] == fsck(Workspace(folder).store)
    assert {"guyuan-v0001.zip", "guyuan-v0002.zip", "longde-v0001.zip"} == set(bundles(mine))
    assert bundles(mine) == bundles(other)


def test_the_command_copies_to_a_folder_and_says_what_it_did(folder: Path, target: FolderStore) -> None:
    done = program("backup", "--to", target.root, "--json", folder=folder)
    number, size = len(contents(target)), sum(target.size(key) for key in everything(target))
    expected = {"to": f"file:{target.root.as_posix()}", "new": number, "known": 0, "bytes": size, "faults": []}
    assert (0, expected) == (done.returncode, json.loads(done.stdout))
    (target.root / next(target.keys("runs"))).write_bytes(b"another")
    again = program("backup", "--to", f"file:{target.root}", folder=folder)
    assert (1, 2) == (again.returncode, len(again.stdout.splitlines()))


@pytest.mark.parametrize("to", ["store", "store/copy", "."])
def test_a_copy_within_the_store_or_round_it_is_refused(folder: Path, to: str) -> None:
    before = contents(FolderStore(folder / "store"))
    done = program("backup", "--to", folder / to, folder=folder)
    assert (2, "", 1) == (done.returncode, done.stdout, len(done.stderr.splitlines()))
    assert before == contents(FolderStore(folder / "store"))


def test_it_goes_to_s3_and_back(store: FolderStore, target: FolderStore, seaweed: Seaweed) -> None:
    away = seaweed.new_store()
    number = len(contents(store))
    assert (number, 0) == backup(store, away)[:2]
    assert (0, number) == backup(store, away)[:2]
    assert (number, 0) == backup(away, target)[:2]
    assert contents(store) == contents(target)
