"""Whose a screenshot is by its name: `学号.png`, `学号_姓名.png`, or a folder of such a name. Pure."""

import re
import unicodedata
from collections.abc import Container, Iterable, Mapping, Sequence
from typing import NamedTuple

from gradphoto.roster import Student

_NUMBER = re.compile(r"(?<![0-9])[0-9]{13}(?![0-9])")
_TOKEN = re.compile(r"[0-9A-Za-z-]+")
_STAMP = re.compile(r"(?:mmexport|wx_camera_)[0-9]+", re.IGNORECASE)
"""WeChat names what it saves by the time in milliseconds, which has the 13 digits of a student number."""
_MILLISECONDS = re.compile(r"1[0-9]{12}")
_HAN = re.compile("[\u3007\u3400-\u9fff\U00020000-\U0003ffff]+")
_WITHIN_NAMES = re.compile("[·•・‧∙⋅.．]")
_FILLERS = (
    "屏幕截图", "微信图片", "图像采集", "信息采集", "学信网", "采集码", "二维码", "毕业生", "截图", "截屏", "照片",
    "图片", "学号", "姓名", "副本", "的",
)  # fmt: skip


class Named(NamedTuple):
    """Whom a name says; `student_no` is empty when it says nobody, and `trouble` in Chinese what is odd."""

    student_no: str
    all: frozenset[str]
    """Every number in it, for what one doubtful picture says may be what another contradicts."""
    trouble: str = ""


def who(path: str, students: Mapping[str, Student], words: Sequence[str] = ()) -> Named:
    """The student of a picture's relative path: by its own name, else by the nearest folder that holds a number.

    `words` may stand in a name and are nobody's.
    """
    for part in reversed(path.split("/")):
        text = unicodedata.normalize("NFKC", part)
        found = _numbers(text, students)
        if found:
            return _one(text, found, students, words)
    return Named("", frozenset(), "文件名里没有学号：请改成 学号.png 或 学号_姓名.png")


def _numbers(text: str, students: Container[str]) -> frozenset[str]:
    """What may be a student number; beside one of the list a time stamp is none."""
    plain = _STAMP.sub(" ", text)
    listed = {token for token in (*_NUMBER.findall(plain), *_TOKEN.findall(plain)) if token in students}
    others = set(_NUMBER.findall(plain)) - listed
    return frozenset(listed | {one for one in others if not (listed and _MILLISECONDS.fullmatch(one))})


def _one(text: str, found: frozenset[str], students: Mapping[str, Student], words: Iterable[str]) -> Named:
    if len(found) > 1:
        return Named("", found, f"文件名里有 {len(found)} 个学号：请只留一个")
    (no,) = found
    if no not in students:
        return Named(no, found, "这一场的名册里没有这个学号：请核对")
    if _disagrees(text.replace(no, " "), students[no].name, words):
        return Named(no, found, "文件名里的姓名与名册不符：请核对是谁的截图")
    return Named(no, found)


def _disagrees(text: str, name: str, words: Iterable[str]) -> bool:
    """Whether a name has Chinese words in it, and they are not the student's own name."""
    own = _within(unicodedata.normalize("NFKC", name))
    for word in (*words, *_FILLERS):
        text = text if word in name else text.replace(unicodedata.normalize("NFKC", word), " ")
    said = _HAN.findall(_within(text))
    return bool(said and _HAN.fullmatch(own)) and own not in (*said, "".join(said))


def _within(text: str) -> str:
    return _WITHIN_NAMES.sub("", text)
