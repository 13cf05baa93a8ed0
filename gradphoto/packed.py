"""What is in a bundle: the record that packing leaves of each version of a centre's bundle, and its reading.

The number of a record is the bundle's version, so the highest is the newest. How a bundle is made is
not known here.
"""

from collections.abc import Sequence
from typing import Self

from config.frozen import Frozen
from gradphoto.adapters.journal import Journal, Line
from gradphoto.adapters.store import Store
from gradphoto.bundle import Absent, Delivery
from gradphoto.original import Digest


class Packed(Frozen):
    """One version of one centre's bundle. `bytes` is the size of the zip, `path` its key in the store."""

    centre: str
    version: int
    path: str
    sha256: Digest
    bytes: int
    inputs: Digest
    """Of everything that it was made from."""
    snapshot: int
    """The snapshot of the inputs, so that a run with older ones never publishes over newer ones."""
    deliveries: tuple[Delivery, ...] = ()
    absent: tuple[Absent, ...] = ()

    def to_lines(self) -> list[Line]:
        """The record: what the bundle is, then a line for each portrait, then one for each student without."""
        return [
            self.model_dump(mode="json", exclude={"deliveries", "absent"}),
            *({"delivery": delivery.model_dump(mode="json")} for delivery in self.deliveries),
            *({"absent": absent.model_dump(mode="json")} for absent in self.absent),
        ]

    @classmethod
    def from_lines(cls, lines: Sequence[Line]) -> Self:
        """The bundle of a record; the opposite of `to_lines`."""
        head, *rest = lines
        deliveries = [line["delivery"] for line in rest if "delivery" in line]
        absent = [line["absent"] for line in rest if "absent" in line]
        return cls.model_validate({**head, "deliveries": deliveries, "absent": absent})


def journal(store: Store, centre: str) -> Journal:
    """The records of one centre's bundles, numbered by version."""
    return Journal(store, f"packed/{centre}")


def newest(store: Store, centre: str) -> Packed | None:
    """The newest version of a centre's bundle; None when it has none yet."""
    last = journal(store, centre).last()
    return by_version(store, centre, last) if last else None


def by_version(store: Store, centre: str, version: int) -> Packed:
    """One version of a centre's bundle; `MissingObject` when it was never made."""
    return Packed.from_lines(journal(store, centre).record(version))
