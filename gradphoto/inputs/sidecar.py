"""Sidecars of tethering programs: tables in the inbox that say of each picture whose code or number was read.

A program names its table as it likes, so the columns tell: a file, and a code or a student number.
"""

from collections.abc import Sequence
from functools import partial

from gradphoto.adapters.sheets import read_sheet
from gradphoto.inputs.columns import SIDECAR, Column
from gradphoto.inputs.numbers import scientific, student_no_trouble
from gradphoto.inputs.problems import Held, SheetError
from gradphoto.inputs.table import Line, has_columns, read_table
from gradphoto.matching.kind import Place
from gradphoto.matching.sidecars import SidecarRow

_TITLES = {column.key: column.title for column in SIDECAR}
_FILE, *_SAYING = SIDECAR


def is_sidecar(data: bytes) -> bool:
    """Whether a table has the columns of a sidecar; one that cannot be read as a table is none."""
    try:
        return _has_columns(read_sheet(data, "", _has_columns).headers)
    except SheetError:
        return False


def read_sidecar(data: bytes, place: Place) -> tuple[list[SidecarRow], list[Held]]:
    """The rows of one sidecar in order, and what is held; one that is ambiguous as a whole is held as row 0."""
    name = place[2]
    try:
        table = read_table(data, name, SIDECAR, _has_columns)
    except SheetError as trouble:
        return [], [trouble.held.model_copy(update={"row": 0})]
    rows: list[SidecarRow] = []
    held = [Held(file=name, message=f"工作表“{title}”也像拍摄清单，但未读取") for title in table.unread]
    for line in table.lines:
        troubles = [*line.faults] or _troubles(line, name)
        held += troubles
        if not troubles and (line.values["capture_code"] or line.values["student_no"]):
            rows.append(_row(line, place))  # a picture without either is listed, and nothing is said of it
    return rows, held


def _row(line: Line, place: Place) -> SidecarRow:
    values = line.values
    return SidecarRow(place, line.number, values["file"], values["capture_code"], values["student_no"] or None)


def _troubles(line: Line, name: str) -> list[Held]:
    code, student_no = line.values["capture_code"], line.values["student_no"]
    troubles = {
        "file": "" if line.values["file"] else "不能为空，请写明是哪个文件",
        "capture_code": "已变成科学记数法，请把该列设为文本后重新填写" if scientific(code) else "",
        "student_no": student_no_trouble(student_no) if student_no else "",
    }
    return [
        Held(file=name, row=line.number, column=_TITLES[key], message=message)
        for key, message in troubles.items()
        if message
    ]


def _has_columns(headers: Sequence[str]) -> bool:
    has: partial[bool] = partial(_has, headers)
    return has(_FILE) and any(map(has, _SAYING))


def _has(headers: Sequence[str], column: Column) -> bool:
    return has_columns([column._replace(required=True)], headers)
