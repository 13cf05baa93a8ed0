"""One row of a roster: the student it names, what holds it, what is odd about it."""

import unicodedata
from collections.abc import Callable, Iterable, Iterator

from config.student_numbers import StudentNumbers
from gradphoto.discreet import quoted_place
from gradphoto.inputs.columns import ROSTER, YES_NO
from gradphoto.inputs.numbers import id_no_doubt, scientific, student_no_doubts, student_no_trouble
from gradphoto.inputs.problems import Held
from gradphoto.inputs.register import Entry
from gradphoto.inputs.table import Line
from gradphoto.roster import Student

CentreId = Callable[[str], str | None]
"""The id of the centre that a text means, None when there is none."""

_YES_NO: dict[str, bool | None] = YES_NO | {"": None}
_TITLES = {column.key: column.title for column in ROSTER}
_LOST = frozenset("?？\ufffd")
"""What stands for a character that an encoding did not have."""
_UNSEEN = ("Cc", "Cf", "Zl", "Zp")

Said = Iterable[tuple[str, str]]
"""Pairs of a column's key and a message about it."""


def read_entry(
    line: Line, name: str, centre_id: CentreId, numbers: StudentNumbers | None = None
) -> tuple[Entry | None, list[Held]]:
    """The entry of a row, None when its number cannot be used, and what holds the row."""
    number = line.values["student_no"]
    troubles = [*line.faults] or _named(line, name, _troubles(line.values, centre_id))
    if student_no_trouble(number) or any(fault.column == _TITLES["student_no"] for fault in line.faults):
        return None, troubles
    if troubles:
        return Entry(name, line.number, number, None), troubles
    student = _student(line, name, centre_id(line.values["centre"]) or "")
    warnings = _named(line, name, _doubts(student, line.values["photo_expired"], numbers))
    return Entry(name, line.number, number, student, tuple(warnings)), []


def _named(line: Line, name: str, said: Said) -> list[Held]:
    return [Held(file=name, row=line.number, column=_TITLES[key], message=message) for key, message in said]


def _student(line: Line, name: str, centre: str) -> Student:
    read = {"centre": centre, "photo_expired": _YES_NO.get(line.values["photo_expired"])}
    return Student.model_validate({**line.values, **read, "ref": f"{name}:{line.number}"})


def _troubles(values: dict[str, str], centre_id: CentreId) -> Iterator[tuple[str, str]]:
    if message := student_no_trouble(values["student_no"]):
        yield "student_no", message
    if not values["name"]:
        yield "name", "不能为空"
    elif unseen := [char for char in values["name"] if unicodedata.category(char) in _UNSEEN]:
        yield "name", f"含有看不见的字符 U+{ord(unseen[0]):04X}，请删去"
    if not values["centre"]:
        yield "centre", "不能为空"
    elif centre_id(values["centre"]) is None:
        yield "centre", f"没有这个学习中心（{quoted_place(values['centre'])}），请按通知中的名称填写"
    if scientific(values["capture_code"]):
        yield "capture_code", "已变成科学记数法，请把该列设为文本后重新填写"


def _doubts(student: Student, photo_expired: str, numbers: StudentNumbers | None) -> Iterator[tuple[str, str]]:
    if doubts := student_no_doubts(student, numbers):
        yield "student_no", f"{'；'.join(doubts)}，请核对"
    if _LOST & set(student.name):
        yield "name", "含有问号，可能丢失了生僻字，请核对"
    if message := id_no_doubt(student.id_no):
        yield "id_no", message
    if photo_expired not in _YES_NO:
        yield "photo_expired", "只能填 是 或 否，按未填处理"
