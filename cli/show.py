"""What a command prints: tables on standard output for people, or one JSON document and nothing else."""

import json
import os
import re
import sys
from collections.abc import Iterable, Sequence
from io import TextIOWrapper
from typing import Any, Literal

from pydantic import BaseModel
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from gradphoto.language import heading, shown
from gradphoto.safe_name import printable

_WIDE = 200
"""Columns when nobody watches: a table in a file or a pipe is not squeezed."""

for _stream in ("stdout", "stderr"):
    if getattr(sys, _stream) is None:  # whoever started the program closed it, or there is no console
        setattr(sys, _stream, open(os.devnull, "w", encoding="utf-8"))  # noqa: PTH123, SIM115  as long as it runs

out = Console(highlight=False, emoji=False, soft_wrap=True, width=None if sys.stdout.isatty() else _WIDE)
err = Console(stderr=True, highlight=False, emoji=False, soft_wrap=True)

_UNSAFE = re.compile("[\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")
"""What JSON allows in a string and a terminal must not get raw."""


def bear_any_console() -> None:
    """What a console or a pipe in another encoding cannot show is written as an escape from here on."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def print_json(value: BaseModel | dict[str, Any] | list[Any]) -> None:
    """One JSON document, UTF-8, keys as the contract has them."""
    plain = value.model_dump(mode="json") if isinstance(value, BaseModel) else value
    narrow = not str(sys.stdout.encoding).lower().startswith("utf")  # then ASCII, which is UTF-8 too
    text = json.dumps(plain, ensure_ascii=narrow, indent=2)
    print(_UNSAFE.sub(lambda found: f"\\u{ord(found[0]):04x}", text))


def print_table(title: str, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """A table; numbers stand right, the first column is never broken, columns without a word are left out."""
    table = Table(title=heading(title), title_justify="left")
    body = [[_cell(cell) for cell in row] for row in rows]
    filled = [
        index for index in range(len(columns)) if not body or any(row[index] not in ("", "0") for row in body)
    ]
    for index in filled:
        numbers = all(row[index].isdecimal() or not row[index] for row in body)
        justify: Literal["right", "left"] = "right" if numbers else "left"
        table.add_column(heading(columns[index]), justify=justify, overflow="fold", no_wrap=index == 0)
    for row in body:
        table.add_row(*(escape(row[index]) for index in filled))
    out.print(table)


def warn(line: str) -> None:
    """A line that does not stop anything."""
    err.print(f"[yellow]{shown('注意')}[/yellow] {_plain(line)}")


def alarm(line: str) -> None:
    """A line of what went wrong."""
    err.print(f"[red]{_plain(line)}[/red]")


def aside(line: str) -> None:
    """A line on standard error that is neither."""
    err.print(_plain(line))


def say(line: str) -> None:
    """A line on standard output."""
    out.print(_plain(line))


def _plain(line: str) -> str:
    """In the language of whoever looks, and nothing of it is taken for markup or control."""
    return escape(printable(shown(line)))


def _cell(value: object) -> str:
    return "" if value is None else printable(shown(str(value)))
