"""Exports on record: whose picture left the house in which file, by its digest. Recalls and purges list them.

Records stand in `exports/`, one an export, made before the file gets its name: what is not on record cannot be
recalled. In which folder it was written is not known here.
"""

from collections.abc import Sequence
from typing import Self

from config.frozen import Frozen
from gradphoto.adapters.journal import Journal, Line
from gradphoto.adapters.store import Store
from gradphoto.original import Digest


class Carried(Frozen):
    """One student's portrait: what it was made from, and its own bytes."""

    student_no: str
    source: Digest
    sha256: Digest


class From(Frozen):
    """A bundle version that pictures were taken from."""

    centre: str
    version: int


class Exported(Frozen):
    """One export; `at` is for people only."""

    profile: str
    file: str
    """The name that it was to have, without folders."""
    sha256: Digest
    """Of the zip; of a folder that of its files' digests and names, a line each as `sha256sum` writes them."""
    uploaded: bool = False
    """Whether what it holds may come back by `returns import`."""
    at: str = ""
    bundles: tuple[From, ...] = ()
    photos: tuple[Carried, ...] = ()

    def to_lines(self) -> list[Line]:
        """The record: what the export is, then a line for each picture."""
        head = self.model_dump(mode="json", exclude={"photos"})
        return [head, *({"photo": one.model_dump(mode="json")} for one in self.photos)]

    @classmethod
    def from_lines(cls, lines: Sequence[Line]) -> Self:
        """The opposite of `to_lines`."""
        head, *rest = lines
        return cls.model_validate({**head, "photos": [line["photo"] for line in rest]})


def note_export(store: Store, exported: Exported) -> int:
    """Put an export on record; returns its number."""
    return exports_journal(store).append(exported.to_lines())


def exports(store: Store) -> dict[int, Exported]:
    """Every export by number, in order."""
    return {number: Exported.from_lines(lines) for number, lines in exports_journal(store).records()}


def exports_journal(store: Store) -> Journal:
    """The records of exports."""
    return Journal(store, "exports")
