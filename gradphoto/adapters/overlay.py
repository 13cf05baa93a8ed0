"""A store over another one: what is written goes into a scratch folder, what is read is found in either.

The store below is only read, so that a whole night can be tried on it and leave nothing. What is deleted in the
overlay is marked as gone in the scratch folder. The scratch folder says what it lies over, so an overlay has an
address like any store, `overlay:` and that folder, and workers in other processes open the same one. It is its
maker's to remove.
"""

from collections.abc import Generator, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from gradphoto.adapters.folder_store import FolderStore
from gradphoto.adapters.store import Kept, MissingObject, Store, content_key, open_store

_BELOW = "below"
"""The file of the scratch folder that holds the address of the store below."""


@dataclass(frozen=True)
class Overlay:
    """A store that shows `below` with the changes of a scratch folder."""

    below: Store
    above: FolderStore
    """What was written."""
    gone: FolderStore
    """An empty object for each key of `below` that was deleted."""

    def create(self, key: str, data: bytes) -> bool:
        """Write `data` above under a key that is new to both; False when it is taken."""
        return not self._shown_below(key) and self.above.create(key, data)

    def create_from(self, key: str, path: Path) -> bool:
        """Write the file at `path` above under a key that is new to both; False when it is taken."""
        return not self._shown_below(key) and self.above.create_from(key, path)

    def keep_from(self, prefix: str, pieces: Iterable[bytes]) -> Kept:
        """Write `pieces` above under the digest of what was written; what is below already is not kept twice."""
        kept = self.above.keep_from(prefix, pieces)
        if not self._shown_below(content_key(prefix, kept.sha256)):
            return kept
        self.above.delete(content_key(prefix, kept.sha256))
        return kept._replace(new=False)

    def read(self, key: str) -> bytes:
        """The bytes under `key`."""
        return self._holder(key).read(key)

    def pieces(self, key: str, start: int, stop: int) -> Generator[bytes]:
        """The bytes under `key` from `start` up to `stop`, in small pieces."""
        return self._holder(key).pieces(key, start, stop)

    def digest(self, key: str) -> str:
        """The sha256 of the bytes under `key`, read back from where they are."""
        return self._holder(key).digest(key)

    def size(self, key: str) -> int:
        """How many bytes stand under `key`."""
        return self._holder(key).size(key)

    def copy_to(self, key: str, path: Path) -> None:
        """Write the bytes under `key` to a new file at `path`."""
        self._holder(key).copy_to(key, path)

    def exists(self, key: str) -> bool:
        """Whether the key is taken."""
        return self.above.exists(key) or self._shown_below(key)

    def keys(self, prefix: str) -> Iterator[str]:
        """Every key below `prefix`, in order."""
        shown = set(self.below.keys(prefix)).difference(self.gone.keys(prefix))
        return iter(sorted(shown.union(self.above.keys(prefix))))

    def delete(self, key: str) -> None:
        """Show nothing under `key` any more."""
        if self.below.exists(key):
            self.gone.create(key, b"")
        self.above.delete(key)

    def replace(self, key: str, data: bytes) -> None:
        """Show `data` under `key` whatever stood there."""
        self.above.replace(key, data)

    def _shown_below(self, key: str) -> bool:
        return self.below.exists(key) and not self.gone.exists(key)

    def _holder(self, key: str) -> Store:
        if self.above.exists(key):
            return self.above
        if self.gone.exists(key):
            raise MissingObject(f"存储中没有 {key}")
        return self.below


def lay_over(url: str, scratch: Path) -> str:
    """Lay an empty overlay over the store of an absolute address; returns the overlay's own address."""
    (scratch / _BELOW).write_text(url, encoding="utf-8")
    return f"overlay:{scratch.absolute()}"


def open_overlay(scratch: Path) -> Overlay:
    """The overlay of a scratch folder; `OSError` when `lay_over` did not make it."""
    url = (scratch / _BELOW).read_text(encoding="utf-8")
    below = open_store(url, Path(), sweep=False)
    return Overlay(below, FolderStore(scratch / "new"), FolderStore(scratch / "gone"))
