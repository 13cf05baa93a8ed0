"""The desks' rows of one session, in order of time."""

from collections import defaultdict
from collections.abc import Iterable, Mapping

from gradphoto.matching.bindings import DeskRow
from gradphoto.natural import natural_key


def by_code(rows: Iterable[DeskRow]) -> Mapping[str, list[DeskRow]]:
    """The rows of each code, in order of time."""
    found: dict[str, list[DeskRow]] = defaultdict(list)
    for row in _ordered(rows):
        found[row.code].append(row)
    return found


def logs(rows: Iterable[DeskRow]) -> list[list[DeskRow]]:
    """Each file's rows in order of time, every code once: two desks need not have one clock.

    Without those of a batch, which were never scanned while anybody waited.
    """
    files: dict[str, dict[str, DeskRow]] = defaultdict(dict)
    for row in _ordered(row for row in rows if not row.batch):
        files[row.ref.rpartition(":")[0]].setdefault(row.code, row)
    return [list(log.values()) for _, log in sorted(files.items())]


def _ordered(rows: Iterable[DeskRow]) -> list[DeskRow]:
    return sorted(rows, key=lambda row: (row.at, natural_key(row.ref)))
