"""The names of the photos in a bundle, from a template of roster fields."""

import re
from collections.abc import Iterable

from config.bad_input import BadInput
from gradphoto.roster import Student

_FIELD = re.compile(r"\{([^{}]*)\}")
_FIELDS = tuple(field for field in Student.model_fields if field not in ("photo_expired", "ref"))
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,95}")
_DEVICE = re.compile(r"(con|prn|aux|nul|com[0-9]|lpt[0-9])(\..*)?", re.IGNORECASE)
"""What Windows takes for a device, whatever the ending."""


class PhotoNameError(BadInput):
    """A template, or what a student makes of it, that cannot be a file's name; one line for the operator."""


def photo_name(template: str, student: Student) -> str:
    """The file name of a student's photo; `PhotoNameError` when it would not be safe everywhere.

    >>> photo_name("{student_no}", Student(student_no="2164001200017", name="王芳", centre="yanchi"))
    '2164001200017.jpg'
    """
    stem = _FIELD.sub(lambda found: _value(found[1], template, student), template.removesuffix(".jpg"))
    if not _NAME.fullmatch(stem) or _DEVICE.fullmatch(stem):
        raise PhotoNameError(
            f"学号 {student.student_no}：按模板 {template!r} 得到的照片文件名不可用，"
            "只能由字母、数字和 . _ - 组成并以字母或数字开头，请更正名册或模板"
        )
    return f"{stem}.jpg"


def photo_names(template: str, students: Iterable[Student]) -> dict[str, str]:
    """The name for each student number; `PhotoNameError` names two students who would share a file."""
    names: dict[str, str] = {}
    owners: dict[str, str] = {}
    for student in sorted(students, key=lambda student: student.student_no):
        name = photo_name(template, student)
        owner = owners.setdefault(name.casefold(), student.student_no)
        if owner != student.student_no:
            raise PhotoNameError(
                f"学号 {owner} 和 {student.student_no} 的照片文件名都是 {name}（不分大小写），"
                f"请更正名册，或在模板 {template!r} 中加上 {{student_no}}"
            )
        names[student.student_no] = name
    return names


def _value(field: str, template: str, student: Student) -> str:
    if field not in _FIELDS:
        allowed = " ".join(f"{{{name}}}" for name in _FIELDS)
        raise PhotoNameError(f"照片文件名模板 {template!r}：没有字段 {{{field}}}，可用的是 {allowed}")
    return str(getattr(student, field))
