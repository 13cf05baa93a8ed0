"""What `status` keeps for whoever asks next is always what it would compute, whatever happened meanwhile."""

import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import invariant, run_state_machine_as_test

from cli.workspace import Workspace
from gradphoto.adapters.folder_store import FolderStore
from gradphoto.adapters.store import Store, StoreTrouble
from gradphoto.layout import derived, everything
from gradphoto.stages.close import close_session
from gradphoto.stages.fsck import fsck
from gradphoto.stages.season import Season
from gradphoto.stages.snapshot import newest_snapshot
from gradphoto.stages.standing import SOURCES, Overview, computed, overview
from tests.counting import Counting
from tests.purging import purge, student
from tests.season_machine import Season as Machine
from tests.season_world import played
from tests.seaweed import BUCKET
from tests.small_night import BOB, GUYUAN, build, program, run, small

pytest_plugins = ["tests.seaweed_fixture"]


@pytest.fixture(scope="module")
def done(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("done")
    build(folder, small())
    run(folder)
    return folder


@pytest.fixture
def night(done: Path, tmp_path: Path) -> Path:
    shutil.copytree(done, tmp_path / "ws")
    return tmp_path / "ws"


def nobody_asks() -> Season:
    raise AssertionError("what was kept does not fit")


def kept(store: Store) -> list[str]:
    return derived(store)["standings"]


def afresh(folder: Path) -> Overview:
    place = Workspace(folder)
    return computed(place.store, place.season)


class Told(Machine):
    """A season in which somebody asks after every step."""

    asked = found = 0

    @invariant()
    def what_is_told_is_what_is_so(self) -> None:
        if not newest_snapshot(self.world.store):
            return
        place = Workspace(self.world.folder)
        before = set(kept(place.store))
        told = overview(place.store, lambda: place.season)
        assert computed(place.store, place.season) == told == overview(place.store, nobody_asks)
        Told.asked += 1
        Told.found += before == set(kept(place.store))


def test_whatever_happens_in_a_season_what_is_told_is_what_would_be_computed(
    amount: Callable[[int, int], int], figure: Callable[[str], None]
) -> None:
    many = settings(
        max_examples=amount(3, 500),
        stateful_step_count=12,
        phases=[Phase.generate],
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    with played():
        run_state_machine_as_test(Told, settings=many)
    assert 0 < Told.found < Told.asked
    figure(f"asked {Told.asked} times, kept {Told.found} times")


def test_a_night_leaves_it_for_whoever_asks_next(night: Path) -> None:
    store = Workspace(night).store
    (key,) = kept(store)
    assert afresh(night) == overview(store, nobody_asks)
    assert [key] == kept(store)


def test_status_says_the_same_from_what_is_kept_and_afresh(night: Path) -> None:
    before = program("status", "--json", folder=night)
    shutil.rmtree(night / "store" / "standings")
    after = program("status", "--json", folder=night)
    assert (0, before.stdout, before.stderr) == (after.returncode, after.stdout, after.stderr)
    assert 1 == len(kept(Workspace(night).store))


def test_with_a_record_more_it_is_computed_anew(night: Path) -> None:
    store = Workspace(night).store
    close_session(store, GUYUAN, "office", "2023-07-03T20:00:00")
    found = overview(store, lambda: Workspace(night).season)
    assert (True, 2) == (found.status.sessions[1].closed, len(kept(store)))


@pytest.mark.parametrize(
    "spoil",
    [
        lambda data: data[:-9],
        lambda data: data[: data.index(b"\n") + 1],
        lambda data: data.replace(b'"total":13', b'"total":14'),
        lambda _: b"",
        lambda _: b"\xff\xfe{",
        lambda data: data.replace(b'"kind":"standings"', b'"kind":"runs"'),
    ],
)
def test_what_was_cut_off_or_spoiled_is_computed_anew_and_named_by_fsck(
    night: Path, spoil: Callable[[bytes], bytes]
) -> None:
    store, expected = Workspace(night).store, afresh(night)
    (key,) = kept(store)
    path = night / "store" / key
    spoiled = spoil(path.read_bytes())
    assert spoiled != path.read_bytes()
    path.write_bytes(spoiled)
    assert expected == overview(store, lambda: Workspace(night).season)
    (fault,) = fsck(store)
    assert key in fault


def test_under_another_key_it_is_not_believed(night: Path) -> None:
    store = Workspace(night).store
    (old,) = kept(store)
    close_session(store, GUYUAN, "office", "2023-07-03T20:00:00")
    overview(store, lambda: Workspace(night).season)
    (new,) = set(kept(store)) - {old}
    shutil.copy(night / "store" / old, night / "store" / new)
    assert overview(store, lambda: Workspace(night).season).status.sessions[1].closed


class Full(FolderStore):
    """A store that takes nothing more."""

    def create(self, key: str, _data: bytes) -> bool:
        raise StoreTrouble(f"{key}：已满")


def test_a_store_that_takes_nothing_keeps_nobody_from_being_told(night: Path) -> None:
    shutil.rmtree(night / "store" / "standings")
    full = Full(night / "store")
    assert afresh(night) == overview(full, lambda: Workspace(night).season)
    assert [] == kept(full)


def test_before_the_first_run_nothing_is_kept(tmp_path: Path) -> None:
    build(tmp_path, small())
    place = Workspace(tmp_path)
    assert computed(place.store, place.season) == overview(place.store, lambda: place.season)
    assert [] == kept(place.store)


def test_a_purge_leaves_nothing_of_what_was_told(night: Path) -> None:
    store = Workspace(night).store
    old = set(kept(store))
    purge(night, student(BOB.student_no))
    assert set() == old & set(kept(store))
    assert afresh(night) == overview(store, lambda: Workspace(night).season)


def test_a_copy_has_none_of_it(night: Path) -> None:
    assert [] == [key for key in everything(Workspace(night).store) if key.startswith("standings/")]


@pytest.mark.usefixtures("seaweed")
def test_on_s3_it_is_a_listing_for_each_kind_of_record_and_one_object(tmp_path: Path) -> None:
    build(tmp_path, small())
    settings_ = tmp_path / "gradphoto.toml"
    settings_.write_text(f'store = "s3://{BUCKET}/standing"\n', encoding="utf-8")
    assert () == run(tmp_path).run.failed
    counting = Counting(Workspace(tmp_path).store)
    assert afresh(tmp_path) == overview(counting, nobody_asks)
    assert {"LIST": len(SOURCES), "GET": 1} == counting.requests


def test_who_only_asks_does_not_wait_for_prefect_to_come() -> None:
    code = "import sys, cli.main; sys.exit('prefect' in sys.modules)"
    assert 0 == subprocess.run([sys.executable, "-c", code], check=False).returncode
