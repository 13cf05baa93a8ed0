"""Which bytes a request asks for, by RFC 9110: pure, on the words of its headers.

Whatever does not say one range clearly is as if it had not been said, and the whole is sent: a client that asked
for parts must look at the answer anyway. Several ranges in one request are answered in full too, for nobody who
resumes a download asks so, and each costs the server more than the client.
"""

import re
from typing import NamedTuple

_RANGE = re.compile(r"bytes=[ \t]*([0-9]*)-([0-9]*)[ \t]*", re.IGNORECASE | re.ASCII)
_ETAG = re.compile(r'(W/)?("[\x21\x23-\x7e\x80-\xff]*")')
_DIGITS = 18
"""Of a number that is taken as it stands; a longer one is only large."""
_LARGE = 10**_DIGITS


class Unsatisfiable(ValueError):
    """A range of which the object has no byte."""


class Part(NamedTuple):
    """Bytes from `start` up to but without `stop`."""

    start: int
    stop: int


def part_of(said: str | None, size: int) -> Part | None:
    """The part of an object of `size` bytes that a Range header asks for; None for the whole, `Unsatisfiable`.

    >>> part_of("bytes=2-", 10), part_of("bytes=-3", 10), part_of("bytes=2-4,6-8", 10)
    (Part(start=2, stop=10), Part(start=7, stop=10), None)
    """
    match = _RANGE.fullmatch(said.strip()) if said else None
    if match is None or match[1] == match[2] == "":
        return None
    first, last = _number(match[1]), _number(match[2])
    if match[1] and match[2] and _longer(match[1], match[2]):
        return None
    part = Part(first, min(last + 1, size) if match[2] else size) if match[1] else Part(max(size - last, 0), size)
    if part.start >= part.stop:
        raise Unsatisfiable
    return part


def names(said: str | None, etag: str, *, weak: bool) -> bool:
    """Whether a list of entity tags (If-Match, If-None-Match) has `etag`, or `*`; `weak` ones count if asked."""
    if said is None:
        return False
    return said.strip() == "*" or any(tag == etag and (weak or not mark) for mark, tag in _ETAG.findall(said))


def _number(digits: str) -> int:
    digits = digits.lstrip("0")
    return _LARGE if len(digits) > _DIGITS else int(digits or "0")


def _longer(first: str, last: str) -> bool:
    """Whether `first` is the larger number, however many digits it has."""
    one, other = first.lstrip("0"), last.lstrip("0")
    return (len(one), one) > (len(other), other)
