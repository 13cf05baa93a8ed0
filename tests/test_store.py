"""What every form of the store does alike; below that, what the folder form does on its own disk."""

import os
import pickle
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from hashlib import sha256
from multiprocessing import get_context
from pathlib import Path

import pytest

from gradphoto.adapters.folder_store import LEFTOVER_AGE, FolderStore
from gradphoto.adapters.overlay import Overlay, lay_over, open_overlay
from gradphoto.adapters.s3_store import S3Store
from gradphoto.adapters.store import (
    CHUNK,
    DamagedObject,
    MissingObject,
    Store,
    StoreTrouble,
    StoreUrlError,
    check,
    content_key,
    fetch,
    keep,
    open_store,
)
from tests.faults import no_file_beyond

pytest_plugins = ["tests.seaweed_fixture"]


def an_overlay(folder: Path) -> Overlay:
    """One over a folder in which other keys stand than those of the tests."""
    FolderStore(folder / "below").create("elsewhere/key", b"below")
    (folder / "scratch").mkdir()
    lay_over(f"file:{folder / 'below'}", folder / "scratch")
    return open_overlay(folder / "scratch")


FORMS: dict[str, Callable[[pytest.FixtureRequest], Store]] = {
    "folder": lambda request: FolderStore(request.getfixturevalue("tmp_path") / "store"),
    "s3": lambda request: request.getfixturevalue("seaweed").new_store(),
    "overlay": lambda request: an_overlay(request.getfixturevalue("tmp_path")),
}
WRITERS, RACES = 5, 40


@pytest.fixture(params=FORMS)
def store(request: pytest.FixtureRequest) -> Store:
    return FORMS[request.param](request)


@pytest.fixture
def folder(tmp_path: Path) -> FolderStore:
    return FolderStore(tmp_path / "store")


def contend(store: Store, writer: int) -> list[bool]:
    """Whether this writer won each of the keys; all begin when the last of them is there."""
    store.create(f"ready/{writer}", b"")
    while len(list(store.keys("ready"))) < WRITERS:
        time.sleep(0.001)
    return [store.create(f"race/{number}", f"{writer}".encode()) for number in range(RACES)]


def test_bytes_are_read_back_as_they_were_written(store: Store, tmp_path: Path) -> None:
    data = bytes(range(256)) * 10_000
    (tmp_path / "file").write_bytes(data)
    assert store.create("a/one", data)
    assert store.create_from("a/two", tmp_path / "file")
    for key in ("a/one", "a/two"):
        store.copy_to(key, tmp_path / "copy")
        assert data == store.read(key) == (tmp_path / "copy").read_bytes()
        assert (len(data), sha256(data).hexdigest()) == (store.size(key), store.digest(key))
        (tmp_path / "copy").unlink()


@pytest.mark.parametrize(
    ("start", "stop"), [(0, 0), (0, 1), (0, 2_560_000), (5, 6), (1 << 20, (1 << 20) + 1), (999_999, 2_300_001)]
)
def test_a_part_is_read_in_small_pieces(store: Store, start: int, stop: int) -> None:
    data = bytes(range(256)) * 10_000
    store.create("a", data)
    pieces = list(store.pieces("a", start, stop))
    assert data[start:stop] == b"".join(pieces)
    assert max(map(len, pieces), default=0) <= CHUNK


def test_a_part_that_goes_beyond_the_end_is_damaged_and_one_of_nothing_missing(store: Store) -> None:
    store.create("a", b"whole")
    for start, stop in ((0, 6), (5, 6)):
        with pytest.raises(DamagedObject, match="a"):
            list(store.pieces("a", start, stop))
    with pytest.raises(MissingObject, match="none"):
        list(store.pieces("none", 0, 1))


def test_a_key_is_created_once_and_never_changed(store: Store, tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"second")
    assert store.create("a", b"first")
    assert not store.create("a", b"second")
    assert not store.create_from("a", tmp_path / "file")
    assert b"first" == store.read("a")


def test_of_writers_at_once_each_key_has_one_winner(store: Store) -> None:
    with ProcessPoolExecutor(WRITERS, mp_context=get_context("spawn")) as pool:
        won = list(pool.map(contend, [store] * WRITERS, range(WRITERS)))
    for number in range(RACES):
        winners = [writer for writer in range(WRITERS) if won[writer][number]]
        assert [int(store.read(f"race/{number}"))] == winners


def test_content_is_kept_under_the_digest_of_what_was_written(store: Store) -> None:
    kept = store.keep_from("originals", iter([b"one ", b"and ", b"two"]))
    assert (sha256(b"one and two").hexdigest(), 11, True) == kept
    assert (kept.sha256, 11, False) == store.keep_from("originals", [b"one and two"])
    assert b"one and two" == fetch(store, "originals", kept.sha256)
    check(store, "originals", kept.sha256)


def test_content_that_breaks_off_leaves_nothing(store: Store) -> None:
    def broken() -> Iterator[bytes]:
        yield b"half"
        raise KeyError("source")

    with pytest.raises(KeyError):
        store.keep_from("originals", broken())
    assert [] == list(store.keys("originals"))


def test_content_that_is_not_what_its_digest_says_is_damaged(store: Store) -> None:
    wrong = sha256(b"right").hexdigest()
    store.create(content_key("inputs", wrong), b"wrong")
    for reader in (fetch, check):
        with pytest.raises(DamagedObject, match=wrong):
            reader(store, "inputs", wrong)


def test_what_is_deleted_is_gone_and_a_second_time_is_no_harm(store: Store, tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"large")
    store.create("a/one", b"one")
    store.create_from("a/two", tmp_path / "file")
    for _ in range(2):
        store.delete("a/two")
    assert (["a/one"], False) == (list(store.keys("a")), store.exists("a/two"))
    store.delete("b/never/there")
    assert store.create_from("a/two", tmp_path / "file")
    assert b"large" == store.read("a/two")


def test_what_is_replaced_is_the_new_bytes_and_nothing_of_the_old(store: Store) -> None:
    store.create("a/one", b"the first, and longer")
    for _ in range(2):
        store.replace("a/one", b"second")
    store.replace("a/two", b"not there before")
    assert (b"second", 6, sha256(b"second").hexdigest()) == (
        store.read("a/one"),
        store.size("a/one"),
        store.digest("a/one"),
    )
    assert ["a/one", "a/two"] == list(store.keys("a"))
    assert not store.create("a/one", b"third")


def test_what_is_not_there_is_missing_by_its_key(store: Store, tmp_path: Path) -> None:
    store.create("a/b/c", b"")
    for key in ("none", "a", "a/b", "a/b/c/d", "a/none"):
        assert not store.exists(key)
        for act in (store.read, store.size, store.digest, lambda key: store.copy_to(key, tmp_path / "copy")):
            with pytest.raises(MissingObject, match=key):
                act(key)
    assert not (tmp_path / "copy").exists()


def test_keys_are_listed_by_whole_segments_and_in_order(store: Store) -> None:
    for key in ("a/bc", "a/b/2", "a/b/10", "a/b/c/1", "a/b-1/x", "b"):
        store.create(key, b"")
    assert ["a/b/10", "a/b/2", "a/b/c/1"] == list(store.keys("a/b"))
    assert ["a/b-1/x", "a/b/10", "a/b/2", "a/b/c/1", "a/bc"] == list(store.keys("a"))
    assert [] == list(store.keys("none")) == list(store.keys("b"))


@pytest.mark.parametrize(
    "key",
    ["", "/", "/a", "a/", "a//b", "..", "../a", "a/../b", "./a", ".tmp/a", "a/.b", "a\\b", "a b", "a\n", "a\0",
     "采集", "a" * 101],
)  # fmt: skip
def test_a_key_is_short_ascii_segments_and_nothing_else(store: Store, key: str, tmp_path: Path) -> None:
    acts: list[Callable[[], object]] = [
        lambda: store.create(key, b""),
        lambda: store.create_from(key, tmp_path / "none"),
        lambda: store.keep_from(key, [b""]),
        lambda: store.read(key),
        lambda: store.exists(key),
        lambda: store.keys(key),
    ]
    (tmp_path / "none").touch()
    for act in acts:
        with pytest.raises(ValueError, match="not a key"):
            act()


def test_a_store_travels_to_other_processes(store: Store) -> None:
    store.create("a", b"here")
    other = pickle.loads(pickle.dumps(store))
    assert b"here" == other.read("a")
    assert (store, hash(store)) == (other, hash(other))


def test_keeping_again_is_no_harm(store: Store) -> None:
    assert keep(store, "inputs", b"roster") == keep(store, "inputs", b"roster")
    assert 1 == len(list(store.keys("inputs")))


@pytest.mark.parametrize("mask", [0o000, 0o077])
def test_nobody_else_can_read_the_folder(folder: FolderStore, mask: int) -> None:
    before = os.umask(mask)
    try:
        folder.create("a/b/c", b"")
        folder.keep_from("originals", [b""])
    finally:
        os.umask(before)
    for path in [folder.root, *folder.root.rglob("*")]:
        assert (0o700 if path.is_dir() else 0o600) == stat.S_IMODE(path.stat().st_mode), path


ENDLESS = """
import itertools, sys
from pathlib import Path
from gradphoto.adapters.folder_store import FolderStore
pieces = (print(number, flush=True) or bytes(1 << 16) for number in itertools.count())
FolderStore(Path(sys.argv[1])).keep_from("originals", pieces)
"""


def test_what_a_killed_writer_leaves_is_in_nobodys_way(folder: FolderStore) -> None:
    command = [sys.executable, "-c", ENDLESS, str(folder.root)]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as writer:
        assert writer.stdout
        while writer.stdout.readline() != b"5\n":
            pass
        writer.send_signal(signal.SIGKILL)
    (leftover,) = (folder.root / ".tmp").iterdir()
    assert [] == list(folder.keys("originals"))
    assert folder.create("originals/new", b"whole")
    os.utime(leftover, (0, 0))
    folder.sweep()
    assert [] == list((folder.root / ".tmp").iterdir())


def test_what_a_writer_is_busy_with_is_not_swept(folder: FolderStore) -> None:
    def slow() -> Iterator[bytes]:
        yield b"half "
        (busy,) = (folder.root / ".tmp").iterdir()
        os.utime(busy, (time.time() - LEFTOVER_AGE / 2,) * 2)
        folder.sweep()
        yield b"and half"

    assert folder.keep_from("originals", slow()).new


def test_a_full_disk_is_one_clear_line_and_leaves_nothing(folder: FolderStore, tmp_path: Path) -> None:
    (tmp_path / "film").write_bytes(bytes(200_000))
    folder.create("small", bytes(50_000))
    folder.create("large", bytes(200_000))
    with no_file_beyond(100_000):
        for write in (
            lambda: folder.create("a", bytes(200_000)),
            lambda: folder.create_from("a", tmp_path / "film"),
            lambda: folder.keep_from("a", [bytes(60_000)] * 3),
        ):
            with pytest.raises(StoreTrouble, match=r"^存储 a：文件超出允许的大小，请检查.*$"):
                write()
        with pytest.raises(OSError, match="large"):  # the trouble is with the copy's disk, not the store's
            folder.copy_to("large", tmp_path / "copy")
        assert folder.create("b", bytes(50_000))
    assert ["film", "store"] == sorted(path.name for path in tmp_path.iterdir())
    assert [] == list(folder.keys("a"))
    assert [] == list((folder.root / ".tmp").iterdir())


def test_a_key_that_is_a_folder_is_trouble_and_not_somebody_elses(folder: FolderStore) -> None:
    folder.create("a/b", b"")
    with pytest.raises(StoreTrouble, match="已存在"):
        folder.create("a", b"")
    with pytest.raises(StoreTrouble, match="存储 a/b/c"):
        folder.create("a/b/c", b"")


def test_what_systems_strew_about_is_no_key(folder: FolderStore) -> None:
    folder.create("ingests/000001.jsonl", b"")
    for name in (".DS_Store", ".nfs0001", "新建 文件.txt"):
        (folder.root / "ingests" / name).touch()
    assert ["ingests/000001.jsonl"] == list(folder.keys("ingests"))


def test_the_settings_name_a_folder_in_the_workspace_or_anywhere(tmp_path: Path) -> None:
    assert FolderStore(tmp_path / "store") == open_store("file:store", tmp_path)
    assert FolderStore(Path("/srv/照片")) == open_store("file:/srv/照片", tmp_path)
    assert [] == list(tmp_path.iterdir())


def test_an_overlay_shows_what_is_below_with_its_own_changes_and_changes_nothing_there(tmp_path: Path) -> None:
    over, below = an_overlay(tmp_path), FolderStore(tmp_path / "below")
    for key in ("a/kept", "a/gone", "a/other"):
        below.create(key, b"old")
    content = below.keep_from("originals", [b"picture"])
    over.delete("a/gone")
    over.replace("a/other", b"new")
    assert (True, False) == (over.create("a/more", b"new"), over.create("a/kept", b"new"))
    assert content._replace(new=False) == over.keep_from("originals", [b"picture"])
    assert [] == list(over.above.keys("originals"))
    assert {"a/kept": b"old", "a/more": b"new", "a/other": b"new"} == {
        key: over.read(key) for key in over.keys("a")
    }
    with pytest.raises(MissingObject, match="a/gone"):
        over.read("a/gone")
    assert over.create("a/gone", b"again")
    assert b"again" == over.read("a/gone")
    assert {"a/gone", "a/kept", "a/other"} == set(below.keys("a"))
    assert {b"old"} == {below.read(key) for key in below.keys("a")}


@pytest.mark.parametrize("url", ["s3://photos/a/b", "s3://photos/a/b/"])
def test_the_settings_name_a_bucket_and_a_prefix(url: str, tmp_path: Path) -> None:
    assert S3Store("photos", "a/b") == open_store(url, tmp_path)
    assert S3Store("photos") == open_store("s3://photos", tmp_path)


def test_a_store_named_from_a_relative_workspace_is_found_from_everywhere(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert FolderStore(tmp_path / "store") == open_store("file:store", Path())


@pytest.mark.parametrize(
    "url",
    [
        "",
        "store",
        "file:",
        "file: ",
        "file:\0",
        "file://host/share",
        "http://x/",
        "a\nb",
        "overlay:",
        "overlay:/none",
        "overlay:\0",
        "s3:",
        "s3:photos",
        "s3://",
        "s3://Photos",
        "s3://photos//a",
        "s3://photos/../a",
        "s3://user:secret@photos",
    ],
)
def test_any_other_store_is_refused_in_one_chinese_line(url: str, tmp_path: Path) -> None:
    with pytest.raises(StoreUrlError) as refused:
        open_store(url, tmp_path)
    assert "file:store" in str(refused.value)
    assert 1 == len(str(refused.value).splitlines())
