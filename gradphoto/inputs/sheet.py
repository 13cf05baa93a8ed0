"""A sheet as everybody reads it: rows of text, and for each cell that cannot be trusted the reason."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

SOUND: Mapping[int, str] = {}
"""The faults of a row that has none."""

FORMULA = "单元格是公式，请粘贴为数值后再保存"


class Row(NamedTuple):
    """One row below the header: its number as Excel shows it, and as many cells as there are headers.

    `faults` says, by the index of a cell, in Chinese why it must not be used. The index behind the last
    header stands for cells that no header names.
    """

    number: int
    cells: tuple[str, ...]
    faults: Mapping[int, str] = SOUND


class Sheet(NamedTuple):
    """The rows that are not blank, in order; `unread` names further sheets of the file with such a header."""

    name: str
    header_row: int
    headers: tuple[str, ...]
    rows: tuple[Row, ...]
    unread: tuple[str, ...] = ()


def blank(cells: Sequence[str]) -> bool:
    """Whether nothing is written in the row."""
    return not "".join(cells).strip()
