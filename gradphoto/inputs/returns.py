"""What CHSI sent back, from cells to rows: a student number and a reason, and maybe which picture is meant."""

from collections.abc import Iterator
from typing import NamedTuple

from gradphoto.inputs.columns import RETURNS
from gradphoto.inputs.numbers import student_no_trouble
from gradphoto.inputs.problems import Held
from gradphoto.inputs.table import Line, read_table

LONGEST = 200
"""Characters of a reason."""
SHORTEST = 8
"""Characters of a digest's beginning."""
_TITLES = {column.key: column.title for column in RETURNS}


class ReturnRow(NamedTuple):
    """One row; `version` and `sha256` are as written, empty where the list does not say."""

    number: int
    """As Excel counts."""
    student_no: str
    reason: str
    name: str = ""
    version: str = ""
    sha256: str = ""


def read_returns(data: bytes, name: str) -> tuple[list[ReturnRow], list[Held]]:
    """The rows of a list in order, and what is held; `SheetError` when it cannot be read at all."""
    table = read_table(data, name, RETURNS)
    rows: list[ReturnRow] = []
    held = [Held(file=name, message=f"工作表“{title}”也像退回名单，但未读取") for title in table.unread]
    for line in table.lines:
        troubles = [*line.faults] or [held_at(name, line.number, key, why) for key, why in _troubles(line)]
        held += troubles
        if not troubles:
            rows.append(_row(line))
    return rows, held


def held_at(file: str, row: int, key: str, message: str) -> Held:
    """A row that is not used, by the column that is in trouble."""
    return Held(file=file, row=row, column=_TITLES[key], message=message)


def _row(line: Line) -> ReturnRow:
    values = line.values
    reason = " ".join(values["reason"].split())
    return ReturnRow(
        line.number, values["student_no"], reason, values["name"], values["version"], values["sha256"].lower()
    )


def _troubles(line: Line) -> Iterator[tuple[str, str]]:
    reason, sha256 = " ".join(line.values["reason"].split()), line.values["sha256"].lower()
    if message := student_no_trouble(line.values["student_no"]):
        yield "student_no", message
    if not reason:
        yield "reason", "不能为空，请写明退回的原因"
    elif len(reason) > LONGEST:
        yield "reason", f"超过 {LONGEST} 个字，请缩短"
    elif not reason.isprintable():
        yield "reason", "含有看不见的字符，请删去"
    if sha256 and (len(sha256) < SHORTEST or set(sha256) - set("0123456789abcdef")):
        yield "sha256", f"应是照片校验值，或其开头至少 {SHORTEST} 位"
