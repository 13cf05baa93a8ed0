"""A clock that is wrong, jumps, or shows another zone changes no byte of a bundle and makes no half object."""

import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from cli.workspace import Workspace
from gradphoto.adapters.folder_store import LEFTOVER_AGE, FolderStore
from gradphoto.adapters.store import StoreTrouble, digest
from gradphoto.stages.fsck import fsck
from tests.at_once import copied
from tests.faketime import LIBRARIES, night_under, set_clock
from tests.small_night import build, bundles, run, small

pytestmark = pytest.mark.skipif(not LIBRARIES, reason="faketime is not installed")

Amount = Callable[[int, int], int]
Figure = Callable[[str], None]
CLOCKS = [
    ("-400d", "", "Pacific/Kiritimati"),
    ("+1y", "-400d", "America/Adak"),
    ("-8y", "", "UTC"),
    ("-400d", "+1y", "Asia/Kolkata"),
    ("+1y", "", "Pacific/Kiritimati"),
    ("+0", "-1d", "America/Adak"),
    ("+0", "+2d", "Asia/Shanghai"),
    ("-8y", "+10y", "Antarctica/Troll"),
]
"""The offset at first, the one to which it jumps in mid-run, and the zone; in 2018 no picture was taken yet."""


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("clock")
    build(folder, small())
    return folder


@pytest.fixture(scope="module")
def done(workspace: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same after a night whose clock is right."""
    folder = copied(workspace, tmp_path_factory.mktemp("right") / "ws")
    run(folder)
    return folder


@pytest.fixture(scope="module")
def lone(done: Path) -> dict[str, bytes]:
    """The bundles of that night."""
    return bundles(done)


def test_a_wrong_or_jumping_clock_changes_no_byte(
    workspace: Path, lone: dict[str, bytes], tmp_path: Path, amount: Amount, figure: Figure
) -> None:
    tried = CLOCKS[: amount(2, 8)]
    for number, (first, later, zone) in enumerate(tried):
        folder, clock = copied(workspace, tmp_path / f"{number}"), tmp_path / f"clock-{number}"
        set_clock(clock, first)
        with night_under(clock, zone, folder) as night:
            if later:
                wait_for_the_middle(folder, night.poll)
                set_clock(clock, later)
            said, trouble = night.communicate()
        assert said.startswith("0 "), trouble
        assert lone == bundles(folder), (first, later, zone)
        assert [] == fsck(Workspace(folder).store), (first, later, zone)
    figure(f"{len(tried)} 种错误的、跳变的时钟和时区：照片包字节相同，fsck 无问题")


def test_the_clock_of_these_tests_does_lie(done: Path, tmp_path: Path) -> None:
    folder, clock = copied(done, tmp_path / "ws"), tmp_path / "clock"
    for offset, ahead in (("+1y", "True"), ("-400d", "False")):
        set_clock(clock, offset)
        with night_under(clock, "UTC", folder) as night:
            assert f"0 {ahead}\n" == night.communicate()[0]


def test_two_nights_at_once_whose_clocks_are_a_year_apart_come_to_the_same_bytes(
    workspace: Path, lone: dict[str, bytes], tmp_path: Path, amount: Amount, figure: Figure
) -> None:
    """Each file that one is writing would be a year old to the other, who must not sweep it away."""
    rounds = amount(1, 10)
    for number in range(rounds):
        folder = copied(workspace, tmp_path / f"{number}")
        right, ahead = tmp_path / "right", tmp_path / "ahead"
        set_clock(right, "+0")
        set_clock(ahead, "+1y")
        with night_under(right, "UTC", folder) as one, night_under(ahead, "UTC", folder) as other:
            said = [night.communicate() for night in (one, other)]
        assert [0, 0] == [one.returncode, other.returncode], said
        assert ["0", "0"] == [out.split()[0] for out, _ in said]
        assert lone == bundles(folder), said
        assert [] == fsck(Workspace(folder).store), said
    figure(f"{rounds} 次两个时钟相差一年的流程同时进行：字节相同，没有一个中心失败")


@pytest.mark.parametrize("size", [1, 1 << 20, 5 << 20])
def test_a_file_that_is_swept_while_it_is_written_is_trouble_and_never_half_an_object(
    tmp_path: Path, size: int
) -> None:
    store, data = FolderStore(tmp_path / "store"), b"x" * size

    def pieces() -> Iterator[bytes]:
        for path in (tmp_path / "store" / ".tmp").iterdir():
            path.unlink()  # by one whose clock says that nobody wrote to it for a day
        yield data

    with pytest.raises(StoreTrouble):
        store.keep_from("originals", pieces())
    assert [] == list(store.keys("originals"))
    assert digest(data) == store.keep_from("originals", [data]).sha256
    assert [data] == [store.read(key) for key in store.keys("originals")]


def test_what_is_written_now_is_not_swept_and_what_nobody_wrote_to_for_a_day_is(tmp_path: Path) -> None:
    """Also a time stamp of the future is no age."""
    store = FolderStore(tmp_path)
    store.create("inputs/first", b"x")
    ages = {"now": 0, "future": -1000 * LEFTOVER_AGE, "an-hour": 3600, "old": LEFTOVER_AGE + 60}
    for name, age in ages.items():
        put(tmp_path / ".tmp", name, time.time() - age)
    store.sweep()
    assert ["an-hour", "future", "now"] == sorted(path.name for path in (tmp_path / ".tmp").iterdir())


def put(folder: Path, name: str, at: float) -> None:
    path = folder / name
    path.write_bytes(b"half")
    os.utime(path, (at, at))


def wait_for_the_middle(folder: Path, ended: Callable[[], int | None]) -> None:
    """Until the first shard was read, which is about half of a night."""
    while ended() is None and not list(folder.glob("store/readings/*/*.jsonl")):
        time.sleep(0.02)
