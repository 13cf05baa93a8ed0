"""Two runs at once over one store: one version each, the same bytes as a run alone, and the newest inputs win."""

import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

import pytest

from cli.workspace import Workspace
from gradphoto.adapters.store import Store
from gradphoto.packed import newest
from gradphoto.stages.fsck import fsck
from gradphoto.stages.pack import pack
from tests.at_once import a_night, at_once, copied, prepared
from tests.remembered import remembered
from tests.seaweed import BUCKET, Seaweed
from tests.small_night import ANNA, GUYUAN, build, bundles, planned, program, run, small

pytest_plugins = ["tests.seaweed_fixture"]

Amount = Callable[[int, int], int]
Figure = Callable[[str], None]
FIRST = {"guyuan-v0001.zip", "longde-v0001.zip"}


@pytest.fixture(scope="module", autouse=True)
def quick() -> Iterator[None]:
    """Each picture is read and rendered once for all rounds."""
    with remembered():
        yield


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace in which nothing was run yet."""
    folder = tmp_path_factory.mktemp("untouched")
    build(folder, small())
    return folder


@pytest.fixture(scope="module")
def lone(workspace: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """The bundles of a run alone."""
    return alone(copied(workspace, tmp_path_factory.mktemp("lone") / "ws"))


@pytest.fixture(scope="module")
def seconds(workspace: Path, lone: dict[str, bytes], tmp_path_factory: pytest.TempPathFactory) -> float:
    """How long such a run takes: so far apart two may begin and still meet."""
    assert lone  # what is read and rendered is remembered by now
    folder = copied(workspace, tmp_path_factory.mktemp("timed") / "ws")
    began = time.monotonic()
    run(folder)
    return time.monotonic() - began


def alone(folder: Path) -> dict[str, bytes]:
    run(folder)
    return bundles(folder)


def correct(folder: Path) -> None:
    """The roster as the office corrects it: the first student belongs to another centre."""
    roster = folder / "rosters" / "名册.csv"
    text = roster.read_bytes().decode("gb18030").replace("固原学院", "西吉学习中心", 1)
    new = roster.with_name(".new")
    new.write_bytes(text.encode("gb18030"))
    new.replace(roster)


def by_centre(folder: Path) -> dict[str, dict[str, bytes]]:
    """The bundles of each centre: two runs need not be the faster one at the same centres."""
    found: dict[str, dict[str, bytes]] = {}
    for name, data in bundles(folder).items():
        found.setdefault(name.partition("-")[0], {})[name] = data
    return found


def said(store: Store) -> dict[str, list[str]]:
    """By centre the students whose portraits its newest bundle holds."""
    found = {centre: newest(store, centre) for centre in ("guyuan", "longde", "xiji")}
    return {centre: [one.student_no for one in packed.deliveries] for centre, packed in found.items() if packed}


def test_two_nights_at_once_come_to_one_version_and_the_bytes_of_one_alone(
    workspace: Path, lone: dict[str, bytes], seconds: float, tmp_path: Path, amount: Amount, figure: Figure
) -> None:
    rounds = amount(3, 100)
    for seed in range(rounds):
        folder = copied(workspace, tmp_path / f"{seed}")
        at_once([a_night(folder), a_night(folder)], seconds, seed)
        assert (FIRST, lone) == (set(bundles(folder)), bundles(folder)), seed
        assert [] == fsck(Workspace(folder).store), seed
    figure(f"{rounds} 次两个夜间流程同时进行：每个中心一个版本，字节与单独运行相同，fsck 无问题")


def test_a_rerun_within_a_night_makes_the_failed_centre_once_and_touches_no_other(
    workspace: Path, lone: dict[str, bytes], seconds: float, tmp_path: Path, amount: Amount, figure: Figure
) -> None:
    failed = copied(workspace, tmp_path / "failed")
    run(failed, drill=["longde"])
    rounds = amount(3, 100)
    for seed in range(rounds):
        folder = copied(failed, tmp_path / f"{seed}")
        at_once([a_night(folder), a_night(folder, ["longde"])], seconds / 2, seed)
        assert lone == bundles(folder), seed
        assert [] == fsck(Workspace(folder).store), seed
    figure(f"{rounds} 次重做与夜间流程同时进行：失败的中心一个版本，其他中心不变，fsck 无问题")


def test_the_corrected_roster_wins_whichever_run_is_faster(
    workspace: Path, seconds: float, tmp_path: Path, amount: Amount, figure: Figure
) -> None:
    """A run that looked at the inputs before the correction may be second with everything; it must not undo it."""
    at_first, after = copied(workspace, tmp_path / "at-first"), copied(workspace, tmp_path / "after")
    correct(at_first)
    run(after)
    correct(after)
    run(at_first)
    run(after)
    allowed = by_centre(at_first), by_centre(after)
    rounds, overtaken = amount(4, 100), 0
    for seed in range(rounds):
        folder = copied(workspace, tmp_path / f"{seed}")
        older = prepared(folder) if seed % 2 else a_night(folder)
        at_once([older, a_night(folder, first=partial(correct, folder))], seconds / 2, seed)
        assert said(Workspace(folder).store)["xiji"] == [ANNA.student_no], seed
        came = by_centre(folder)
        assert {centre: came[centre] in (one[centre] for one in allowed) for centre in came} == (
            dict.fromkeys(allowed[0], True)
        ), seed
        assert [] == fsck(Workspace(folder).store), seed
        overtaken += came["guyuan"] == allowed[0]["guyuan"]
    figure(
        f"{rounds} 次在两个流程之间更正名册：最后一版都是更正后的，没有一次多出版本；"
        f"其中 {overtaken} 次更正前的名册一版也没有打出"
    )


def test_who_finds_a_zip_before_its_record_does_not_take_it_for_older_than_it_is(
    workspace: Path, tmp_path: Path
) -> None:
    """Between a zip and its record another run may look: it must not think of its own, older inputs as newer."""
    folder = copied(workspace, tmp_path / "ws")
    older = planned(folder)
    correct(folder)
    run(folder)
    newer, store = bundles(folder), Workspace(folder).store
    for record in folder.glob("store/packed/*/000001.jsonl"):
        record.unlink()  # as if the run of the newer inputs had not come so far
    assert [False] * 3 == [pack(store, older.snapshot, centre).made for centre in ("guyuan", "longde", "xiji")]
    assert newer == bundles(folder)


def test_two_nights_at_once_on_s3(
    workspace: Path, lone: dict[str, bytes], seconds: float, seaweed: Seaweed, tmp_path: Path, amount: Amount,
    figure: Figure,
) -> None:  # fmt: skip
    rounds = amount(1, 10)
    for seed in range(rounds):
        folder, store = copied(workspace, tmp_path / f"{seed}"), seaweed.new_store()
        settings = folder / "gradphoto.toml"
        text = settings.read_text(encoding="utf-8").replace("file:store", f"s3://{BUCKET}/{store.prefix}")
        settings.unlink()
        settings.write_text(text, encoding="utf-8")
        at_once([a_night(folder), a_night(folder)], seconds, seed)
        zips = {key.rpartition("/")[2]: store.read(key) for key in store.keys("bundles")}
        assert lone == zips, seed
        assert [] == fsck(store), seed
    figure(f"{rounds} 次两个夜间流程同时写同一个 S3 存储：每个中心一个版本，字节与文件夹存储相同")


def test_the_program_itself_twice_at_once(workspace: Path, lone: dict[str, bytes], tmp_path: Path) -> None:
    folder = copied(workspace, tmp_path / "ws")
    with ThreadPoolExecutor() as both:
        ended = list(both.map(lambda _: program("nightly", GUYUAN, folder=folder), range(2)))
    assert [0, 0] == [one.returncode for one in ended], [one.stderr for one in ended]
    assert lone == bundles(folder)
    assert [] == fsck(Workspace(folder).store)
