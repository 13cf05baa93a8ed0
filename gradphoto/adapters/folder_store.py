"""The store as a folder: exclusive create by hard link, every byte and name fsynced."""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import BinaryIO

from gradphoto.adapters.store import MissingObject, checked_key


class FolderStore:
    """A store below one folder. Half-written objects live only under `.tmp`, which no key can name."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def create(self, key: str, data: bytes) -> bool:
        """Write `data` durably under a new key; False when it is taken."""
        return self._create(key, lambda file: file.write(data))

    def create_from(self, key: str, path: Path) -> bool:
        """Write the file at `path` durably under a new key; False when it is taken."""
        with path.open("rb") as source:
            return self._create(key, lambda file: shutil.copyfileobj(source, file, 1 << 20))

    def read(self, key: str) -> bytes:
        """The bytes under `key`."""
        try:
            return self._path(key).read_bytes()
        except FileNotFoundError:
            raise MissingObject(f"nothing in the store under {key}") from None

    def copy_to(self, key: str, path: Path) -> None:
        """Write the bytes under `key` to a new file at `path`, fsynced."""
        if not self.exists(key):
            raise MissingObject(f"nothing in the store under {key}")
        with self._path(key).open("rb") as source, path.open("xb") as file:
            shutil.copyfileobj(source, file, 1 << 20)
            _flush(file)

    def exists(self, key: str) -> bool:
        """Whether the key is taken."""
        return self._path(key).is_file()

    def keys(self, prefix: str) -> Iterator[str]:
        """Every key below `prefix`, in order."""
        top = self._path(prefix)
        found = (Path(folder, name) for folder, _, names in os.walk(top) for name in names)
        yield from sorted(path.relative_to(self.root).as_posix() for path in found)

    def _path(self, key: str) -> Path:
        return self.root / checked_key(key)

    def _create(self, key: str, write: Callable[[BinaryIO], object]) -> bool:
        target = self._path(key)
        if target.exists():
            return False
        _make_folder(target.parent)
        scratch = self.root / ".tmp"
        scratch.mkdir(mode=0o700, exist_ok=True)
        with NamedTemporaryFile(dir=scratch) as file:
            write(file)
            _flush(file)
            try:
                os.link(file.name, target)  # the one step that takes the key, whole or not at all
            except FileExistsError:
                return False
        _sync_folder(target.parent)
        return True


def _flush(file: BinaryIO) -> None:
    file.flush()
    os.fsync(file.fileno())


def _make_folder(folder: Path) -> None:
    """Make a folder and those above it, each name durable in the one that holds it."""
    if folder.is_dir():
        return
    _make_folder(folder.parent)
    folder.mkdir(mode=0o700, exist_ok=True)
    _sync_folder(folder.parent)


def _sync_folder(folder: Path) -> None:
    if os.name == "nt":
        return  # Windows cannot open a folder; NTFS journals the name
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
