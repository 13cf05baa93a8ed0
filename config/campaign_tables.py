"""A campaign file as `tomllib` reads it, walked with care: what is missing or of a wrong type is passed over."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any, NamedTuple, TypeVar

from config.toml_lines import Place

Table = dict[str, Any]
_Kind = TypeVar("_Kind")


class Slot(NamedTuple):
    """A window that says when it is."""

    place: Place
    session: Table
    start: datetime
    end: datetime
    centre: str

    def __str__(self) -> str:
        return f"{self.start:%H:%M}—{self.end:%H:%M}（{self.centre}）"


def get(table: Table, key: str, kind: type[_Kind]) -> _Kind | None:
    """The value if it is exactly of that type: a datetime is no date, a boolean no number."""
    value = table.get(key)
    return value if type(value) is kind else None


def tables(table: Table, key: str) -> Iterator[tuple[Place, Table]]:
    """The tables in the array of that key, each with its place."""
    for index, item in enumerate(get(table, key, list) or []):
        if isinstance(item, dict):
            yield (key, index), item


def windows(document: Table) -> Iterator[tuple[Place, Table, Table]]:
    """Every window: its place, its session, itself."""
    for outer, session in tables(document, "sessions"):
        for inner, window in tables(session, "windows"):
            yield (*outer, *inner), session, window


def slots(document: Table) -> Iterator[Slot]:
    """Every window that says when it is."""
    for place, session, window in windows(document):
        start, end = get(window, "start", datetime), get(window, "end", datetime)
        if start and end and start.tzinfo is None and end.tzinfo is None:
            yield Slot(place, session, start, end, str(window.get("centre")))


def centre_ids(document: Table) -> Iterator[str]:
    """The id of every centre."""
    for _, table in tables(document, "centres"):
        id_ = get(table, "id", str)
        if id_ is not None:
            yield id_


def centre_texts(place: Place, table: Table) -> Iterator[tuple[Place, str]]:
    """Every text that stands for a centre, and where it is written."""
    for key in ("id", "name"):
        text = get(table, key, str)
        if text:
            yield (*place, key), text
    for index, alias in enumerate(get(table, "aliases", list) or []):
        if isinstance(alias, str):
            yield (*place, "aliases", index), alias
