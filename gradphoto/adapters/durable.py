"""Bytes and names that outlast a power cut. `settle` and `sync_folder` are the only two calls of fsync."""

import errno
import os
from collections.abc import Iterable
from pathlib import Path
from typing import IO

_NO_SYNC = {errno.EINVAL, errno.EOPNOTSUPP, errno.EBADF}
"""What file systems answer that cannot sync a folder."""


def settle(file: IO[bytes]) -> None:
    """Make a file's bytes durable; its name is the folder's matter."""
    file.flush()
    os.fsync(file.fileno())


def sync_folder(folder: Path) -> None:
    """Make the names in a folder durable."""
    if os.name == "nt":
        return  # Windows cannot open a folder; NTFS journals the name
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def sync_names(folder: Path) -> None:
    """Make the names in a folder durable, where its file system knows how."""
    try:
        sync_folder(folder)
    except OSError as trouble:
        if trouble.errno not in _NO_SYNC:
            raise


def make_folder(folder: Path, root: Path, durable: set[Path]) -> None:
    """Make a folder (0700) and those above it, each name durable in the one that holds it.

    A folder that is there may have been made just now by a writer who is cut off before its fsync, so
    below `root` each is synced once by everybody; `durable` remembers which.
    """
    if folder.is_dir() and (folder in durable or not folder.is_relative_to(root)):
        return
    make_folder(folder.parent, root, durable)
    folder.mkdir(mode=0o700, exist_ok=True)
    sync_folder(folder.parent)
    durable.add(folder)


def private_folder(folder: Path) -> None:
    """Make a folder and those above it that are missing, each 0700 whatever the umask, and each name durable.

    For what shows people.
    """
    if not folder.is_dir():
        private_folder(folder.parent)
        folder.mkdir(mode=0o700, exist_ok=True)
        sync_names(folder.parent)


def private(path: str, flags: int) -> int:
    """For `open`: a new file is 0600, whatever the umask."""
    return os.open(path, flags, 0o600)


def write_new(path: Path, pieces: Iterable[bytes]) -> None:
    """Write a new file durably (0600); whatever `pieces` or the disk raise leaves none."""
    with open(path, "xb", opener=private) as file:
        try:
            file.writelines(pieces)
            settle(file)
        except BaseException:
            file.close()
            path.unlink(missing_ok=True)
            raise
