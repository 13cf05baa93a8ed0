"""Room on disks: what cannot fit is refused in one line before anything is written; what fits is not."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cli.workspace import Workspace
from gradphoto.adapters.folder_store import FolderStore
from gradphoto.adapters.room import disk_of
from gradphoto.adapters.s3_store import S3Store
from gradphoto.room import PORTRAIT, RESERVE, SPARE_FILES, Disk, Need, shortage
from gradphoto.stages.room import backup_needs, download_needs, ingest_needs, night_needs
from tests.faults import put
from tests.power import look
from tests.small_disk import gradphoto, small_disk
from tests.small_night import GUYUAN, build, run, small

SIZES = st.lists(st.integers(0, 1 << 33), max_size=20)
BLOCKS = st.sampled_from([512, 4096, 131072])
TOO_SMALL = RESERVE + (2 << 20)
"""Of a disk that could take the reserve, but nothing of a night beside it."""


def need(sizes: list[int], what: str = "存储", place: str = "store") -> Need:
    return Need(what, Path(place), sizes)


@given(SIZES, SIZES, BLOCKS, st.integers(0, 1 << 36))
def test_what_is_refused_cannot_fit_and_what_is_not_fits(
    one: list[int], other: list[int], block: int, free: int
) -> None:
    refused = shortage([need(one), need(other, "临时文件夹", "tmp")], Disk(1, block, free, None))

    taken = sum(-(-size // block) * block for size in one + other) + RESERVE
    assert bool(refused) == (bool(one or other) and taken > free)


@given(SIZES.filter(bool), st.integers(0, 1 << 33))
def test_the_line_says_how_much_to_free_and_that_is_enough(sizes: list[int], free: int) -> None:
    line = shortage([need(sizes)], Disk(1, 4096, free, None))
    if line:
        more = int(line.partition("请腾出 ")[2].split()[0]) << 20
        assert None is shortage([need(sizes)], Disk(1, 4096, free + more, None))
        assert "存储 store" in line
        assert "\n" not in line


def test_files_are_counted_where_the_file_system_counts_them() -> None:
    few, many = Disk(1, 4096, 1 << 40, SPARE_FILES + 1), Disk(1, 4096, 1 << 40, SPARE_FILES + 2)

    assert "inode" in (shortage([need([1, 1])], few) or "")
    assert None is shortage([need([1, 1])], many)
    assert None is shortage([need([1, 1])], few._replace(files=None))


def test_nothing_to_write_fits_on_a_full_disk() -> None:
    assert None is shortage([need([])], Disk(1, 4096, 0, 0))


def test_a_place_that_is_not_there_yet_is_on_the_disk_of_the_folder_above_it(tmp_path: Path) -> None:
    there, not_yet = disk_of(tmp_path), disk_of(tmp_path / "a" / "b")
    assert there
    assert not_yet
    assert there.id == not_yet.id


@pytest.fixture(scope="module")
def done(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace after a night."""
    folder = tmp_path_factory.mktemp("done")
    build(folder, small())
    run(folder)
    return folder


@pytest.fixture
def fresh(tmp_path: Path) -> Path:
    """A workspace before its first night."""
    build(tmp_path / "w", small())
    return tmp_path / "w"


def inbox(folder: Path) -> tuple[Path, str]:
    return folder / "inbox" / GUYUAN, f"inbox/{GUYUAN}"


def test_an_ingest_needs_room_for_what_is_new(fresh: Path, done: Path) -> None:
    sizes = [path.stat().st_size for path in inbox(fresh)[0].rglob("*") if path.is_file()]
    (store,) = ingest_needs(Workspace(fresh).store, GUYUAN, [inbox(fresh)])

    assert (fresh / "store", sorted(sizes)) == (store.place, store.sizes)
    assert [[]] == [each.sizes for each in ingest_needs(Workspace(done).store, GUYUAN, [inbox(done)])]


def test_a_card_that_was_copied_twice_needs_room_once(fresh: Path) -> None:
    once = ingest_needs(Workspace(fresh).store, GUYUAN, [inbox(fresh)])
    for path in list(inbox(fresh)[0].rglob("*.JPG")):
        at = path.stat().st_mtime - 1_688_256_000
        put(inbox(fresh)[0], f"again/{path.name}", path.read_bytes(), at)

    assert once == ingest_needs(Workspace(fresh).store, GUYUAN, [inbox(fresh)])


def test_a_night_needs_room_for_portraits_and_bundles_and_for_the_zips_aside(fresh: Path) -> None:
    place = Workspace(fresh)
    store, aside = night_needs(place.store, place.campaign_now, fresh, [GUYUAN])

    (taken,) = ingest_needs(place.store, GUYUAN, [inbox(fresh)])
    portraits = [PORTRAIT] * len(taken.sizes)
    assert taken.sizes + portraits + portraits == store.sizes
    assert ("临时文件夹", portraits) == (aside.what, aside.sizes)


def test_a_night_that_was_done_needs_nothing_until_something_is_new(done: Path) -> None:
    place = Workspace(done)
    assert [] == [size for each in _night(place) for size in each.sizes]


def test_what_a_night_takes_is_not_more_than_was_asked_for(done: Path, fresh: Path) -> None:
    """The bundles too: their tables are within the portraits' upper bound."""
    asked = sum(night_needs(Workspace(fresh).store, Workspace(fresh).campaign_now, fresh, [GUYUAN])[0].sizes)
    taken = sum(path.stat().st_size for path in (done / "store").rglob("*") if path.is_file())
    assert taken <= asked + RESERVE


def test_a_store_on_s3_needs_only_the_room_that_is_taken_aside(fresh: Path, done: Path) -> None:
    store = FolderStore(done / "store")
    assert [] == backup_needs(store, S3Store("photos-2023", ""))
    assert ["目标文件夹", "临时文件夹"] == [each.what for each in download_needs(fresh, 1)]


def _night(place: Workspace) -> list[Need]:
    return night_needs(place.store, place.campaign_now, place.folder, [GUYUAN])


def refused(*arguments: str | Path, where: Path, temporary: Path) -> str:
    """The one line with which the program refuses, having written nothing below `where`."""
    before = look(where)
    ended = gradphoto(*arguments, temporary=temporary)
    line = "".join(ended.stderr.split())
    assert (2, "") == (ended.returncode, ended.stdout), ended.stderr
    assert before == look(where)
    assert "磁盘空间不够" in line
    assert "请腾出" in line
    return line


def test_the_program_refuses_before_it_writes_and_names_the_disk(tmp_path: Path) -> None:
    with small_disk(tmp_path / "disk", TOO_SMALL) as disk:
        build(disk / "w", small())
        own = ("--workspace", disk / "w")
        there = {"where": disk / "w", "temporary": tmp_path / "tmp"}
        for command in (("ingest", GUYUAN), ("nightly", GUYUAN)):
            assert f"存储{disk}/w/store" in refused(*command, *own, **there)


def test_a_full_disk_for_temporary_files_is_named_too(tmp_path: Path, fresh: Path) -> None:
    with small_disk(tmp_path / "disk", RESERVE // 2) as disk:
        line = refused("nightly", GUYUAN, "--workspace", fresh, where=fresh / "store", temporary=disk / "tmp")
        assert f"临时文件夹{disk}/tmp" in line
        assert "存储" not in line.partition("：")[0]


def test_drives_backups_and_downloads_are_asked_too(tmp_path: Path, done: Path) -> None:
    own = ("--workspace", done)
    with small_disk(tmp_path / "disk", TOO_SMALL) as disk:
        there = {"where": disk, "temporary": tmp_path / "tmp"}
        assert f"备份{disk}/copy" in refused("backup", "--to", disk / "copy", *own, **there)
        (disk / "filled").write_bytes(bytes(4 << 20))
        assert f"目标文件夹{disk}/out" in refused("download", "guyuan", "--to", disk / "out", *own, **there)
        (tmp_path / "B").mkdir()
        drives = ("--to", disk, "--to", tmp_path / "B")
        line = refused("offload", inbox(done)[0], GUYUAN, *drives, **there)
        assert f"目标硬盘{disk}" in line
        assert str(tmp_path / "B") not in line
        assert {} == look(tmp_path / "B")


def test_a_disk_without_room_for_more_files_is_refused(tmp_path: Path) -> None:
    with small_disk(tmp_path / "disk", RESERVE * 3, files=SPARE_FILES) as disk:
        build(disk / "w", small())
        ended = gradphoto("nightly", GUYUAN, "--workspace", disk / "w", temporary=tmp_path / "tmp")
        assert 2 == ended.returncode
        assert "inode" in ended.stderr
