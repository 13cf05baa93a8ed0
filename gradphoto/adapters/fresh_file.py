"""A large file for people: written beside its place, named when it is whole, never over anything that is there."""

import errno
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from itertools import count
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import IO

from gradphoto.adapters.durable import private_folder, settle, sync_names
from gradphoto.adapters.store import digest_file

_NO_LINKS = (errno.EPERM, errno.EOPNOTSUPP, errno.ENOSYS)
"""What file systems answer that know no hard links, as those of memory sticks."""


def write_fresh_file(folder: Path, name: str, write: Callable[[IO[bytes]], bool]) -> Path | None:
    """Have `write` fill a file, and give it the first free name: `name`, else `name-2`, `name-3` and so on.

    Where its bytes stand already, those count. None when `write` says that there is nothing to keep.
    """
    private_folder(folder)
    with _scratch(folder) as file:
        if not write(file):
            return None
        settle(file)
        path = _named(Path(file.name), folder / name)
    sync_names(folder)
    return path


@contextmanager
def _scratch(folder: Path) -> Iterator[IO[bytes]]:
    file = NamedTemporaryFile(dir=folder, prefix=".", suffix=".part", delete=False)  # noqa: SIM115
    try:
        with file:
            yield file
    finally:
        with suppress(FileNotFoundError):
            Path(file.name).unlink()


def _named(whole: Path, wanted: Path) -> Path:
    for number in count(1):
        path = wanted if number == 1 else wanted.with_stem(f"{wanted.stem}-{number}")
        if _same(whole, path) or (not os.path.lexists(path) and take_name(whole, path)):
            return path
    raise AssertionError("numbers do not end")


def take_name(whole: Path, path: Path) -> bool:
    """Give a file another name in one step, also where there are no links; False when that one is taken.

    The name that it had may stay.
    """
    try:
        os.link(whole, path)
    except FileExistsError:
        return False
    except OSError as trouble:
        if trouble.errno not in _NO_LINKS:
            raise
        return _replace_own(whole, path)
    return True


def _replace_own(whole: Path, path: Path) -> bool:
    """The same without links: an empty file takes the name, and only that is replaced."""
    try:
        path.touch(mode=0o600, exist_ok=False)
    except FileExistsError:
        return False
    whole.replace(path)
    return True


def _same(one: Path, other: Path) -> bool:
    if other.is_symlink() or not other.is_file() or other.stat().st_size != one.stat().st_size:
        return False
    return digest_file(other) == digest_file(one)
