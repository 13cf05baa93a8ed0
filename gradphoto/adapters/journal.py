"""Numbered records: JSON Lines objects `000001.jsonl`, `000002.jsonl` …, each taken by exclusive create.

The number is the order: of two records that speak of the same thing, the lower one came first and is
the one everybody uses. The first line of each says its kind and schema version.
"""

import json
from collections.abc import Iterator, Sequence
from typing import Any

from gradphoto.adapters.store import DamagedObject, Store

Line = dict[str, Any]


class Journal:
    """The numbered records below one prefix of a store, all of one kind and schema version."""

    def __init__(self, store: Store, prefix: str, schema: int = 1) -> None:
        self._store, self._prefix = store, prefix
        self._head: Line = {"kind": prefix.split("/")[0], "schema": schema}

    def append(self, lines: Sequence[Line]) -> int:
        """Take the next free number for one record; returns the number."""
        number = self.last() + 1
        while not self.take(number, lines):
            number += 1
        return number

    def take(self, number: int, lines: Sequence[Line]) -> bool:
        """Write a record under exactly this number; False when somebody else took it."""
        return self._store.create(self._key(number), dump_lines([self._head, *lines]))

    def last(self) -> int:
        """The highest number taken, 0 when there is none."""
        return max((_number(key) for key in self._store.keys(self._prefix)), default=0)

    def record(self, number: int) -> list[Line]:
        """The lines of one record, without its head."""
        key = self._key(number)
        lines = load_lines(self._store.read(key), key)
        if lines[:1] != [self._head]:
            raise DamagedObject(f"{key}: expected a record of {self._head}, found {lines[:1]}")
        return lines[1:]

    def records(self) -> Iterator[tuple[int, list[Line]]]:
        """Every record with its number, lowest first."""
        for number in sorted(_number(key) for key in self._store.keys(self._prefix)):
            yield number, self.record(number)

    def _key(self, number: int) -> str:
        return f"{self._prefix}/{number:06d}.jsonl"


def dump_lines(lines: Sequence[Line]) -> bytes:
    """Canonical JSON Lines: sorted keys, UTF-8, one object a line."""
    text = "".join(
        json.dumps(line, ensure_ascii=False, sort_keys=True, separators=(",", ":")) + "\n" for line in lines
    )
    return text.encode()


def load_lines(data: bytes, key: str) -> list[Line]:
    """The objects of a JSON Lines record; `DamagedObject` names the key and line."""
    lines = []
    for number, text in enumerate(data.decode().splitlines(), 1):
        try:
            lines.append(json.loads(text))
        except ValueError:
            raise DamagedObject(f"{key}, line {number}: not JSON") from None
    return lines


def _number(key: str) -> int:
    return int(key.rpartition("/")[2].removesuffix(".jsonl"))
