"""The store: one small protocol, whatever it stands on.

Everything in it is created once, by exclusive create, and never changed, but for one case: what a person has a
right to see destroyed is deleted, and records lose its lines (`delete`, `replace`: for purges alone, see ADR 11).
A key is a path of short ASCII segments joined by `/`. Whoever loses an exclusive create reads the winner's and
goes on from it.
A store can be pickled: workers in other processes open the same one.
"""

import hashlib
import re
from collections.abc import Generator, Iterable, Iterator
from pathlib import Path
from typing import NamedTuple, Protocol

from config.bad_input import BadInput

_SEGMENT = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9._-]{0,99}")
_KEY = re.compile(f"{_SEGMENT.pattern}(/{_SEGMENT.pattern})*")

_S3_URL = re.compile(r"s3://(?P<bucket>[a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(?:/(?P<prefix>.*?))?/?")

PIECE = 1 << 20
"""Bytes that are held in memory at a time."""
CHUNK = 1 << 16
"""The same where many read at once."""


class StoreTrouble(Exception):
    """The store does not do what it should: infrastructure, worth another try."""


class MissingObject(StoreTrouble):
    """Nothing stands under the key."""


class DamagedObject(StoreTrouble):
    """What stands under the key is not what its digest says."""


class StoreUrlError(BadInput):
    """A store of which this release knows nothing; its message is one line for the operator."""


class Kept(NamedTuple):
    """Content that the store holds: its digest, its size in bytes, and whether it was new to the store."""

    sha256: str
    size: int
    new: bool


class Store(Protocol):
    """What a store does. `create` and `create_from` return False when the key was taken already.

    Whichever way they end, what stands under the key is whole and durable when they return. Two that stand
    on the same place are equal.
    """

    def __hash__(self) -> int:
        """Of the place it stands on, so that what was read from it can be remembered."""

    def create(self, key: str, data: bytes) -> bool:
        """Write `data` durably under a new key."""

    def create_from(self, key: str, path: Path) -> bool:
        """Write the file at `path` durably under a new key, without holding it in memory."""

    def keep_from(self, prefix: str, pieces: Iterable[bytes]) -> Kept:
        """Write `pieces` under the digest of exactly what was written; whatever they raise leaves nothing."""

    def read(self, key: str) -> bytes:
        """The bytes under `key`; `MissingObject` when there are none."""

    def pieces(self, key: str, start: int, stop: int) -> Generator[bytes]:
        """The bytes under `key` from `start` up to `stop`, in pieces of at most `CHUNK`, read when asked for.

        They are compared with nothing. `DamagedObject` when the object ends before `stop`. Close it when done.
        """

    def digest(self, key: str) -> str:
        """The sha256 of the bytes under `key` as they are read back now, without holding them in memory."""

    def size(self, key: str) -> int:
        """How many bytes stand under `key`; `MissingObject` when there are none."""

    def copy_to(self, key: str, path: Path) -> None:
        """Write the bytes under `key` to a new file at `path`; what fails leaves no file."""

    def exists(self, key: str) -> bool:
        """Whether the key is taken."""

    def keys(self, prefix: str) -> Iterator[str]:
        """Every key below `prefix` (a whole number of segments), in order."""

    def delete(self, key: str) -> None:
        """Remove what stands under `key`, durably; a second time is no harm. For purges alone."""

    def replace(self, key: str, data: bytes) -> None:
        """Put `data` under `key` whatever stood there, durably, and never a part of it. For purges alone."""


def open_store(url: str, workspace: Path, sweep: bool = True) -> Store:
    """The store that the settings name: `s3://` and a bucket, or `file:` and a folder.

    The folder is taken from the workspace unless absolute; S3 is not asked for anything yet. Without `sweep`
    leftovers of killed writers stay, so that nothing at all is changed. A dry run's own form is `overlay:`.
    """
    form, _, place = url.partition(":")
    if form == "s3":
        return _open_s3(url)
    if form == "overlay":
        return _open_overlay(url, Path(place))
    from gradphoto.adapters.folder_store import FolderStore  # the form knows the protocol, not the reverse

    if form != "file" or not place.isprintable() or not place.strip() or place.startswith("//"):
        raise _unknown(url)
    store = FolderStore((workspace / place).absolute())
    if sweep:
        store.sweep()
    return store


def _open_overlay(url: str, scratch: Path) -> Store:
    from gradphoto.adapters.overlay import open_overlay

    try:
        return open_overlay(scratch)
    except (OSError, ValueError):
        raise _unknown(url) from None


def _open_s3(url: str) -> Store:
    from gradphoto.adapters.s3_store import S3Store  # boto3 takes its time, and a folder does without it

    parts = _S3_URL.fullmatch(url)
    if parts is None or (parts["prefix"] and not is_key(parts["prefix"])):
        raise _unknown(url)
    return S3Store(parts["bucket"], parts["prefix"] or "")


def _unknown(url: str) -> StoreUrlError:
    forms = "file:store（工作区内）、file:/绝对路径 或 s3://存储桶/前缀"
    return StoreUrlError(f"存储 {url!r}：无法识别，请写成 {forms}")


def is_key(text: str) -> bool:
    """Whether `text` can be a key."""
    return _KEY.fullmatch(text) is not None


def is_segment(text: str) -> bool:
    """Whether `text` can be one of the names that a key is made of."""
    return _SEGMENT.fullmatch(text) is not None


def checked_key(key: str) -> str:
    """`key` itself when it is a legal one.

    >>> checked_key("bundles/yanchi/yanchi-v0001.zip")
    'bundles/yanchi/yanchi-v0001.zip'
    >>> checked_key("../gradphoto.toml")
    Traceback (most recent call last):
    ValueError: not a key of the store: '../gradphoto.toml'
    """
    if not is_key(key):
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
        raise damaged(content_key(prefix, sha256))
    return data


def check(store: Store, prefix: str, sha256: str) -> None:
    """Read content back and compare it with its digest; `DamagedObject` when it differs."""
    if store.digest(content_key(prefix, sha256)) != sha256:
        raise damaged(content_key(prefix, sha256))


def damaged(key: str) -> DamagedObject:
    """The trouble that an object is not what its digest says, for the operator."""
    return DamagedObject(f"存储中的 {key}：内容与校验值不符，文件已损坏，请从备份恢复")
