"""Writing and reading back on drives of any kind: Windows, exFAT, network drives.

Only calls that all of them know are made here, and hard links only where there are some.
"""

import errno
import os
import stat
from contextlib import suppress
from hashlib import file_digest
from pathlib import Path

from gradphoto.adapters.durable import private, settle, sync_names
from gradphoto.original import Digest

PART = ".part"
"""The ending of a file that is not whole yet; its name begins with a dot."""
_NO_LINKS = {errno.EPERM, errno.EOPNOTSUPP, errno.ENOSYS, errno.EINVAL, errno.EMLINK}
"""What file systems answer that have no hard links."""


def read_back(path: Path) -> Digest:
    """The sha256 of a file as the disk has it, rather than memory where that can be asked for; a link has none."""
    if not stat.S_ISREG(path.lstat().st_mode):
        return ""
    with path.open("rb") as file:
        if hasattr(os, "posix_fadvise"):
            os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
        return file_digest(file, "sha256").hexdigest()


def write_once(path: Path, data: bytes) -> None:
    """A new file (0600), whole or not at all; `FileExistsError` when its name is taken."""
    part = path.with_name(f".{path.name}{PART}")
    try:
        with open(part, "wb", opener=private) as file:
            file.write(data)
            settle(file)
        take_name(part, path)
        sync_names(path.parent)
    finally:
        with suppress(OSError):
            part.unlink()


def take_name(part: Path, path: Path) -> None:
    """Give a finished file its name, never over another: `FileExistsError`."""
    if os.name != "nt":  # there a rename refuses by itself
        try:
            os.link(part, path)
        except OSError as trouble:
            if trouble.errno not in _NO_LINKS:
                raise
        else:
            return
        if os.path.lexists(path):  # nobody else writes into this card's folder
            raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(path))
    part.rename(path)
