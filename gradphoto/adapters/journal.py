"""Numbered records: JSON Lines objects `000001.jsonl`, `000002.jsonl` …, each taken by exclusive create.

The number is the order: of two records that speak of the same thing, the lower one came first and is
the one everybody uses, and there are no gaps. The first line of each says its kind, its schema version and
the sha256 of the lines after it.
"""

import json
import re
from collections.abc import Iterator, Sequence
from itertools import count, takewhile
from typing import Any

from gradphoto.adapters.store import DamagedObject, Store, damaged, digest

Line = dict[str, Any]


class Journal:
    """The numbered records below one prefix of a store, all of one kind and schema version."""

    def __init__(self, store: Store, prefix: str, schema: int = 1) -> None:
        self.store, self.prefix = store, prefix
        self._head: Line = {"kind": prefix.split("/")[0], "schema": schema}

    def append(self, lines: Sequence[Line], after: int | None = None) -> int:
        """Take the next free number for one record; returns the number. `after` is the last one, if known."""
        number = (self.last() if after is None else after) + 1
        while not self.take(number, lines):
            number += 1
        return number

    def take(self, number: int, lines: Sequence[Line]) -> bool:
        """Write a record under exactly this number; False when somebody else took it."""
        return self.store.create(self._key(number), self._data(lines))

    def rewrite(self, number: int, lines: Sequence[Line]) -> None:
        """Put other lines under a number that is taken. For purges alone: any other correction is a new record."""
        self.store.replace(self._key(number), self._data(lines))

    def last(self) -> int:
        """The highest number taken, 0 when there is none."""
        return max(self.numbers(), default=0)

    def record(self, number: int) -> list[Line]:
        """The lines of one record, without its head; `DamagedObject` names the key and line."""
        key = self._key(number)
        data = self.store.read(key)
        head, *lines = load_lines(data, key) or [{}]
        sha256 = head.pop("sha256", None)
        if head != self._head:
            raise DamagedObject(f"存储中的 {key}，第1行：不是 {self._head} 的记录，请从备份恢复")
        if sha256 != digest(data.partition(b"\n")[2]):
            raise damaged(key)
        return lines

    def records(self) -> Iterator[tuple[int, list[Line]]]:
        """Every record with its number, lowest first."""
        for number in self.numbers():
            yield number, self.record(number)

    def numbers(self, known: Sequence[int] = ()) -> list[int]:
        """The numbers taken, lowest first. Whatever else lies below the prefix is no record.

        With those that are `known` from an earlier time only the next ones are asked for, so that a long journal
        is not listed again for every record that came; unless one of them is lacking, now or then.
        """
        if known and known[-1] == len(known) and self._taken(known[-1]):
            return [*known, *takewhile(self._taken, count(known[-1] + 1))]
        names = (key.removeprefix(f"{self.prefix}/") for key in self.store.keys(self.prefix))
        return sorted(int(name[:-6]) for name in names if re.fullmatch(r"[0-9]{6,}\.jsonl", name))

    def _taken(self, number: int) -> bool:
        return self.store.exists(self._key(number))

    def _data(self, lines: Sequence[Line]) -> bytes:
        body = dump_lines(lines)
        return dump_lines([{**self._head, "sha256": digest(body)}]) + body

    def _key(self, number: int) -> str:
        return f"{self.prefix}/{number:06d}.jsonl"


def dump_lines(lines: Sequence[Line]) -> bytes:
    """Canonical JSON Lines: sorted keys, UTF-8, one object a line."""
    text = "".join(
        json.dumps(line, ensure_ascii=False, allow_nan=False, sort_keys=True, separators=(",", ":")) + "\n"
        for line in lines
    )
    return text.encode()


def load_lines(data: bytes, key: str) -> list[Line]:
    """The objects of a JSON Lines record; `DamagedObject` names the key and line."""
    *texts, rest = data.split(b"\n")  # not splitlines: U+2028 and others may stand within a line
    lines = [_load_line(text, f"存储中的 {key}，第{number}行") for number, text in enumerate(texts, 1)]
    if rest:
        raise DamagedObject(f"存储中的 {key}，第{len(lines) + 1}行：记录不完整，请从备份恢复")
    return lines


def _load_line(text: bytes, where: str) -> Line:
    try:
        line = json.loads(text.decode())
    except ValueError:
        line = None
    if not isinstance(line, dict):
        raise DamagedObject(f"{where}：记录已损坏，请从备份恢复")
    return line
