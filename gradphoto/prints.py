"""Prints on record: whose picture was printed from which original, in which PDF, told by its digest.

Records stand in `prints/<centre>/`, one a PDF, made when that is whole. A student is printed again only when
another picture is delivered, or in another size. In which folder the PDF was written is not known here.
"""

from collections.abc import Iterable, Sequence
from typing import Self

from config.frozen import Frozen
from gradphoto.adapters.journal import Journal, Line
from gradphoto.adapters.store import Store
from gradphoto.bundle import Delivery
from gradphoto.original import Digest
from gradphoto.parcels import Print


class Printed(Frozen):
    """One PDF of a centre's prints. `version` is the bundle whose pictures it has; `at` is for people only."""

    centre: str
    size: str
    """The id of a print size."""
    file: str
    """Its name without folders."""
    sha256: Digest
    version: int
    at: str = ""
    prints: tuple[Print, ...] = ()

    def to_lines(self) -> list[Line]:
        """The record: what the PDF is, then a line for each student in it."""
        head = self.model_dump(mode="json", exclude={"prints"})
        return [head, *({"print": one.model_dump(mode="json")} for one in self.prints)]

    @classmethod
    def from_lines(cls, lines: Sequence[Line]) -> Self:
        """The opposite of `to_lines`."""
        head, *rest = lines
        return cls.model_validate({**head, "prints": [line["print"] for line in rest]})


def unprinted(deliveries: Iterable[Delivery], size: str, printed: Iterable[Printed]) -> list[Delivery]:
    """Those of a centre's deliveries that no PDF of that size holds: new pictures and replaced ones."""
    done = {item for one in printed if one.size == size for item in one.prints}
    every = ((each, Print(student_no=each.student_no, source=each.source_sha256)) for each in deliveries)
    return [each for each, item in every if item not in done]


def note_prints(store: Store, printed: Printed) -> int:
    """Put a PDF on record; returns the record's number."""
    return prints_journal(store, printed.centre).append(printed.to_lines())


def prints_of(store: Store, centre: str) -> list[Printed]:
    """Every PDF of a centre, in order."""
    return [Printed.from_lines(lines) for _, lines in prints_journal(store, centre).records()]


def prints_journal(store: Store, centre: str) -> Journal:
    """The records of one centre."""
    return Journal(store, f"prints/{centre}")
