"""Bundles as the portal hands them out: found and judged anew for each piece of a download, read once."""

from collections.abc import Callable
from functools import lru_cache

from gradphoto.adapters.store import Store
from gradphoto.packed import Packed, by_version, journal
from gradphoto.stages.blocked import wrong_in
from gradphoto.stages.known import era_of, keys_of


class Bundles:
    """The bundles of a store. Nothing that is kept here outlives a purge, a decision or a newer version."""

    def __init__(self, store: Store) -> None:
        self._store = store

        @lru_cache(maxsize=64)
        def record(_era: object, centre: str, version: int) -> Packed:
            return by_version(store, centre, version)

        @lru_cache(maxsize=64)
        def recalled(told: tuple[object, ...], centre: str, version: int) -> bool:
            return bool(wrong_in(store, record(told[0], centre, version)))

        self._record: Callable[[object, str, int], Packed] = record
        self._recalled: Callable[[tuple[object, ...], str, int], bool] = recalled

    def version(self, centre: str, version: int) -> Packed | None:
        """One version; None when it was never made or was destroyed."""
        if version not in journal(self._store, centre).numbers():
            return None
        packed = self._record(era_of(self._store), centre, version)
        return packed if self._store.exists(packed.path) else None

    def newest(self, centre: str) -> Packed | None:
        """The newest version, if it is there."""
        last = journal(self._store, centre).last()
        return self.version(centre, last) if last else None

    def recalled(self, packed: Packed) -> bool:
        """Whether a recall keeps it back."""
        last = journal(self._store, packed.centre).last()
        told = (era_of(self._store), keys_of(self._store, "decisions"), last)
        return self._recalled(told, packed.centre, packed.version)
