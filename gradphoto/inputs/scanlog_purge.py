"""A desk's log without the rows of the purged. The other rows keep their numbers, by which they are spoken of."""

import csv
from collections.abc import Iterator
from io import StringIO
from typing import NamedTuple

from gradphoto.adapters.encodings import decode
from gradphoto.adapters.sheets import read_sheet
from gradphoto.adapters.tables import raw_cell
from gradphoto.inputs.problems import SheetError
from gradphoto.inputs.sheet import Sheet
from gradphoto.original import Digest
from gradphoto.purge import marked


class Redacted(NamedTuple):
    """What stays of a log, and how many rows went; without `data` nothing may stay."""

    data: bytes | None
    rows: int


def redact_scanlog(data: bytes, marks: frozenset[Digest]) -> Redacted | None:
    """The log as UTF-8 with an empty line for each row that holds a purged number or code; None: it holds none.

    A log that cannot be read as a table is used by nobody, and is not kept at all when it holds any.
    """
    try:
        sheet = read_sheet(data, "")
        lines = list(_blanked(decode(data, ""), marks)) if not data.startswith(b"PK") else _from_rows(sheet, marks)
    except SheetError:
        return Redacted(None, 1) if _speaks(data, marks) else None
    rows = sum(gone for _, gone in lines)
    return Redacted("".join(text for text, _ in lines).encode("utf-8-sig"), rows) if rows else None


def _blanked(text: str, marks: frozenset[Digest]) -> Iterator[tuple[str, bool]]:
    """Each record's text as it stands, or only the end of its line."""
    lines = list(StringIO(text, newline=""))
    reader, begun = csv.reader(lines, delimiter=_delimiter(lines)), 0
    for cells in reader:
        record = "".join(lines[begun : reader.line_num])
        begun, gone = reader.line_num, marked(map(raw_cell, cells), marks)
        yield (record[len(record.rstrip("\r\n")) :] if gone else record), gone


def _delimiter(lines: list[str]) -> str:
    """Whichever it is, a number and a code are words of their own; the quotes tell where a record ends."""
    head = next((line for line in lines if line.strip()), "")
    return max(",\t;", key=head.count)


def _from_rows(sheet: Sheet, marks: frozenset[Digest]) -> list[tuple[str, bool]]:
    """A workbook becomes a CSV of its one sheet that is read."""
    rows = {sheet.header_row: sheet.headers} | {row.number: row.cells for row in sheet.rows}
    found = []
    for number in range(1, max(rows) + 1):
        gone = marked(rows.get(number, ()), marks)
        found.append(("\r\n" if gone or number not in rows else _line(rows[number]), gone))
    return found


def _line(cells: tuple[str, ...]) -> str:
    out = StringIO(newline="")
    csv.writer(out, lineterminator="\r\n").writerow(cells)
    return out.getvalue()


def _speaks(data: bytes, marks: frozenset[Digest]) -> bool:
    return any(marked([data.decode(coding, "ignore")], marks) for coding in ("latin-1", "utf-16-le", "utf-16-be"))
