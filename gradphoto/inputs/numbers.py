"""Numbers of people: what a student number must be, and what looks odd about it or about an ID number.

A number in trouble is not used; a doubt is only shown, because the pattern of student numbers is inferred.
What may be a name, an ID number or a code is never quoted: messages end up in logs.
"""

import re

from gradphoto.discreet import quoted
from gradphoto.entry import level_of, terms_of
from gradphoto.roster import Student

LENGTH = 13
AUTUMN_FROM = 50001
"""Serial numbers from here on were given in autumn."""

_SAFE = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{0,39}")
_SCIENTIFIC = re.compile(r"[0-9]+(\.[0-9]*)?[Ee][+-]?[0-9]+")
_DEVICE = re.compile(r"con|prn|aux|nul|com[0-9]|lpt[0-9]", re.IGNORECASE)
_LEVELS = {"012": "undergraduate", "014": "junior"}
_SEASONS = {"spring": "春季", "autumn": "秋季"}
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def scientific(text: str) -> bool:
    """Whether a spreadsheet has turned a number into something like 2.16401E+12: its digits are lost."""
    return bool(_SCIENTIFIC.fullmatch(text))


def student_no_trouble(text: str) -> str:
    """In Chinese why the text cannot be used as a student number; empty when it can.

    >>> student_no_trouble("2164001200017")
    ''
    """
    if not text:
        return "不能为空"
    if scientific(text):
        return f"已变成科学记数法 {quoted(text)}，位数已丢失，请把该列设为文本后重新填写"
    if len(text.split()) > 1:
        return f"中间有空格（{quoted(text)}），请更正"
    if re.fullmatch(r"[0-9]{17}[0-9Xx]", text) and not id_no_doubt(text):
        return f"是身份证号（{quoted(text)}），不是学号，请更正"
    if not _SAFE.fullmatch(text) or _DEVICE.fullmatch(text):
        return f"只能用半角数字、字母和连字符，且能作文件名，实为 {quoted(text)}，请更正"
    return ""


def student_no_doubt(student: Student) -> str:
    """In Chinese what is odd about the number beside the student's level and term; empty when nothing is."""
    number = student.student_no
    if not (len(number) == LENGTH and number.isdigit()):
        return f"不是{LENGTH}位数字，实为 {quoted(number)}，请核对"
    return _level_doubt(student) or _term_doubt(student)


def _level_doubt(student: Student) -> str:
    expected, level = _LEVELS.get(student.student_no[5:8]), level_of(student.level)
    return "" if expected in (None, level) or level is None else f"与层次 {student.level!r} 不符，请核对"


def _term_doubt(student: Student) -> str:
    """The number begins with the year of entry; where its class is known, its serial tells the season."""
    terms = terms_of(student.entry_term)
    years = {term[2:4] for term in terms}
    if terms and student.student_no[:2] not in years:
        return f"前两位与入学学期 {student.entry_term!r} 不符，请核对"
    season = "autumn" if int(student.student_no[8:]) >= AUTUMN_FROM else "spring"
    seasons = {term[5:] for term in terms}
    if terms and student.student_no[5:8] in _LEVELS and not seasons & {season, ""}:
        return f"流水号属于{_SEASONS[season]}，与入学学期 {student.entry_term!r} 不符，请核对"
    return ""


def id_no_doubt(text: str) -> str:
    """In Chinese why the text is no valid ID number of 18 characters (GB 11643); empty when it is, or missing.

    >>> id_no_doubt("11010519491231002X")
    ''
    """
    if not text:
        return ""
    if not re.fullmatch(r"[0-9]{17}[0-9Xx]", text):
        return "不是18位身份证号，请核对"
    total = sum(int(digit) * weight for digit, weight in zip(text[:17], _WEIGHTS, strict=True))
    return "" if "10X98765432"[total % 11] == text[17].upper() else "校验码不符，请核对"
