"""The rows of a sheet by the columns that are asked for.

Headers are compared without spaces, case and width. Columns that nobody asks for are ignored.
"""

from collections.abc import Callable, Sequence
from functools import partial
from typing import NamedTuple

from config.spelling import spelling
from gradphoto.adapters.sheets import read_sheet
from gradphoto.inputs.columns import Column
from gradphoto.inputs.problems import Held, SheetError
from gradphoto.inputs.sheet import Row, Sheet


class Line(NamedTuple):
    """One row: `values` holds every column by its key, stripped, empty where the sheet has none.

    `faults` names the cells that must not be used; a line with any is not to be used as a whole.
    """

    number: int
    values: dict[str, str]
    faults: tuple[Held, ...]


class Table(NamedTuple):
    """The lines of one file, and the names of its further sheets that were not read."""

    lines: tuple[Line, ...]
    unread: tuple[str, ...]


def read_table(
    data: bytes, name: str, columns: Sequence[Column], is_header: Callable[[Sequence[str]], bool] | None = None
) -> Table:
    """The rows of a file by these columns; `SheetError` names the file and the column that is missing.

    `is_header` says which sheet of a workbook is meant, by default the one with every required column.
    """
    sheet = read_sheet(data, name, is_header or partial(has_columns, columns))
    places = _places(sheet, columns)
    titles = {places[column.key]: column.title for column in columns if column.key in places}
    titles[len(sheet.headers)] = f"第{len(sheet.headers) + 1}列"
    keys = [(column.key, places.get(column.key)) for column in columns]
    return Table(tuple(_line(row, name, keys, titles) for row in sheet.rows), sheet.unread)


def _line(row: Row, name: str, keys: list[tuple[str, int | None]], titles: dict[int, str]) -> Line:
    values = {key: "" if place is None else row.cells[place].strip() for key, place in keys}
    faults = tuple(
        Held(file=name, row=row.number, column=titles[index], message=fault)
        for index, fault in sorted(row.faults.items())
        if index in titles
    )
    return Line(row.number, values, faults)


def _matching(headers: Sequence[str], column: Column) -> list[int]:
    wanted = {spelling(header) for header in column.headers}
    return [index for index, header in enumerate(headers) if spelling(header) in wanted]


def has_columns(columns: Sequence[Column], headers: Sequence[str]) -> bool:
    """Whether every required column is among the headers."""
    return all(_matching(headers, column) for column in columns if column.required)


def _places(sheet: Sheet, columns: Sequence[Column]) -> dict[str, int]:
    """Where each column stands, those that are there."""
    found = {column: _matching(sheet.headers, column) for column in columns}
    missing = [column for column, places in found.items() if column.required and not places]
    if missing:
        raise _trouble(sheet, missing, f"缺少必需的列，表头可写作 {'；'.join(map(_accepted, missing))}")
    for column, places in found.items():
        if len(places) > 1:
            both = "、".join(sheet.headers[place].strip() for place in places)
            raise _trouble(sheet, [column], f"同一列出现了{len(places)}次（{both}），请只保留一列")
    return {column.key: places[0] for column, places in found.items() if places}


def _accepted(column: Column) -> str:
    return "、".join(column.headers)


def _trouble(sheet: Sheet, columns: Sequence[Column], message: str) -> SheetError:
    titles = "、".join(column.title for column in columns)
    return SheetError(Held(file=sheet.name, row=sheet.header_row, column=titles, message=message))
