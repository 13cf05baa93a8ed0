"""The boxes of a HEIC file, as far as they say where its coded pictures stand (ISO/IEC 14496-12, 23008-12).

What is odd is passed over: the decoder judges that. Nothing is allocated by what a file claims.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

_MOST = 4096
"""Items and extents that are looked at; the decoder itself refuses more than a thousand."""
_CODED = b"hvc1"
_USUAL = 4
"""Bytes of a unit's length, where no configuration says otherwise."""


class Coded(NamedTuple):
    """One coded picture, or a tile of one."""

    units: bytes
    width: int
    """Bytes of the length before each unit."""
    whole: bool
    """Whether the file goes on to its end."""


def coded_parts(data: bytes) -> Iterator[Coded]:
    """The coded pictures of a file, thumbnails among them."""
    meta = _find(data, b"meta", 0, len(data), skip=4)
    if meta is None:
        return
    coded, size = set(_coded_items(data, *meta)), _length_size(data, *meta)
    for item, extents in _places(data, *meta):
        if item in coded:
            whole = all(start + length <= len(data) for start, length in extents)
            yield Coded(b"".join(data[start : start + length] for start, length in extents), size, whole)


def _boxes(data: bytes, start: int, end: int) -> Iterator[tuple[bytes, int, int]]:
    """Kind, beginning of the body and end of each box."""
    while start + 8 <= end:
        size, kind, body = int.from_bytes(data[start : start + 4], "big"), data[start + 4 : start + 8], start + 8
        if size == 1:
            size, body = int.from_bytes(data[body : body + 8], "big"), body + 8
        stop = start + size if size else end
        if not body <= stop <= end:
            return
        yield kind, body, stop
        start = stop


def _find(data: bytes, wanted: bytes, start: int, end: int, skip: int = 0) -> tuple[int, int] | None:
    """Body of the first box of that kind, without `skip` bytes of version and flags."""
    return next(((body + skip, stop) for kind, body, stop in _boxes(data, start, end) if kind == wanted), None)


def _coded_items(data: bytes, start: int, end: int) -> Iterator[int]:
    found = _find(data, b"iinf", start, end)
    if found is None:
        return
    body, stop = found
    entries = body + (6 if data[body] == 0 else 8)
    for kind, entry, _ in _boxes(data, entries, stop):
        wide = 4 if data[entry] == 3 else 2
        if kind == b"infe" and data[entry + 6 + wide : entry + 10 + wide] == _CODED:
            yield int.from_bytes(data[entry + 4 : entry + 4 + wide], "big")


def _length_size(data: bytes, start: int, end: int) -> int:
    """By the first decoder configuration; all pictures of one file have the same in practice."""
    place: tuple[int, int] | None = (start, end)
    for kind in (b"iprp", b"ipco", b"hvcC"):
        place = place and _find(data, kind, *place)
    return (data[place[0] + 21] & 3) + 1 if place and place[0] + 21 < place[1] else _USUAL


@dataclass
class _Numbers:
    """Numbers of any width, one after the other."""

    data: bytes
    at: int
    end: int

    def next(self, width: int) -> int:
        self.at += width
        return int.from_bytes(self.data[self.at - width : self.at], "big")


def _places(data: bytes, start: int, end: int) -> Iterator[tuple[int, list[tuple[int, int]]]]:
    """Each item of the file's own bytes with its extents: where and how long."""
    found = _find(data, b"iloc", start, end)
    if found is None:
        return
    numbers = _Numbers(data, *found)
    version = numbers.next(4) >> 24
    widths = numbers.next(2)
    offset, length, base, index = (widths >> shift & 15 for shift in (12, 8, 4, 0))
    for _ in range(min(numbers.next(2 if version < 2 else 4), _MOST)):
        item = numbers.next(2 if version < 2 else 4)
        method = numbers.next(2) & 15 if version else 0
        first = (numbers.next(2), numbers.next(base))[1]
        extents = []
        for _ in range(min(numbers.next(2), _MOST)):
            numbers.next(index if version else 0)
            extents.append((first + numbers.next(offset), numbers.next(length)))
        if numbers.at > numbers.end:
            return
        if method == 0:
            yield item, extents
