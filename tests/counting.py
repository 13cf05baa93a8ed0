"""A store that counts what is asked of it, by kind of request; everything else is the store's own."""

from collections import Counter
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from gradphoto.adapters.store import Kept, Store

PAGE = 1000
"""Keys that one LIST of S3 answers with."""


@dataclass(frozen=True)
class Counting:
    """Requests as S3 would have them: a listing is one for each page, content that is kept a HEAD and a PUT."""

    store: Store
    requests: Counter[str] = field(default_factory=Counter, compare=False)

    def create(self, key: str, data: bytes) -> bool:
        self.requests["PUT"] += 1
        return self.store.create(key, data)

    def create_from(self, key: str, path: Path) -> bool:
        """Large: begun, sent in a part, claimed, completed."""
        self.requests["HEAD"] += 1
        self.requests["PUT"] += 4
        return self.store.create_from(key, path)

    def keep_from(self, prefix: str, pieces: Iterable[bytes]) -> Kept:
        self.requests["HEAD"] += 1
        self.requests["PUT"] += 1
        return self.store.keep_from(prefix, pieces)

    def read(self, key: str) -> bytes:
        self.requests["GET"] += 1
        return self.store.read(key)

    def pieces(self, key: str, start: int, stop: int) -> Generator[bytes]:
        self.requests["GET"] += 1
        return self.store.pieces(key, start, stop)

    def digest(self, key: str) -> str:
        self.requests["GET"] += 1
        return self.store.digest(key)

    def size(self, key: str) -> int:
        self.requests["HEAD"] += 1
        return self.store.size(key)

    def copy_to(self, key: str, path: Path) -> None:
        self.requests["GET"] += 1
        self.store.copy_to(key, path)

    def exists(self, key: str) -> bool:
        self.requests["HEAD"] += 1
        return self.store.exists(key)

    def keys(self, prefix: str) -> Iterator[str]:
        found = list(self.store.keys(prefix))
        self.requests["LIST"] += max(1, -(-len(found) // PAGE))
        return iter(found)

    def delete(self, key: str) -> None:
        self.requests["DELETE"] += 1
        self.store.delete(key)

    def replace(self, key: str, data: bytes) -> None:
        self.requests["PUT"] += 1
        self.store.replace(key, data)


@contextmanager
def counted(kind: type, requests: Counter[str]) -> Iterator[None]:
    """Within it every call of every store of that kind is counted too, whoever opened it."""
    real = {name: getattr(kind, name) for name in _CALLS}

    def counting(name: str) -> Callable[..., Any]:
        def call(store: Any, *arguments: Any) -> Any:
            return getattr(Counting(_Bound(store, real), requests), name)(*arguments)

        return call

    for name in _CALLS:
        setattr(kind, name, counting(name))
    try:
        yield
    finally:
        for name, method in real.items():
            setattr(kind, name, method)


_WRITING = ("create", "create_from", "keep_from", "delete", "replace")
_CALLS = (*_WRITING, "read", "pieces", "digest", "size", "copy_to", "exists", "keys")


class _Bound:
    """One store with the methods that its kind really has."""

    def __init__(self, store: Any, real: Mapping[str, Callable[..., Any]]) -> None:
        self._store, self._real = store, real

    def __getattr__(self, name: str) -> Any:
        return partial(self._real[name], self._store)
