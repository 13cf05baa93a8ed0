"""Backup: what another store has not yet is copied there, and compared after the copy.

Content goes before the records that refer to it, so a copy that is cut off is whole as far as it goes, and the
next one goes on from there. Nothing in the copy is ever overwritten: what differs there is named.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from gradphoto.adapters.store import (
    DamagedObject,
    MissingObject,
    Store,
    StoreTrouble,
    damaged,
    digest,
    digest_file,
)
from gradphoto.layout import NAMED_BY_DIGEST, everything, form, kind_of
from gradphoto.original import Digest
from gradphoto.progress import Tick
from gradphoto.stages.backup_purges import is_before_purge

IN_MEMORY = 32 << 20
"""Bytes of an object above which it goes by way of a temporary file."""


class Copied(NamedTuple):
    """What a backup came to: objects that were copied, that were there already, and the bytes of the copied."""

    new: int
    known: int
    bytes: int
    faults: tuple[str, ...] = ()
    """A Chinese line for each object that could not be copied, or that is another one in the copy."""


class _Fault(Exception):
    """What is wrong with one object; the others are copied all the same."""


def backup(store: Store, target: Store, tick: Tick = lambda _: None) -> Copied:
    """Copy what `target` lacks; `tick` hears of each object. `StoreTrouble` when one of them does not answer.

    An object that is there is compared: by size when its key is its digest, for originals are many and large
    and `fsck` of the copy reads them all, else byte for byte.
    """
    new = known = size = 0
    faults: list[str] = []
    for key in everything(store):
        try:
            if target.exists(key):
                known += 1
                _compare(store, target, key)
            else:
                size += _copy(store, target, key)
                new += 1
        except _Fault as fault:
            faults.append(str(fault))
        tick(1)
    return Copied(new, known, size, tuple(faults))


def _compare(store: Store, target: Store, key: str) -> None:
    with _source(store, key):
        by_name = _named(key) is not None
        mine = store.size(key) if by_name else store.digest(key)
    if mine != (target.size(key) if by_name else target.digest(key)) and not is_before_purge(store, target, key):
        raise _Fault(f"备份中的 {key}：与存储中的内容不同，没有覆盖，请用 gradphoto fsck 检查两边")


def _copy(store: Store, target: Store, key: str) -> int:
    """Copy one object and read it back; returns its bytes."""
    with _source(store, key):
        size = store.size(key)
    copied = _small(store, target, key) if size <= IN_MEMORY else _large(store, target, key)
    if target.digest(key) != copied:
        raise _Fault(f"备份中的 {key}：复制后与存储中的内容不同，请检查备份所在的磁盘")
    return size


def _small(store: Store, target: Store, key: str) -> Digest:
    with _source(store, key):
        data = store.read(key)
        sha256 = _sound(key, digest(data))
    target.create(key, data)
    return sha256


def _large(store: Store, target: Store, key: str) -> Digest:
    with TemporaryDirectory(prefix="gradphoto-") as folder:
        path = Path(folder) / "object"
        with _source(store, key):
            store.copy_to(key, path)
            sha256 = _sound(key, digest_file(path))
        target.create_from(key, path)
        return sha256


def _sound(key: str, sha256: Digest) -> Digest:
    """What is damaged already is not handed on under a good name."""
    if sha256 != (_named(key) or sha256):
        raise damaged(key)
    return sha256


def _named(key: str) -> Digest | None:
    """The digest of the bytes where the key itself says it."""
    found = form(key)
    return found["sha256"] if found and kind_of(key) in NAMED_BY_DIGEST else None


@contextmanager
def _source(store: Store, key: str) -> Iterator[None]:
    """Trouble with one object of the store that is copied is that object's fault, unless the store is gone."""
    try:
        yield
    except StoreTrouble as trouble:
        if not isinstance(trouble, MissingObject | DamagedObject):
            store.exists(key)  # raises when nobody answers
        raise _Fault(f"{trouble}（未备份）") from None
