"""Taking in: every whole file once, byte for byte, whatever is cut off, copied twice or changed."""

import os
import subprocess
import sys
from concurrent.futures import ProcessPoolExecutor
from hashlib import sha256
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from gradphoto.adapters.folder_store import FolderStore
from gradphoto.adapters.journal import Journal
from gradphoto.adapters.store import DamagedObject, StoreTrouble, content_key
from gradphoto.original import Original
from gradphoto.records import originals, sessions_with_originals
from gradphoto.stages.ingest import Ingested, ingest
from tests.faults import no_file_beyond, ordinary_user, put

SESSION = "2023-07-02-yanchi"
NAME = f"inbox/{SESSION}"


@pytest.fixture
def store(tmp_path: Path) -> FolderStore:
    return FolderStore(tmp_path / "store")


@pytest.fixture
def source(tmp_path: Path) -> Path:
    (tmp_path / "inbox").mkdir()
    return tmp_path / "inbox"


def card(source: Path, frames: int = 10, size: int = 100_000) -> list[Path]:
    return [
        put(source, f"DCIM/IMG_{number}.JPG", bytes([number]) * size + b"end", at=number)
        for number in range(frames)
    ]


def take(store: FolderStore, source: Path, name: str = NAME, shard_size: int = 3) -> Ingested:
    return ingest(store, SESSION, source, name, shard_size)


def recorded(store: FolderStore) -> list[tuple[str, str]]:
    return [(original.path, original.sha256) for original in originals(store, SESSION)]


def content(source: Path) -> list[tuple[str, str]]:
    """What a person would say is in a source."""
    files = [path for path in source.rglob("*") if path.is_file()]
    return sorted((path.relative_to(source).as_posix(), sha256(path.read_bytes()).hexdigest()) for path in files)


def test_every_file_is_in_the_store_byte_for_byte_and_on_record(store: FolderStore, source: Path) -> None:
    files = card(source)
    taken = take(store, source)
    assert content(source) == recorded(store)
    for file in files:
        data = file.read_bytes()
        assert data == store.read(content_key("originals", sha256(data).hexdigest()))
    first = taken.added[0]
    assert (SESSION, NAME, "DCIM/IMG_0.JPG") == first.place
    assert (files[0].stat().st_size, files[0].stat().st_mtime_ns) == (first.size, first.mtime_ns)
    assert (10, 0, (), ()) == (len(taken.added), taken.known, taken.refused, taken.growing)


def test_the_source_is_left_as_it_was(store: FolderStore, source: Path) -> None:
    files = card(source)
    before = [(file.read_bytes(), file.stat().st_mtime_ns, file.stat().st_ctime_ns) for file in files]
    take(store, source)
    assert before == [(file.read_bytes(), file.stat().st_mtime_ns, file.stat().st_ctime_ns) for file in files]


def test_records_are_shards_in_the_order_of_the_files(store: FolderStore, source: Path) -> None:
    card(source)
    take(store, source, shard_size=4)
    shards = [[line["path"] for line in lines] for _, lines in Journal(store, f"ingests/{SESSION}").records()]
    assert [4, 4, 2] == [len(shard) for shard in shards]
    assert [f"DCIM/IMG_{number}.JPG" for number in range(10)] == [path for shard in shards for path in shard]


def test_a_second_run_adds_only_what_is_new(store: FolderStore, source: Path) -> None:
    card(source, 4)
    take(store, source)
    records = list(store.keys("ingests"))
    again = take(store, source)
    assert ((), 4, records) == (again.added, again.known, list(store.keys("ingests")))
    put(source, "DCIM/IMG_4.JPG", b"late")
    later = take(store, source)
    assert (["DCIM/IMG_4.JPG"], 4) == ([original.path for original in later.added], later.known)


def test_a_file_that_was_only_touched_adds_nothing(store: FolderStore, source: Path) -> None:
    put(source, "a.jpg", b"same", at=1)
    take(store, source)
    put(source, "a.jpg", b"same", at=2)
    again = take(store, source)
    assert ((), 1) == (again.added, again.known)


def test_other_content_under_the_same_path_is_a_further_original(store: FolderStore, source: Path) -> None:
    put(source, "a.jpg", b"one", at=1)
    take(store, source)
    put(source, "a.jpg", b"two", at=2)
    assert 1 == len(take(store, source).added)
    assert {sha256(b"one").hexdigest(), sha256(b"two").hexdigest()} == {digest for _, digest in recorded(store)}


def test_the_same_bytes_at_another_place_are_stored_once_and_recorded_twice(
    store: FolderStore, source: Path
) -> None:
    put(source, "a.jpg", b"same")
    put(source, "copy/a.jpg", b"same")
    take(store, source)
    take(store, source, "card-2")
    assert 1 == len(list(store.keys("originals")))
    places = [original.place[1:] for original in originals(store, SESSION)]
    assert [("card-2", "a.jpg"), ("card-2", "copy/a.jpg"), (NAME, "a.jpg"), (NAME, "copy/a.jpg")] == places


def test_an_unsafe_name_is_taken_in_and_the_record_says_so(store: FolderStore, source: Path) -> None:
    put(source, b"a\n\xff.jpg", b"x")
    put(source, "b.jpg", b"x")
    take(store, source)
    assert [(r"a\u000a\xff.jpg", True), ("b.jpg", False)] == [
        (original.path, original.unsafe) for original in originals(store, SESSION)
    ]


def test_an_unsafe_name_is_known_again(store: FolderStore, source: Path) -> None:
    put(source, b"a\n\xff.jpg", b"x")
    take(store, source)
    assert ((), 1) == (take(store, source).added, take(store, source).known)


def test_a_bad_file_stops_nobody(source: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(source)
    source.chmod(0o755)
    put(source, "a.jpg", b"x").chmod(0)
    put(source, "b.jpg", b"y")
    os.mkfifo(source / "c.jpg")
    with ordinary_user(), TemporaryDirectory() as place:
        store = FolderStore(Path(place))
        taken = take(store, Path())
        assert ["b.jpg"] == [path for path, _ in recorded(store)]
    assert ["a.jpg", "c.jpg"] == [refusal.path for refusal in taken.refused]


def test_files_that_change_under_its_hands_are_named_and_leave_nothing(
    store: FolderStore, source: Path, tmp_path: Path
) -> None:
    _, grows, turns, *_ = card(source, 4)

    def disturb(done: int, total: int) -> None:
        assert 4 == total
        if done == 1:
            grows.write_bytes(b"other")
            turns.unlink()
            turns.symlink_to(put(tmp_path, "secret", b"secret"))

    taken = ingest(store, SESSION, source, NAME, progress=disturb)
    assert ("DCIM/IMG_1.JPG",) == taken.growing
    assert [("DCIM/IMG_2.JPG", "无法读取（是符号链接）")] == list(taken.refused)
    assert ["DCIM/IMG_0.JPG", "DCIM/IMG_3.JPG"] == [path for path, _ in recorded(store)]
    assert 2 == len(list(store.keys("originals")))


def test_progress_counts_every_new_file(store: FolderStore, source: Path) -> None:
    card(source, 3)
    seen: list[tuple[int, int]] = []
    for _ in range(2):
        ingest(store, SESSION, source, NAME, progress=lambda done, total: seen.append((done, total)))
    assert [(1, 3), (2, 3), (3, 3)] == seen


def test_what_was_taken_before_the_disk_was_full_is_on_record(store: FolderStore, source: Path) -> None:
    card(source, 4)
    film = put(source, "MVI_9.MOV", bytes(300_000))
    put(source, "Z.JPG", b"after")
    with no_file_beyond(200_000), pytest.raises(StoreTrouble, match="文件超出允许的大小"):
        take(store, source)
    assert 4 == len(recorded(store))
    assert 2 == len(take(store, source).added)
    assert sha256(film.read_bytes()).hexdigest() in dict(recorded(store)).values()


def test_a_stored_original_that_is_damaged_is_not_recorded_as_good(store: FolderStore, source: Path) -> None:
    put(source, "a.jpg", b"good")
    key = content_key("originals", sha256(b"good").hexdigest())
    store.create(key, b"rotten")
    with pytest.raises(DamagedObject, match=key):
        take(store, source)
    assert [] == recorded(store)


def test_two_runs_at_once_come_to_the_same_records(store: FolderStore, source: Path) -> None:
    card(source, 20, 1000)
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
        runs = list(pool.map(take, [store] * 2, [source] * 2))
    assert content(source) == sorted(recorded(store))
    assert 20 <= sum(len(run.added) for run in runs)
    assert () == take(store, source).added


def test_sessions_are_told_apart(store: FolderStore, source: Path) -> None:
    put(source, "a.jpg", b"x")
    for session in ("2023-07-03-guyuan", SESSION):
        ingest(store, session, source, NAME)
    assert [SESSION, "2023-07-03-guyuan"] == sessions_with_originals(store)
    assert [SESSION] == [original.session for original in originals(store, SESSION)]
    assert [] == originals(store, "2023-07-04-tongxin")


def test_a_record_that_is_none_of_an_original_is_named(store: FolderStore) -> None:
    Journal(store, f"ingests/{SESSION}").append([{"path": "a.jpg"}])
    with pytest.raises(DamagedObject, match=f"ingests/{SESSION}/000001.jsonl，第2行"):
        originals(store, SESSION)


INGEST = """
import sys
from pathlib import Path
from gradphoto.adapters.folder_store import FolderStore
from gradphoto.stages.ingest import ingest
print("begun", flush=True)
say = lambda done, total: print(done, flush=True)
ingest(FolderStore(Path(sys.argv[1])), sys.argv[2], Path(sys.argv[3]), sys.argv[4], 3, say)
"""


def killed_after(lines: int, store: FolderStore, source: Path) -> None:
    command = [sys.executable, "-c", INGEST, str(store.root), SESSION, str(source), NAME]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as run:
        assert run.stdout
        for _ in range(lines):
            run.stdout.readline()
        run.kill()
    assert run.returncode in (-9, 0)


def test_a_run_that_was_killed_at_any_moment_is_taken_up_without_loss(
    store: FolderStore, source: Path, tmp_path: Path
) -> None:
    card(source, 12, 2_000_000)
    before = content(source)
    for lines in (1, 2, 4, 5, 3, 9):
        killed_after(lines, store, source)
        for key in store.keys("originals"):
            assert key == content_key("originals", store.digest(key))
        assert set(recorded(store)) <= set(before)
    take(store, source)
    assert before == sorted(recorded(store)) == content(source)
    uncut = FolderStore(tmp_path / "uncut")
    take(uncut, source)
    assert originals(uncut, SESSION) == originals(store, SESSION)
    assert list(uncut.keys("originals")) == list(store.keys("originals"))


def test_a_record_of_an_original_says_where_it_came_from() -> None:
    original = Original(session="s", source="card", path="A/b.jpg", sha256="", size=1, mtime_ns=1)
    assert ("b.jpg", ("s", "card", "A/b.jpg"), False) == (original.name, original.place, original.unsafe)
