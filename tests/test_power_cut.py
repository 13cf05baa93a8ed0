"""Power cuts: whatever was promised by then is there and whole, and the next run comes to the same bytes."""

import re
import shutil
from collections.abc import Callable, Iterator
from itertools import product
from pathlib import Path

import pytest

from gradphoto.adapters.folder_store import FolderStore
from gradphoto.adapters.offload import offload
from gradphoto.card_manifest import ManifestError, is_manifest, read_manifest
from gradphoto.stages.fsck import examine
from tests.faults import put
from tests.power import Disk, Tree, lay_out, look, python, said, spread, trace
from tests.small_night import build, bundles, run, small

pytestmark = pytest.mark.skipif(shutil.which("strace") is None, reason="strace is not installed")

NOTHING, SOME, EVERYTHING = 0, 0.5, 1
"""The chance of what was not synced to be there all the same."""
LEFTOVER = re.compile("收片中断所致|运行中断所致，下次运行会自动补上")
"""What fsck says of work that was cut off, and the next run finishes."""
Amount = Callable[[int, int], int]
Figure = Callable[[str], None]


def cut_off(what: str, top: Path, place: Path, **environment: str) -> Disk:
    """The journal of everything below `top` while that program ran."""
    before = look(top)
    calls = trace(python("tests.power_child", what, place), place.parent / f"{place.name}.log", **environment)
    return Disk(top, before, calls)


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the night runs."""
    folder = tmp_path_factory.mktemp("power") / "night"
    build(folder, small())
    return folder


@pytest.fixture(scope="module")
def night(place: Path) -> Disk:
    """The journal of a night, its workers included, of parcels and of their courier sheet."""
    return cut_off("night", place, place)


@pytest.fixture(scope="module")
def card(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A card in the camera's manner, and two empty drives."""
    folder = tmp_path_factory.mktemp("power") / "offload"
    for number in range(1, 8):
        put(
            folder, f"card/DCIM/{100 + number // 5}CANON/IMG_{number:04d}.JPG", bytes([number]) * 50_000, at=number
        )
    for drive in "AB":
        (folder / "drives" / drive).mkdir(parents=True)
    return folder


@pytest.fixture(scope="module")
def offloaded(card: Path) -> Disk:
    """The journal of both drives while the card was copied."""
    return cut_off("offload", card / "drives", card)


def promised(disk: Disk) -> list[tuple[int, str]]:
    """What the program was told to be durable: when, and the path."""
    lines = ((call.begin, line) for call in disk.calls for line in said(call).splitlines())
    top = f"whole {disk.top}/"
    return [(begin, line.removeprefix(top)) for begin, line in lines if line.startswith(top)]


def after_cuts(disk: Disk, more: int, seeds: int = 1) -> Iterator[tuple[float, Tree]]:
    """Every cut in all three ways, by chance with several outcomes."""
    ways = [(NOTHING, 0), (EVERYTHING, 0), *((SOME, seed) for seed in range(seeds))]
    for cut, (chance, seed) in product(disk.cuts(more), ways):
        yield cut, disk.after(cut, chance, seed)


def lost(disk: Disk, more: int = 0, seeds: int = 1) -> tuple[int, set[str]]:
    """How many outcomes were tried, and whatever was promised by then and is not there, or not whole."""
    promises, tried, missing = promised(disk), 0, set[str]()
    for cut, tree in after_cuts(disk, more, seeds):
        due = {path for begin, path in promises if begin < cut}
        missing |= {path for path in due if not ((found := tree.get(path)) and found.whole)}
        tried += 1
    return tried, missing


def distinct(disk: Disk, more: int, within: str = "") -> list[Tree]:
    """Every outcome once, as far as it is below a folder."""
    kept = {}
    for _, tree in after_cuts(disk, more):
        below = {path.removeprefix(within): found for path, found in tree.items() if path.startswith(within)}
        kept[tuple((path, found and (found.size, found.sure)) for path, found in sorted(below.items()))] = below
    return list(kept.values())


def test_whatever_was_promised_outlasts_a_power_cut_at_any_moment(
    night: Disk, amount: Amount, figure: Figure
) -> None:
    tried, missing = lost(night, more=amount(50, 2000), seeds=amount(1, 20))

    figure(f"{len(night.syncs)} fsyncs, {len(promised(night))} promises, {tried} power cuts, {len(missing)} lost")
    assert len(promised(night)) > 40
    assert set() == missing


def test_a_store_after_a_power_cut_has_no_fault_but_work_to_finish(
    night: Disk, tmp_path: Path, amount: Amount, figure: Figure
) -> None:
    outcomes = spread(distinct(night, amount(50, 500), "store/"), amount(40, 5000))
    wrong: list[str] = []
    for tree in outcomes:
        lay_out(tree, tmp_path / "store")
        wrong += [line for line in examine(FolderStore(tmp_path / "store")).faults if not LEFTOVER.search(line)]
        shutil.rmtree(tmp_path / "store")

    figure(f"{len(outcomes)} stores after power cuts examined, {len(wrong)} faults")
    assert [] == wrong


def test_a_courier_sheet_on_record_is_never_lost(night: Disk) -> None:
    sheets = {f"manifests/first/{name}" for name in ("mailing.csv", "mailing.xlsx", "sf.xlsx")}
    for _, tree in after_cuts(night, 0):
        if "store/sheets/000001.jsonl" in tree:
            assert all(tree[path].whole for path in sheets)


def test_the_next_night_after_a_power_cut_comes_to_the_same_bytes(
    night: Disk, place: Path, tmp_path: Path, amount: Amount, figure: Figure
) -> None:
    uncut, outcomes = bundles(place), spread(distinct(night, 0), amount(4, 100))
    for number, tree in enumerate(outcomes):
        folder = tmp_path / str(number)
        lay_out(tree, folder)
        run(folder)
        assert uncut == bundles(folder)
        shutil.rmtree(folder)
    figure(f"{len(outcomes)} nights after a power cut, all {len(uncut)} bundles of each byte for byte the same")


@pytest.mark.parametrize("lazy", ["settle", "sync_folder"])
def test_a_forgotten_fsync_would_be_noticed(lazy: str, tmp_path: Path) -> None:
    for number in range(5):
        put(tmp_path, f"w/inbox/IMG_{number}.JPG", bytes([number]) * 9000)

    assert lost(cut_off("ingest", tmp_path / "w", tmp_path / "w", LAZY=lazy))[1]


def test_without_that_nothing_is(tmp_path: Path) -> None:
    for number in range(5):
        put(tmp_path, f"w/inbox/IMG_{number}.JPG", bytes([number]) * 9000)

    assert set() == lost(cut_off("ingest", tmp_path / "w", tmp_path / "w"))[1]


def released(disk: Disk) -> int:
    """When the program said that the card may be formatted."""
    (line,) = (call.begin for call in disk.calls if "\n可以格式化\n" in f"\n{said(call)}")
    return line


def copies_lost(disk: Disk, card: Path, more: int = 0, seeds: int = 1) -> tuple[int, set[str]]:
    """The same for a card: what a copy misses though a manifest, or 可以格式化, said that it is whole."""
    files, end = look(card / "card"), released(disk)
    tried, missing = 0, set[str]()
    for cut, tree in after_cuts(disk, more, seeds):
        tried += 1
        for drive in "AB":
            copy = f"{drive}/2023-07-02-yanchi/card-0001/"
            listed = [
                path for path, found in tree.items() if found and path.startswith(copy) and is_manifest(path)
            ]
            missing |= {path for path in listed if not keeps_its_word(tree, copy, path)}
            if cut > end:
                wanted = {copy + path: data for path, data in files.items() if data is not None}
                missing |= {
                    path for path, data in wanted.items() if not (tree.get(path) and data == tree[path].data)
                }
                missing |= set() if listed else {f"{copy}card-manifest.txt"}
    return tried, missing


def keeps_its_word(tree: Tree, copy: str, manifest: str) -> bool:
    """Whether all that it lists is there and whole."""
    try:
        listed = read_manifest(tree[manifest].data)
    except ManifestError:
        return False
    return all((found := tree.get(copy + each.path)) and found.whole for each in listed)


def test_a_card_that_may_be_formatted_is_on_both_drives_whatever_happens_next(
    offloaded: Disk, card: Path, amount: Amount, figure: Figure
) -> None:
    tried, missing = copies_lost(offloaded, card, amount(50, 2000), amount(1, 20))

    figure(f"{len(offloaded.syncs)} fsyncs, {tried} power cuts while a card was copied, {len(missing)} lost")
    assert set() == missing


def test_an_offload_after_a_power_cut_finishes_the_copies(
    offloaded: Disk, card: Path, tmp_path: Path, amount: Amount, figure: Figure
) -> None:
    outcomes = spread(distinct(offloaded, 0), amount(15, 500))
    for tree in outcomes:
        lay_out(tree, tmp_path / "drives")
        roots = [tmp_path / "drives" / drive / "2023-07-02-yanchi" for drive in "AB"]
        done = offload(card / "card", roots, lambda _: lambda _done, _total: None)
        assert ((), True) == (done.faults, done.may_format)
        shutil.rmtree(tmp_path / "drives")
    figure(f"{len(outcomes)} offloads after a power cut, all whole")


@pytest.mark.parametrize("lazy", ["settle", "sync_folder"])
def test_a_fsync_forgotten_on_a_drive_would_be_noticed(lazy: str, card: Path, tmp_path: Path) -> None:
    shutil.copytree(card / "card", tmp_path / "w" / "card")
    for drive in "AB":
        (tmp_path / "w" / "drives" / drive).mkdir(parents=True)

    assert copies_lost(cut_off("offload", tmp_path / "w" / "drives", tmp_path / "w", LAZY=lazy), card)[1]
