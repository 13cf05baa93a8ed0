"""How many copies of a session are known: as many as its worst file has."""

from hashlib import sha256
from pathlib import Path

import pytest

from gradphoto.adapters.folder_store import FolderStore
from gradphoto.copies import CardCopy, card_copies, copies_known, note_copies
from gradphoto.stages.ingest import ingest
from tests.faults import put

SESSION = "2023-07-02-yanchi"


@pytest.fixture
def store(tmp_path: Path) -> FolderStore:
    return FolderStore(tmp_path / "store")


def a_card(*files: bytes, disks: int = 2) -> CardCopy:
    digests = tuple(sorted(sha256(data).hexdigest() for data in files))
    size = sum(map(len, files))
    return CardCopy(card="0" * 64, drives=2, disks=disks, files=len(files), bytes=size, contents=digests)


def take(store: FolderStore, inbox: Path, *files: bytes) -> None:
    for data in files:
        put(inbox, f"{data.decode()}.jpg", data)
    ingest(store, SESSION, inbox, f"inbox/{SESSION}")


def test_of_a_session_that_nobody_saw_no_copy_is_known(store: FolderStore) -> None:
    assert 0 == copies_known(store, SESSION)


def test_what_was_only_taken_in_stands_in_the_store_alone(store: FolderStore, tmp_path: Path) -> None:
    take(store, tmp_path / "inbox", b"one")
    assert 1 == copies_known(store, SESSION)


def test_the_disks_of_an_offload_count_and_drives_of_one_disk_count_once(
    store: FolderStore, tmp_path: Path
) -> None:
    note_copies(store, SESSION, a_card(b"one", disks=1))
    assert 1 == copies_known(store, SESSION)
    note_copies(store, SESSION, a_card(b"one"))
    assert 2 == copies_known(store, SESSION)
    take(store, tmp_path / "inbox", b"one")
    assert 3 == copies_known(store, SESSION)


def test_a_second_card_that_was_only_taken_in_is_what_counts(store: FolderStore, tmp_path: Path) -> None:
    note_copies(store, SESSION, a_card(b"one"))
    take(store, tmp_path / "inbox", b"one", b"two")
    assert 1 == copies_known(store, SESSION)


def test_a_desk_log_and_the_notes_of_an_offload_need_no_further_copy(store: FolderStore, tmp_path: Path) -> None:
    note_copies(store, SESSION, a_card(b"one"))
    put(tmp_path / "inbox", "scanlog.csv", b"log")
    put(tmp_path / "inbox", "card-0001/card-manifest.txt", b"note")
    take(store, tmp_path / "inbox", b"one")
    assert 3 == copies_known(store, SESSION)


def test_the_same_copies_are_put_on_record_once(store: FolderStore) -> None:
    for _ in range(3):
        note_copies(store, SESSION, a_card(b"one"))
    assert [a_card(b"one")] == card_copies(store, SESSION)
