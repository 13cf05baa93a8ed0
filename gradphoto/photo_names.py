"""The names of portraits, from a template and what is known of each student. Pure.

Nothing is repaired: what cannot stand as a file's name everywhere is refused by student number and field, before
anything is written. Values are not quoted, for they may be people's names or ID numbers.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping

from config.campaign import Campaign
from config.naming import TITLES, WINDOWS, Template, TemplateError, parse_template
from gradphoto.roster import Student

LONGEST = 100
"""Characters of a name with its `.jpg`, folders apart: what `Photo.file` holds."""
LONGEST_BYTES = 200
"""The same in UTF-8; file systems end at 255."""
SHOWN = 10
"""Lines of one kind; the rest is counted."""
JPG = ".jpg"

_SAFE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
_DEVICE = re.compile(r"(con|prn|aux|nul|com[0-9]|lpt[0-9])(\..*)?", re.IGNORECASE)
"""What Windows takes for a device, whatever the ending."""

Values = Mapping[str, str]
"""By field what a template is filled with."""


class PhotoNameError(TemplateError):
    """A name that a student's file cannot have; one line with student number and field."""


def values_of(student: Student, template: Template, **more: str) -> Values:
    """What a template asks of a student; `more` is what the roster does not know, or knows less of."""
    asked = ("student_no", *template.fields)
    known: dict[str, str] = {field: getattr(student, field, "") for field in asked}
    return {field: more.get(field) or value for field, value in known.items()}


def photo_name(template: str, student: Student, **more: str) -> str:
    """The file name of a student's photo; `PhotoNameError` when it would not be safe everywhere.

    >>> photo_name("{student_no}", Student(student_no="2164001200017", name="王芳", centre="yanchi"))
    '2164001200017.jpg'
    """
    parsed = _parsed(template)
    return filled(parsed, values_of(student, parsed, **more))


def photo_names(template: str, students: Iterable[Student], **more: str) -> dict[str, str]:
    """The name for each student number; `PhotoNameError` names two students who would share a file."""
    parsed = _parsed(template)
    ordered = sorted(students, key=lambda student: student.student_no)
    return unshared(parsed, {one.student_no: filled(parsed, values_of(one, parsed, **more)) for one in ordered})


def filled(template: Template, values: Values, ascii_only: bool = True) -> str:
    """The name that a template gives; `values` has at least `student_no`. `PhotoNameError`.

    Folders that stand in the template are parted by `/`; a value never makes one.
    """
    for field in template.fields:
        if not values.get(field):
            raise _trouble(template, values, field, "没有填写，请在名册中补上，或换一个模板")
    pieces = list(template.parts)
    pieces[1::2] = [_value(template, values, field, ascii_only) for field in template.fields]
    *folders, last = "".join(pieces).split("/")
    for segment in (*folders, f"{last}{JPG}"):
        if why := _unusable(segment, ascii_only):
            raise _trouble(template, values, "", why)
    return "/".join((*folders, f"{last}{JPG}"))


def unshared(template: Template, names: Mapping[str, str]) -> dict[str, str]:
    """The names by student number as they came; `PhotoNameError` when two are the same on some disk."""
    owners: dict[str, str] = {}
    for student_no, name in names.items():
        owner = owners.setdefault(unicodedata.normalize("NFC", name).casefold(), student_no)
        if owner != student_no:
            raise PhotoNameError(
                f"学号 {owner} 和 {student_no} 的照片文件名相同（不分大小写，模板 {template.text!r}），"
                "请更正名册，或在模板中加上 {student_no}"
            )
    return dict(names)


def troubles(template: str, students: Iterable[Student], **more: str) -> Iterator[str]:
    """A line for each student whose photo could not be named, or the first two who would share a name."""
    parsed, names = _parsed(template), dict[str, str]()
    for student in sorted(students, key=lambda one: one.student_no):
        try:
            names[student.student_no] = filled(parsed, values_of(student, parsed, **more))
        except PhotoNameError as trouble:
            yield str(trouble)
    try:
        unshared(parsed, names)
    except PhotoNameError as trouble:
        yield str(trouble)


def unnamed(template: str, students: Iterable[Student], campaign: Campaign) -> list[str]:
    """The first troubles of naming a register's photos for bundles, and how many more there are.

    A roster's numbers are safe and differ, so the usual template is not tried. Of sessions the longest id is.
    """
    if template.removesuffix(JPG) == "{student_no}":
        return []
    longest = max((session.id for session in campaign.sessions), key=len, default="")
    lines = list(troubles(template, students, session=longest))
    more = [f"另有 {len(lines) - SHOWN} 名学生的照片文件名不可用"] if len(lines) > SHOWN else []
    return [*lines[:SHOWN], *more]


def _parsed(template: str) -> Template:
    try:
        return parse_template(template)
    except TemplateError as trouble:
        raise PhotoNameError(str(trouble)) from None


def _value(template: Template, values: Values, field: str, ascii_only: bool) -> str:
    value = values[field]
    if not value.isprintable() or set(value) & (WINDOWS | {"/"}):
        raise _trouble(template, values, field, "含有文件名不能用的字符，请更正名册或换一个模板")
    if ascii_only and not re.fullmatch(r"[A-Za-z0-9._-]+", value):
        raise _trouble(template, values, field, "只能由字母、数字和 . _ - 组成，请更正名册或换一个模板")
    return value


def _unusable(segment: str, ascii_only: bool) -> str:
    """Why a file or folder cannot be called so; empty when it can."""
    stem = segment.removesuffix(JPG)
    if ascii_only and not _SAFE.fullmatch(stem):
        return "只能由字母、数字和 . _ - 组成并以字母或数字开头，请更正名册或模板"
    if not stem or stem != stem.strip() or segment.endswith(".") or segment.startswith("."):
        return "不能为空，也不能以空格或点开头或结尾，请更正名册或模板"
    if _DEVICE.fullmatch(segment) or _DEVICE.fullmatch(stem):
        return "是 Windows 的设备名，请更正名册或模板"
    if len(segment) > LONGEST or len(segment.encode()) > LONGEST_BYTES:
        return f"太长，最多 {LONGEST} 个字符（汉字约 {LONGEST_BYTES // 3} 个），请更正名册或模板"
    return ""


def _trouble(template: Template, values: Values, field: str, why: str) -> PhotoNameError:
    named = f"{TITLES[field]} {{{field}}} " if field else ""
    return PhotoNameError(
        f"学号 {values['student_no']}：按模板 {template.text!r} 得到的照片文件名不可用，{named}{why}"
    )
