"""Naming templates: what a portrait's file is called, from fields of its student. No student is known here.

`{student_no}.jpg` or `{centre}_{id_no}`; `.jpg` may be left out. What a name must be depends on where it goes: in
a bundle ASCII, on any disk nothing that Windows refuses.
"""

import re
from collections.abc import Collection
from typing import NamedTuple

from config.bad_input import BadInput

TITLES = {
    "student_no": "学号",
    "exam_no": "考生号",
    "name": "姓名",
    "gender": "性别",
    "birth_date": "出生日期",
    "id_no": "身份证号",
    "centre": "学习中心编号",
    "centre_name": "学习中心",
    "programme": "办学类型",
    "level": "层次",
    "major": "专业",
    "major_code": "专业代码",
    "entry_term": "入学学期",
    "entry_date": "入学日期",
    "slot": "时段",
    "capture_code": "采集码",
    "session": "场次",
}
"""What a template may name, with what people call it."""
BUNDLE_FIELDS = tuple(field for field in TITLES if field not in ("name", "centre_name"))
"""Those of a bundle's: ASCII rules out what is Chinese by its nature."""
IDENTIFYING = ("student_no", "exam_no", "id_no", "capture_code")
"""Of which no two registrations share one; a template has one of them."""
WINDOWS = frozenset('<>:"\\|?*')
"""Characters that no Windows disk takes; `/` parts folders."""

_PARTS = re.compile(r"\{([^{}]*)\}")
_ASCII = re.compile(r"[A-Za-z0-9._-]*")


class TemplateError(BadInput):
    """A template that cannot be used, or a name that came of one; the message says why and what to do."""


class Template(NamedTuple):
    """A parsed template, without `.jpg`: literals and fields in turn, a literal first and last."""

    text: str
    parts: tuple[str, ...]

    @property
    def fields(self) -> tuple[str, ...]:
        """What it names, in order.

        >>> parse_template("{centre}_{student_no}.jpg").fields
        ('centre', 'student_no')
        """
        return self.parts[1::2]


def parse_template(text: str, known: Collection[str] = TITLES) -> Template:
    """The template of a text; `TemplateError` for an unknown field or a brace that stands alone."""
    parts = tuple(_PARTS.split(text.removesuffix(".jpg")))
    for field in parts[1::2]:
        if field not in known:
            allowed = " ".join(f"{{{name}}}" for name in known)
            raise TemplateError(f"照片文件名模板 {text!r}：没有字段 {{{field}}}，可用的是 {allowed}")
    if set("".join(parts[::2])) & set("{}"):
        raise TemplateError(f"照片文件名模板 {text!r}：花括号不成对，字段写作 {{student_no}}")
    return Template(text, parts)


def bundle_template(text: str) -> Template:
    """A template for bundles: ASCII of the safe kind, no folders, and something that tells students apart."""
    template = parse_template(text, BUNDLE_FIELDS)
    _refuse_ambiguous(template)
    if not all(map(_ASCII.fullmatch, template.parts[::2])):
        raise TemplateError(f"{text!r} 应含一个 {{student_no}}，此外只能有英文字母、数字、. - _ 和其他字段")
    return template


def export_template(text: str) -> Template:
    """A template for exports: folders and Chinese too, but nothing that Windows refuses."""
    template = parse_template(text)
    _refuse_ambiguous(template)
    odd = sorted({char for char in "".join(template.parts[::2]) if char in WINDOWS or not char.isprintable()})
    if odd:
        raise TemplateError(f"{text!r} 含有文件名不能用的字符 {' '.join(map(ascii, odd))}，请去掉")
    if any(part in ("", ".", "..") for part in text.split("/")):
        raise TemplateError(f"{text!r} 的文件夹写法不对，应如 {{centre_name}}/{{student_no}}.jpg")
    return template


def _refuse_ambiguous(template: Template) -> None:
    """Without any of these two students would surely share a name."""
    if not set(IDENTIFYING) & set(template.fields):
        others = "、".join(f"{{{field}}}" for field in IDENTIFYING[1:])
        raise TemplateError(f"{template.text!r} 应含一个 {{student_no}}（或 {others}），才能分清学生")
