"""A look through a store on its way: what is there, what was found wrong so far, and who refers to what is not."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import TypeVar

from gradphoto.adapters.store import DamagedObject, MissingObject, Store, StoreTrouble
from gradphoto.original import Digest

Answer = TypeVar("Answer")


@dataclass
class Look:
    """Names and digests are remembered, contents never."""

    store: Store
    keys: dict[str, list[str]]
    """Every key by kind."""
    faults: list[str] = field(default_factory=list)
    sizes: dict[str, int] = field(default_factory=dict)
    """In bytes, of every object that could be read, by key."""
    damaged: set[str] = field(default_factory=set)
    """Keys of originals and inputs that are not what their names say."""
    portraits: dict[str, Digest] = field(default_factory=dict)
    """What stands under the key of each portrait."""
    recorded: set[Digest] = field(default_factory=set)
    """The originals that a record of ingest names."""
    parcels: set[str] = field(default_factory=set)
    """The numbers of the parcels that were released."""
    broken: set[str] = field(default_factory=set)
    """Kinds of which a record is lost or unreadable: what it said must not be missed a second time."""
    purged: frozenset[str] = frozenset()
    """Keys that purges deleted: what still speaks of them does so rightly."""
    dead: frozenset[Digest] = frozenset()
    """The contents that they destroyed."""
    referrers: dict[str, list[str]] = field(default_factory=dict)
    """By key of an object that is not there, where it is spoken of."""

    @cached_property
    def there(self) -> frozenset[str]:
        """Every key."""
        return frozenset(key for keys in self.keys.values() for key in keys)

    def fault(self, line: str) -> None:
        """Something is wrong."""
        self.faults.append(line)

    def read(self, key: str, act: Callable[[str], Answer]) -> Answer | None:
        """What `act` makes of an object; None, and a fault, when this one object cannot be read."""
        try:
            return act(key)
        except (MissingObject, DamagedObject) as trouble:
            self.fault(str(trouble))
        except StoreTrouble as trouble:
            self.store.exists(key)  # raises when it is the store that does not answer, which is no fault in it
            self.fault(str(trouble))
        return None

    def refer(self, key: str, where: str) -> None:
        """Something speaks of this object; a missing one is named once, whoever speaks of it."""
        if key not in self.there and key not in self.purged:
            self.referrers.setdefault(key, []).append(where)

    def missing(self, told: Iterable[str]) -> Iterator[str]:
        """A line for each object that is spoken of and not there, but for those that were `told` already."""
        said = set(told)
        for key, places in self.referrers.items():
            if key not in said:
                more = f" 等 {len(places)} 处" if len(places) > 1 else ""
                yield f"存储中没有 {key}：{places[0]}{more}提到它，请从备份恢复"
