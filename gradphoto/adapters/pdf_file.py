"""A PDF written as it comes: each object goes to the file at once, and only where it stands is remembered.

ReportLab keeps a whole document in memory until its end; a centre's prints may have hundreds of pages. Nothing
goes in that was not given: no clock, no name of a machine. The same objects in the same order make the same bytes.
"""

import hashlib
import zlib
from functools import lru_cache
from typing import IO

_SHORT = 8192
"""Bytes of what is remembered compressed."""
_HEAD = b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n"


class PdfFile:
    """One document on an open binary file; `close` ends it."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file, self._at = file, 0
        self._places: dict[int, int] = {}
        self._last = 0
        self._sha256 = hashlib.sha256()
        self._write(_HEAD)

    def reserve(self) -> int:
        """A number for an object that others refer to before it is written."""
        self._last += 1
        return self._last

    def add(self, body: str | bytes, number: int | None = None) -> int:
        """Write an object, under a number that was reserved or a new one; returns the number."""
        number = number or self.reserve()
        self._places[number] = self._at
        data = body.encode("ascii") if isinstance(body, str) else body
        self._write(b"%d 0 obj\n%b\nendobj\n" % (number, data))
        return number

    def stream(self, words: str, data: bytes, deflate: bool = True) -> int:
        """Write a stream with these entries in its dictionary; what is compressed already stays as it is."""
        body = _deflated(data) if deflate else data
        filtered = " /Filter /FlateDecode" if deflate else ""
        head = f"<< {words}{filtered} /Length {len(body)} >>\nstream\n".encode("ascii")
        return self.add(head + body + b"\nendstream")

    def close(self, catalog: int, info: int) -> None:
        """Write the table of objects; every reserved number must be written by now."""
        name, start, count = self._sha256.hexdigest()[:32], self._at, self._last + 1
        rows = (f"{self._places[number]:010d} 00000 n \n" for number in range(1, count))
        table = f"xref\n0 {count}\n0000000000 65535 f \n{''.join(rows)}"
        words = f"/Size {count} /Root {catalog} 0 R /Info {info} 0 R /ID [<{name}> <{name}>]"
        self._write(f"{table}trailer\n<< {words} >>\nstartxref\n{start}\n%%EOF\n".encode("ascii"))

    def _write(self, data: bytes) -> None:
        self._file.write(data)
        self._sha256.update(data)
        self._at += len(data)


def _deflated(data: bytes) -> bytes:
    return _short(data) if len(data) <= _SHORT else zlib.compress(data, 9)


@lru_cache(maxsize=4096)
def _short(data: bytes) -> bytes:
    """Glyphs are the same in every document of a run, and it is they that take the time."""
    return zlib.compress(data, 9)


def pdf_text(text: str) -> str:
    """Any text as a PDF's string.

    >>> pdf_text("王")
    '<FEFF738B>'
    """
    return f"<FEFF{text.encode('utf-16-be').hex().upper()}>"
