"""The store as a folder: exclusive create by hard link, every byte and name fsynced.

An object is written in `.tmp`, which no key can name, made durable there, and takes its key by one
link. So a writer that is killed leaves at most a file in `.tmp`, and writers need know nothing of each
other. Folders are 0700 and files 0600: what is in them are photographs of people.
"""

import hashlib
import os
from collections.abc import Generator, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from io import BufferedReader
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import IO

from gradphoto.adapters.durable import make_folder, settle, sync_folder, write_new
from gradphoto.adapters.reasons import reason
from gradphoto.adapters.store import (
    CHUNK,
    PIECE,
    Kept,
    MissingObject,
    StoreTrouble,
    checked_key,
    content_key,
    damaged,
    is_segment,
)

LEFTOVER_AGE = 24 * 3600
"""Seconds without a byte written after which a file in `.tmp` is nobody's."""


@dataclass(frozen=True)
class FolderStore:
    """A store below one folder."""

    root: Path
    _durable: set[Path] = field(default_factory=set, compare=False, repr=False)

    def create(self, key: str, data: bytes) -> bool:
        """Write `data` durably under a new key; False when it is taken."""
        return self._create(key, [data])

    def create_from(self, key: str, path: Path) -> bool:
        """Write the file at `path` durably under a new key; False when it is taken."""
        with path.open("rb") as source:
            return self._create(key, _pieces(source))

    def keep_from(self, prefix: str, pieces: Iterable[bytes]) -> Kept:
        """Write `pieces` durably under the digest of exactly what was written."""
        checked_key(prefix)
        sha256 = hashlib.sha256()
        with _trouble(prefix), self._scratch() as file:
            for piece in pieces:
                sha256.update(piece)
                file.write(piece)
            new = self._take(content_key(prefix, sha256.hexdigest()), file)
            return Kept(sha256.hexdigest(), file.tell(), new)

    def read(self, key: str) -> bytes:
        """The bytes under `key`."""
        with _trouble(key), self._open(key) as file:
            return file.read()

    def pieces(self, key: str, start: int, stop: int) -> Generator[bytes]:
        """The bytes under `key` from `start` up to `stop`, in small pieces."""
        with _trouble(key), self._open(key) as file:
            file.seek(start)
            while start < stop:
                piece = file.read(min(CHUNK, stop - start))
                if not piece:
                    raise damaged(key)
                start += len(piece)
                yield piece

    def digest(self, key: str) -> str:
        """The sha256 of the bytes under `key`, read back from the disk rather than from memory."""
        with _trouble(key), self._open(key) as file:
            if hasattr(os, "posix_fadvise"):
                os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
            return hashlib.file_digest(file, "sha256").hexdigest()

    def size(self, key: str) -> int:
        """How many bytes stand under `key`."""
        with _trouble(key), self._open(key) as file:
            return os.fstat(file.fileno()).st_size

    def copy_to(self, key: str, path: Path) -> None:
        """Write the bytes under `key` to a new file at `path`, fsynced; `OSError` is trouble with `path`."""
        with self._open(key) as source:
            write_new(path, _guarded(source, key))

    def exists(self, key: str) -> bool:
        """Whether the key is taken."""
        with _trouble(key):
            return self._path(key).is_file()

    def keys(self, prefix: str) -> Iterator[str]:
        """Every key below `prefix`, in order; a file that can be no object, as systems leave them, is none."""
        with _trouble(prefix):
            return iter(sorted(_below(str(self._path(prefix)), prefix)))

    def delete(self, key: str) -> None:
        """Remove what stands under `key` for good; its folder stays."""
        with _trouble(key):
            self._path(key).unlink(missing_ok=True)
            if self._path(key).parent.is_dir():
                sync_folder(self._path(key).parent)

    def replace(self, key: str, data: bytes) -> None:
        """Put `data` under `key` in one step, whole or not at all."""
        with _trouble(key), self._scratch() as file:
            make_folder(self._path(key).parent, self.root, self._durable)
            file.write(data)
            settle(file)
            Path(file.name).replace(self._path(key))
            sync_folder(self._path(key).parent)

    def sweep(self) -> None:
        """Remove what killed writers left in `.tmp`; it is in nobody's way but takes room."""
        with suppress(OSError):
            leftovers = {path: path.lstat().st_mtime for path in (self.root / ".tmp").iterdir()}
            edge = self._now() - LEFTOVER_AGE if leftovers else 0
            for path in (path for path, at in leftovers.items() if at < edge):
                path.unlink()

    def _now(self) -> float:
        """What the disk says: this machine's own clock may be wrong, and two that share a disk need not agree."""
        with NamedTemporaryFile(dir=self.root / ".tmp") as file:
            return os.fstat(file.fileno()).st_mtime

    def _path(self, key: str) -> Path:
        return self.root / checked_key(key)

    def _open(self, key: str) -> BufferedReader:
        with _trouble(key):
            try:
                return self._path(key).open("rb")
            except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
                raise MissingObject(f"存储中没有 {key}") from None

    def _create(self, key: str, pieces: Iterable[bytes]) -> bool:
        with _trouble(key):
            if self._path(key).is_file():
                sync_folder(self._path(key).parent)  # the winner may not have come so far yet
                return False
            with self._scratch() as file:
                file.writelines(pieces)
                return self._take(key, file)

    @contextmanager
    def _scratch(self) -> Iterator[IO[bytes]]:
        make_folder(self.root / ".tmp", self.root, self._durable)
        file = NamedTemporaryFile(dir=self.root / ".tmp", delete=False)  # noqa: SIM115
        try:
            with file:
                yield file
        finally:
            with suppress(OSError):  # a leftover is no harm
                Path(file.name).unlink()

    def _take(self, key: str, file: IO[bytes]) -> bool:
        target = self._path(key)
        make_folder(target.parent, self.root, self._durable)
        new = not target.is_file()
        if new:
            settle(file)
            try:
                os.link(file.name, target)  # the one step that takes the key, whole or not at all
            except FileExistsError:
                if not target.is_file():
                    raise  # a folder stands there
                new = False
        sync_folder(target.parent)  # also the winner's name, which what is recorded next relies on
        return new


@contextmanager
def _trouble(key: str) -> Iterator[None]:
    try:
        yield
    except OSError as trouble:
        raise StoreTrouble(f"存储 {key}：{reason(trouble)}，请检查存储所在的磁盘后重试") from trouble


def _guarded(file: IO[bytes], key: str) -> Iterator[bytes]:
    """The pieces of an object, so that trouble in reading it is told from trouble with the copy."""
    with _trouble(key):
        yield from _pieces(file)


def _pieces(file: IO[bytes]) -> Iterator[bytes]:
    while piece := file.read(PIECE):
        yield piece


def _below(folder: str, prefix: str) -> Iterator[str]:
    """A prefix without keys is empty; anything else unreadable must not look empty. No link is followed."""
    with suppress(FileNotFoundError, NotADirectoryError), os.scandir(folder) as entries:
        for entry in entries:
            if not is_segment(entry.name):
                continue
            if not _is_folder(entry):
                yield f"{prefix}/{entry.name}"
            elif not entry.is_symlink():
                yield from _below(entry.path, f"{prefix}/{entry.name}")


def _is_folder(entry: os.DirEntry[str]) -> bool:
    """A link that leads nowhere but to itself is none: whoever reads it is told."""
    try:
        return entry.is_dir()
    except OSError:
        return False
