"""A disk that fills while a night runs: nothing is lost or half written, and with room the same bytes come."""

import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest

from cli.workspace import Workspace
from gradphoto.adapters.folder_store import FolderStore
from gradphoto.adapters.room import refuse_shortage
from gradphoto.layout import everything
from gradphoto.records import originals
from gradphoto.stages.fsck import fsck
from gradphoto.stages.room import night_needs
from tests.small_disk import balloon, gradphoto, small_disk
from tests.small_night import GUYUAN, build, bundles, run, small
from tests.test_power_cut import LEFTOVER

DISK = 90 << 20
OBJECTS = 36
"""In the store after the small night; the first is an input, the last the record of the run."""


@pytest.fixture(scope="module")
def uncut(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """The bundles of a night that had room."""
    folder = tmp_path_factory.mktemp("uncut")
    build(folder, small())
    run(folder)
    return bundles(folder)


@pytest.fixture
def hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """A disk that is full stays so, however long a stage waits before it tries again."""
    monkeypatch.setattr("flows.each.DELAYS", [0.0, 0.0])


def objects(store: FolderStore) -> dict[str, str]:
    """Every object by its key, with the digest of its bytes."""
    return {key: store.digest(key) for key in everything(store)}


def workspace(disk: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """On a disk that it shares with the temporary files, and that has room enough as far as anybody can know."""
    build(disk / "w", small())
    (disk / "tmp").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(disk / "tmp"))
    place = Workspace(disk / "w")
    refuse_shortage(night_needs(place.store, place.campaign_now, place.folder, [GUYUAN]))
    return disk / "w"


def assert_nothing_is_lost(folder: Path, before: dict[str, str], uncut: dict[str, bytes]) -> None:
    """After one plain run: every object of `before` as it was, every file of the inbox, the same bundles."""
    store = FolderStore(folder / "store")
    assert before.items() <= objects(store).items()
    inbox = [path for path in (folder / "inbox" / GUYUAN).rglob("*") if path.is_file()]
    assert len(inbox) == len(originals(store, GUYUAN))
    assert uncut == bundles(folder)
    assert [] == fsck(store)


@pytest.mark.usefixtures("hurried")
def test_a_disk_that_fills_at_any_point_costs_nothing_but_another_night(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    uncut: dict[str, bytes],
    amount: Callable[[int, int], int],
    figure: Callable[[str], None],
) -> None:
    nights, failures = amount(3, 60), 0
    for number in range(nights):
        with small_disk(tmp_path / str(number), DISK) as disk:
            folder = workspace(disk, monkeypatch)
            filled_from = 6 + number * (OBJECTS - 6) // nights  # the inputs are in before the night begins
            with balloon(disk, number % 3 * 40_000, folder / "store", filled_from):
                done = run(folder)
            assert all("磁盘已满" in one.reason for one in done.run.failed)
            failures += bool(done.run.failed)
            store = FolderStore(folder / "store")
            before = objects(store)
            assert [] == [line for line in fsck(store) if not LEFTOVER.search(line)]
            assert () == run(folder).run.failed
            assert_nothing_is_lost(folder, before, uncut)
    figure(f"{nights} nights on a disk that filled, {failures} of them with failed centres, 0 files lost")
    assert failures


def test_the_program_ends_with_the_centres_by_name_even_when_prefect_has_no_room_either(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, uncut: dict[str, bytes]
) -> None:
    with small_disk(tmp_path / "disk", DISK) as disk:
        folder = workspace(disk, monkeypatch)
        monkeypatch.setenv("PREFECT_HOME", str(disk / "prefect"))
        with balloon(disk, 0, folder / "store", 9):
            ended = gradphoto("nightly", GUYUAN, "--workspace", folder, temporary=disk / "tmp")
        assert 3 == ended.returncode, ended.stderr
        assert "Traceback" not in ended.stderr
        assert "处理失败的中心：guyuan longde pengyang xiji" in ended.stderr
        assert f"gradphoto nightly {GUYUAN}" in ended.stderr.replace("\n", " ")
        before = objects(FolderStore(folder / "store"))
        run(folder)
        assert_nothing_is_lost(folder, before, uncut)
