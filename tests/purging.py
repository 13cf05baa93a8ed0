"""For tests of purges: the two steps of one, a store that is cut off at any call, and what its bytes hold."""

import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from zipfile import ZipFile, is_zipfile

from cli.workspace import Workspace
from gradphoto.adapters.folder_store import FolderStore
from gradphoto.adapters.store import Store
from gradphoto.purge import Receipt, Scope
from gradphoto.purges import receipts
from gradphoto.stages.purge import Listing, purge_list
from gradphoto.stages.purge_apply import confirm
from gradphoto.stages.purge_papers import complete_purges

AT = "2023-08-01T09:00:00+08:00"


def student(*numbers: str) -> Scope:
    return Scope(students=tuple(sorted(numbers)))


def listing(folder: Path, scope: Scope, store: Store | None = None) -> Listing:
    """What the first step shows."""
    place = Workspace(folder)
    return purge_list(store or place.store, place.folder, place.settings, scope)


def purge(folder: Path, scope: Scope, store: Store | None = None) -> Receipt:
    """Both steps, one after the other."""
    used = store or Workspace(folder).store
    number = confirm(used, listing(folder, scope, used), "操作员", AT)
    complete_purges(used, folder)
    return receipts(used)[number]


class CutOff(BaseException):
    """As if the power had failed."""


class Failing:
    """A store that does so many calls and no more."""

    def __init__(self, store: FolderStore, calls: int) -> None:
        self._store, self.left = store, calls

    def __getattr__(self, name: str) -> Any:
        act = getattr(self._store, name)

        def counted(*arguments: Any) -> Any:
            if self.left <= 0:
                raise CutOff
            self.left -= 1
            return act(*arguments)

        return counted


def objects(folder: Path) -> dict[str, bytes]:
    """Every object of the embedded store by key."""
    store = folder / "store"
    paths = (path for path in sorted(store.rglob("*")) if path.is_file() and ".tmp" not in path.parts)
    return {path.relative_to(store).as_posix(): path.read_bytes() for path in paths}


def members(name: str, data: bytes) -> Iterator[tuple[str, bytes]]:
    """An object and, of an archive, whatever is in it, archives in it too."""
    yield name, data
    if is_zipfile(io.BytesIO(data)):
        with ZipFile(io.BytesIO(data)) as archive:
            for inner in archive.namelist():
                yield from members(f"{name}!{inner}", archive.read(inner))


def speaking_of(folder: Path, *words: str) -> set[str]:
    """Where in the store any of the words stands, in names and bytes."""
    wanted = [word.encode(coding) for word in words for coding in ("utf-8", "gb18030", "utf-16-le")]
    return {
        name
        for key, data in objects(folder).items()
        for name, part in members(key, data)
        if any(word in part or word in name.encode() for word in wanted)
    }
