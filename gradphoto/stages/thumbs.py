"""Thumbnails: each original as a small and a large picture for the pages, made once and kept beside the store.

They are a cache in the workspace (`cache/thumbs/`, `cache/large/`), photographs of people like the rest of it,
so readable by their owner only. Whoever deletes it loses a minute.
"""

import os
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Literal

from gradphoto.adapters.durable import settle
from gradphoto.adapters.imaging.thumb import Shown, shown
from gradphoto.adapters.processes import Died, each
from gradphoto.adapters.store import DamagedObject, MissingObject, Store, content_key, fetch
from gradphoto.discrepancy import Discrepancy
from gradphoto.original import Digest
from gradphoto.stages.read import MAX_BYTES

Size = Literal["thumbs", "large"]


class Thumbs:
    """The cache of one workspace, filled from its store by `workers` processes."""

    def __init__(self, store: Store, workspace: Path, workers: int) -> None:
        self._store, self._workers = store, workers
        self._folder = workspace / "cache"
        self._failed: set[Digest] = set()

    def picture(self, sha256: Digest, size: Size) -> bytes | None:
        """The JPEG of an original; None when it cannot be shown. `StoreTrouble` when the store fails."""
        if not self._there(sha256):
            self.make([sha256])
        return self._path(sha256, size).read_bytes() if self._there(sha256) else None

    def make(self, digests: Sequence[Digest]) -> int:
        """Make what is lacking of these; returns how many were made. A process a picture at a time."""
        lacking = [one for one in dict.fromkeys(digests) if one not in self._failed and not self._there(one)]
        return sum(self._keep(sha256, made) for sha256, made in self._made(lacking))

    def batches(self, digests: Sequence[Digest]) -> Iterator[int]:
        """The same a few at a time, so that whoever waits for one picture is not behind all of them."""
        for start in range(0, len(digests), self._workers):
            yield self.make(digests[start : start + self._workers])

    def _made(self, lacking: Sequence[Digest]) -> Iterator[tuple[Digest, Shown | Discrepancy | Died]]:
        yield from each(partial(_show, self._store), lacking, self._workers)

    def _keep(self, sha256: Digest, made: Shown | Discrepancy | Died) -> bool:
        if not isinstance(made, Shown):
            self._failed.add(sha256)
            return False
        _write(self._path(sha256, "large"), made.large)
        _write(self._path(sha256, "thumbs"), made.small)  # last: where it is, both are
        return True

    def _there(self, sha256: Digest) -> bool:
        return self._path(sha256, "thumbs").exists() and self._path(sha256, "large").exists()

    def _path(self, sha256: Digest, size: Size) -> Path:
        return self._folder / size / f"{sha256}.jpg"


def _show(store: Store, sha256: Digest) -> Shown | Discrepancy:
    """In a process of its own; a damaged or lost original is one picture's trouble here."""
    try:
        if store.size(content_key("originals", sha256)) > MAX_BYTES:
            return Discrepancy(code="too-large")
        return shown(fetch(store, "originals", sha256))
    except (MissingObject, DamagedObject) as trouble:
        return Discrepancy(code="corrupt", detail=str(trouble))


def _write(path: Path, data: bytes) -> None:
    """A file that has its name is whole: it is written beside it (0600) and takes the name last."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with NamedTemporaryFile(dir=path.parent, prefix=".", delete=False) as file:
        try:
            file.write(data)
            settle(file.file)
        except BaseException:
            os.unlink(file.name)  # noqa: PTH108
            raise
    Path(file.name).replace(path)
