"""The store: one small protocol, whatever it stands on.

Everything in it is created once, by exclusive create, and never changed. A key is a path of short
ASCII segments joined by `/`. Whoever loses an exclusive create reads the winner's and goes on from it.
"""

import hashlib
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

_KEY = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9._-]{0,99}(/[A-Za-z0-9_-][A-Za-z0-9._-]{0,99})*")


class StoreTrouble(Exception):
    """The store does not do what it should: infrastructure, worth another try."""


class MissingObject(StoreTrouble):
    """Nothing stands under the key."""


class DamagedObject(StoreTrouble):
    """What stands under the key is not what its digest says."""


class Store(Protocol):
    """What a store does. `create` and `create_from` return False when the key was taken already."""

    def create(self, key: str, data: bytes) -> bool:
        """Write `data` durably under a new key."""

    def create_from(self, key: str, path: Path) -> bool:
        """Write the file at `path` durably under a new key, without holding it in memory."""

    def read(self, key: str) -> bytes:
        """The bytes under `key`; `MissingObject` when there are none."""

    def copy_to(self, key: str, path: Path) -> None:
        """Write the bytes under `key` to a new file at `path`, without holding them in memory."""

    def exists(self, key: str) -> bool:
        """Whether the key is taken."""

    def keys(self, prefix: str) -> Iterator[str]:
        """Every key below `prefix` (a whole number of segments), in order."""


def checked_key(key: str) -> str:
    """`key` itself when it is a legal one.

    >>> checked_key("bundles/yanchi/yanchi-v0001.zip")
    'bundles/yanchi/yanchi-v0001.zip'
    >>> checked_key("../gradphoto.toml")
    Traceback (most recent call last):
    ValueError: not a key of the store: '../gradphoto.toml'
    """
    if not _KEY.fullmatch(key):
        raise ValueError(f"not a key of the store: {key!r}")
    return key


def digest(data: bytes) -> str:
    """The sha256 of `data` in lower-case hexadecimal."""
    return hashlib.sha256(data).hexdigest()


def digest_file(path: Path) -> str:
    """The sha256 of a file's bytes, read in pieces."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def content_key(prefix: str, sha256: str) -> str:
    """The key of content addressed by its digest: `originals/ab/ab12…`."""
    return f"{prefix}/{sha256[:2]}/{sha256}"


def keep(store: Store, prefix: str, data: bytes) -> str:
    """Keep content under its own digest, and return the digest; a second time is no harm."""
    sha256 = digest(data)
    store.create(content_key(prefix, sha256), data)
    return sha256


def fetch(store: Store, prefix: str, sha256: str) -> bytes:
    """Content by its digest, compared with it; `DamagedObject` when it differs."""
    data = store.read(content_key(prefix, sha256))
    if digest(data) != sha256:
        raise DamagedObject(f"{content_key(prefix, sha256)}: the bytes are not what the digest says")
    return data
