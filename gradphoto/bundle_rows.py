"""The tables of a bundle as rows of text, there and back; the first row is the header.

How rows become a file belongs to the adapters.
"""

from collections.abc import Sequence
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from config.problems import first_problem
from gradphoto.bundle import REASON_SEPARATOR, Absent, Change, Contents, Delivery
from gradphoto.discrepancy import TEXTS
from gradphoto.states import STUDENT_WORDS

Rows = list[tuple[str, ...]]
Model = TypeVar("Model", bound=BaseModel)

PHOTOS = tuple(Delivery.model_fields)
"""The columns of photos.csv: those of the contract, then how each portrait was made."""
MISSING = tuple(Absent.model_fields)
CHANGES = tuple(Change.model_fields)
PEOPLE = ("学号", "姓名", "照片文件", "拍摄场次", "未采集原因")


def photo_rows(contents: Contents) -> Rows:
    """photos.csv: a row for each portrait."""
    return [PHOTOS, *(_cells(delivery) for delivery in contents.deliveries)]


def missing_rows(contents: Contents) -> Rows:
    """missing.csv: a row for each student without a portrait."""
    return [MISSING, *(_cells(absent) for absent in contents.absent)]


def change_rows(contents: Contents) -> Rows:
    """changes.csv: a row for each portrait that was added, replaced or removed."""
    return [CHANGES, *(_cells(change) for change in contents.changes)]


def people_rows(contents: Contents) -> Rows:
    """名单.xlsx: all students of the centre, with a portrait or without."""
    rows = [(part.student_no, part.name, part.file, part.session, "") for part in contents.deliveries]
    rows += [(part.student_no, part.name, "", "", why(part)) for part in contents.absent]
    return [PEOPLE, *sorted(rows)]


def parse(
    model: type[Model], rows: Sequence[Sequence[str]], name: str
) -> tuple[list[tuple[int, Model]], list[str]]:
    """The values of a table with the numbers of their rows (the header is row 1), and a line a bad row.

    Columns that `model` does not know are ignored; `name` is the file's, for the lines.
    """
    header, *body = rows or [[]]
    lacking = [column for column in model.model_fields if column not in header]
    if lacking:
        return [], [f"{name} 第1行：缺少列 {'、'.join(lacking)}"]
    values, faults = [], []
    for number, row in enumerate(body, 2):
        try:
            values.append((number, _value(model, header, row)))
        except ValueError as trouble:
            why = first_problem(trouble) if isinstance(trouble, ValidationError) else str(trouble)
            faults.append(f"{name} 第{number}行：{why}")
    return values, faults


def _value(model: type[Model], header: Sequence[str], row: Sequence[str]) -> Model:
    if len(row) != len(header):
        raise ValueError(f"应有 {len(header)} 格，实有 {len(row)} 格")
    cells: dict[str, Any] = {key: cell for key, cell in zip(header, row, strict=True) if key in model.model_fields}
    if "reasons" in cells:
        cells["reasons"] = tuple(filter(None, cells["reasons"].split(REASON_SEPARATOR)))
    return model.model_validate(cells)


def _cells(part: BaseModel) -> tuple[str, ...]:
    return tuple(_cell(value) for value in part.model_dump(mode="json").values())


def _cell(value: Any) -> str:
    """A list as its items, a float as briefly as gives it back: both were made canonical before."""
    return REASON_SEPARATOR.join(value) if isinstance(value, list) else str(value)


def why(absent: Absent) -> str:
    """Why a student is without a portrait, in words: the state, then the reasons.

    >>> why(Absent(student_no="1", name="", state="pending", reasons=("blurred",)))
    '待人工核对：照片模糊'
    """
    words = "；".join(TEXTS.get(reason, reason) for reason in absent.reasons)
    state = STUDENT_WORDS[absent.state]
    return f"{state}：{words}" if words else state
