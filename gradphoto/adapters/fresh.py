"""Files for people, written whole or not at all and never over anything that is there."""

import os
from collections.abc import Mapping
from itertools import count
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import NamedTuple

from gradphoto.adapters.durable import private_folder, settle, sync_folder


class Fresh(NamedTuple):
    """Where a set of files stands, and which of them were made just now rather than found there."""

    paths: tuple[Path, ...]
    made: tuple[Path, ...]

    def withdraw(self) -> None:
        """Take back what was made just now."""
        for path in self.made:
            path.unlink(missing_ok=True)


def write_fresh(folder: Path, files: Mapping[str, bytes]) -> Fresh:
    """Write a set of files under the first number that is free for all of them.

    The names are as given, else with `-2`, `-3` … before their ending, the same for the whole set; a file
    of the same bytes counts as written. `OSError` when the folder cannot be written to.
    """
    private_folder(folder)
    for number in count(1):
        fresh = _attempt({folder / _numbered(name, number): data for name, data in files.items()})
        if fresh:
            sync_folder(folder)  # what is recorded next relies on the names being there
            return fresh
    raise AssertionError("numbers do not end")


def _numbered(name: str, number: int) -> str:
    path = Path(name)
    return name if number == 1 else f"{path.stem}-{number}{path.suffix}"


def _attempt(files: Mapping[Path, bytes]) -> Fresh | None:
    """The set under exactly these names; None, and nothing left behind, when other bytes hold one."""
    made: list[Path] = []
    try:
        for path, data in files.items():
            if _create(path, data):
                made.append(path)
            elif path.is_symlink() or not path.is_file() or path.read_bytes() != data:
                Fresh((), tuple(made)).withdraw()
                return None
    except BaseException:
        Fresh((), tuple(made)).withdraw()
        raise
    return Fresh(tuple(files), tuple(made))


def _create(path: Path, data: bytes) -> bool:
    if os.path.lexists(path):
        return False
    with NamedTemporaryFile(dir=path.parent, prefix=".", suffix=".part") as file:
        file.write(data)
        settle(file)
        try:
            os.link(file.name, path)  # the one step that takes the name, whole or not at all
        except FileExistsError:
            return False
    return True
