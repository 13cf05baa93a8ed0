"""A card's manifest: other programs read it, what was cut short is none, and it says whether a copy is whole."""

import subprocess
from hashlib import sha256
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gradphoto.adapters.inbox import look
from gradphoto.adapters.whole import hold_back, whole_by_manifest
from gradphoto.card_manifest import Listed, ManifestError, is_card_note, is_manifest, read_manifest, write_manifest
from tests.faults import put

PATHS = st.lists(st.text("abc照-_/", min_size=1), unique=True).map(
    lambda paths: [f"D{path.replace('/', '/x')}e" for path in paths]
)
FILES = {"DCIM/IMG_0001.JPG": b"one", "DCIM/IMG_0002.JPG": b"three"}


def listed(files: dict[str, bytes] = FILES) -> list[Listed]:
    return [Listed(path, len(data), sha256(data).hexdigest()) for path, data in files.items()]


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    for path, data in FILES.items():
        put(tmp_path, f"card-0001/{path}", data)
    put(tmp_path, "card-0001/card-manifest.txt", write_manifest(listed()))
    return tmp_path / "card-0001"


@given(PATHS)
def test_what_is_written_is_read_again_in_order_of_path(paths: list[str]) -> None:
    files = [Listed(path, index, sha256(path.encode()).hexdigest()) for index, path in enumerate(paths)]
    assert tuple(sorted(files)) == read_manifest(write_manifest(files))
    assert write_manifest(files) == write_manifest(reversed(files))


def test_sha256sum_checks_it(copy: Path) -> None:
    command = ["sha256sum", "--check", "--strict", "--quiet", "card-manifest.txt"]
    assert 0 == subprocess.run(command, cwd=copy, check=False).returncode
    (copy / "DCIM/IMG_0002.JPG").write_bytes(b"THREE")
    assert 1 == subprocess.run(command, cwd=copy, check=False, capture_output=True).returncode


@given(st.integers(0, 400), st.integers(1, 255))
def test_a_manifest_that_was_changed_is_none(at: int, by: int) -> None:
    data = bytearray(write_manifest(listed()))
    at %= len(data)
    data[at] ^= by
    try:
        assert () == read_manifest(bytes(data))
    except ManifestError:
        assert b"# gradphoto" in data


@given(st.integers(0, 400))
def test_a_manifest_that_was_cut_short_is_none(length: int) -> None:
    data = write_manifest(listed())[:length]
    if length < len(write_manifest(listed())) - 1:
        try:
            assert () == read_manifest(data)
        except ManifestError:
            return


def test_a_path_that_leaves_the_card_is_no_manifest() -> None:
    with pytest.raises(ManifestError):
        read_manifest(write_manifest([Listed("../../secret", 1, "0" * 64)]))


def test_notes_of_an_offload_are_told_by_their_names() -> None:
    notes = ["card-manifest.txt", "card-0001/card-manifest-2.txt", "a/card-anchors.txt"]
    assert [True] * 3 == [is_card_note(path) for path in notes]
    assert [True, True, False] == [is_manifest(path) for path in notes]
    assert not is_card_note("card-manifest.txt/IMG_0001.JPG")


def test_a_copy_is_whole_when_every_listed_file_has_its_size(copy: Path) -> None:
    assert [] == whole_by_manifest(copy)
    (copy / "DCIM/IMG_0001.JPG").write_bytes(b"on")
    (copy / "DCIM/IMG_0002.JPG").unlink()
    assert ["DCIM/IMG_0001.JPG", "DCIM/IMG_0002.JPG"] == whole_by_manifest(copy)


def test_without_a_manifest_of_ours_nothing_is_said(copy: Path) -> None:
    (copy / "card-manifest.txt").write_bytes(b"ab12  DCIM/IMG_0001.JPG\n")
    assert whole_by_manifest(copy) is None
    assert whole_by_manifest(copy / "DCIM") is None


def test_a_damaged_manifest_is_what_is_missing(copy: Path) -> None:
    with (copy / "card-manifest.txt").open("ab") as file:
        file.write(b"# 1 bytes\n")
    assert ["card-manifest.txt"] == whole_by_manifest(copy)


def test_a_link_in_a_files_place_does_not_make_a_copy_whole(copy: Path, tmp_path: Path) -> None:
    (copy / "DCIM/IMG_0001.JPG").rename(tmp_path / "elsewhere")
    (copy / "DCIM/IMG_0001.JPG").symlink_to(tmp_path / "elsewhere")
    assert ["DCIM/IMG_0001.JPG"] == whole_by_manifest(copy)


def test_a_copy_that_is_not_whole_is_held_as_one_and_holds_nobody_else(copy: Path) -> None:
    put(copy.parent, "card-0002/DCIM/IMG_0001.JPG", b"other")
    put(copy.parent, "scanlog.csv", b"log")
    assert look(copy.parent) == hold_back(look(copy.parent))
    (copy / "DCIM/IMG_0002.JPG").unlink()
    seen = hold_back(look(copy.parent))
    assert ("card-0001/card-manifest.txt", "card-0001/DCIM/IMG_0001.JPG") == seen.growing
    assert ["card-0002/DCIM/IMG_0001.JPG", "scanlog.csv"] == [found.path for found in seen.files]
    assert ((), 2) == (hold_back(look(copy)).files, len(hold_back(look(copy)).growing))
