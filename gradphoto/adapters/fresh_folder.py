"""A folder for people: written beside its place, named when it is whole, never over anything that is there."""

import hashlib
import os
import shutil
from collections.abc import Callable, Iterable, Mapping
from itertools import count
from pathlib import Path
from tempfile import mkdtemp

from gradphoto.adapters.durable import private_folder, sync_names, write_new
from gradphoto.adapters.store import digest_file


def write_fresh_folder(
    folder: Path, name: str, members: Iterable[tuple[str, bytes]], noted: Callable[[str], object]
) -> Path:
    """Write (path, bytes) pairs into the first folder that is free: `name`, else `name-2`, `name-3` and so on.

    Where the same files stand already, those count. `noted` gets the folder's digest before it takes its name.
    """
    private_folder(folder)
    scratch = Path(mkdtemp(dir=folder, prefix=".", suffix=".part"))
    try:
        digests = {path: _write(scratch, path, data) for path, data in members}
        noted(folder_digest(digests))
        path = _named(scratch, folder, name, digests)
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
    sync_names(folder)
    return path


def folder_digest(digests: Mapping[str, str]) -> str:
    """The digest of files by path: of what `sha256sum` would write of them, by path.

    >>> folder_digest({})[:12]
    'e3b0c44298fc'
    """
    lines = "".join(f"{sha256}  {path}\n" for path, sha256 in sorted(digests.items()))
    return hashlib.sha256(lines.encode()).hexdigest()


def _write(scratch: Path, path: str, data: bytes) -> str:
    target = scratch / path
    private_folder(target.parent)
    write_new(target, [data])
    return hashlib.sha256(data).hexdigest()


def _named(scratch: Path, folder: Path, name: str, digests: Mapping[str, str]) -> Path:
    for number in count(1):
        path = folder / (name if number == 1 else f"{name}-{number}")
        if not os.path.lexists(path):
            scratch.rename(path)
            return path
        if _same(path, digests):
            return path
    raise AssertionError("numbers do not end")


def _same(path: Path, digests: Mapping[str, str]) -> bool:
    if path.is_symlink() or not path.is_dir():
        return False
    there = [each for each in path.rglob("*") if not each.is_dir() or each.is_symlink()]
    if {each.relative_to(path).as_posix() for each in there} != digests.keys():
        return False
    return all(not each.is_symlink() and digest_file(each) == digests[_inside(each, path)] for each in there)


def _inside(each: Path, path: Path) -> str:
    return each.relative_to(path).as_posix()
