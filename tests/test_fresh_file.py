"""A large file for people: whole or not there, and never over another, on sticks without hard links too."""

import errno
import os
from collections.abc import Callable
from pathlib import Path
from typing import IO

import pytest

from gradphoto.adapters.fresh_file import write_fresh_file


def content(data: bytes, keep: bool = True) -> Callable[[IO[bytes]], bool]:
    def write(file: IO[bytes]) -> bool:
        file.write(data)
        return keep

    return write


@pytest.fixture(params=["links", "no links"])
def folder(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder, once as on a memory stick, whose file system answers so to every link."""

    def refuse(_from: Path, _to: Path) -> None:
        raise OSError(errno.EPERM, "no links")

    if request.param == "no links":
        monkeypatch.setattr(os, "link", refuse)
    return tmp_path / "lab"


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_other_bytes_get_the_next_name_and_the_same_bytes_none(folder: Path) -> None:
    paths = [write_fresh_file(folder, "a.pdf", content(data)) for data in (b"1", b"2", b"1", b"2")]
    assert [folder / name for name in ("a.pdf", "a-2.pdf", "a.pdf", "a-2.pdf")] == paths
    assert {"a.pdf": b"1", "a-2.pdf": b"2"} == {name: (folder / name).read_bytes() for name in names(folder)}


def test_a_link_of_that_name_is_not_followed(folder: Path) -> None:
    folder.mkdir()
    (folder / "a.pdf").symlink_to(folder / "nowhere")
    assert folder / "a-2.pdf" == write_fresh_file(folder, "a.pdf", content(b"1"))
    assert not (folder / "nowhere").exists()


def test_what_is_not_to_be_kept_or_fails_leaves_nothing(folder: Path) -> None:
    assert write_fresh_file(folder, "a.pdf", content(b"1", keep=False)) is None

    def fail(file: IO[bytes]) -> bool:
        file.write(b"1")
        raise ValueError

    with pytest.raises(ValueError):  # noqa: PT011
        write_fresh_file(folder, "a.pdf", fail)
    assert [] == names(folder)
