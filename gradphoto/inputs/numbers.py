"""Numbers of people: what a student number must be, and what looks odd about it or about an ID number.

A number in trouble is not used; a doubt is only shown, because the pattern of student numbers is inferred.
What may be a name, an ID number or a code is never quoted: messages end up in logs.
"""

import re
from collections.abc import Iterator

from config.student_numbers import StudentNumbers
from gradphoto.discreet import quoted
from gradphoto.entry import level_of, terms_of
from gradphoto.roster import Student

_SAFE = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{0,39}")
_SCIENTIFIC = re.compile(r"[0-9]+(\.[0-9]*)?[Ee][+-]?[0-9]+")
_DEVICE = re.compile(r"con|prn|aux|nul|com[0-9]|lpt[0-9]", re.IGNORECASE)
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


def student_no_doubts(student: Student, numbers: StudentNumbers | None) -> list[str]:
    """In Chinese each contradiction between the number and what else is known of the student, with both values.

    `numbers` is how the campaign's school numbers its students; without it nothing is odd.
    """
    number = student.student_no
    if numbers is None:
        return []
    if not (len(number) == numbers.length and number.isdigit()):
        return [f"不是{numbers.length}位数字，实为 {quoted(number)}"]
    doubts = (_year_doubt(student), *_level_doubts(student, numbers), _season_doubt(student, numbers))
    return [doubt for doubt in (_province_doubt(number, numbers), *doubts, _date_doubt(student)) if doubt]


def _province_doubt(number: str, numbers: StudentNumbers) -> str:
    there = number[2 : 2 + len(numbers.province)]
    return f"省码是 {there}，应为 {numbers.province}" if there != numbers.province else ""


def _year_doubt(student: Student) -> str:
    """The number begins with the year of entry."""
    years = sorted({term[2:4] for term in terms_of(student.entered)})
    if not years or student.student_no[:2] in years:
        return ""
    return f"前两位与入学学期 {student.entered!r} 不符（学号是 {student.student_no[:2]}，应为 {'、'.join(years)}）"


def _level_doubts(student: Student, numbers: StudentNumbers) -> Iterator[str]:
    code, level = student.student_no[numbers.level_at], level_of(student.level)
    if not numbers.levels or level is None:
        return
    expected = sorted(each for each, meant in numbers.levels.items() if meant == level)
    if code in numbers.levels and code not in expected:
        yield f"与层次 {student.level!r} 不符（学号是 {code}，应为 {'、'.join(expected)}）"
    elif code not in numbers.levels:
        yield f"层次码是 {code}，认识的是 {'、'.join(sorted(numbers.levels))}（层次 {student.level!r}）"


def _season_doubt(student: Student, numbers: StudentNumbers) -> str:
    """Where the class of study is known, the serial tells the season."""
    place, terms = numbers.level_at, terms_of(student.entered)
    serial = student.student_no[place.stop :]
    known = not numbers.levels or student.student_no[place] in numbers.levels
    if numbers.autumn_from is None or not terms or not known or not serial:
        return ""
    season = "autumn" if int(serial) >= numbers.autumn_from else "spring"
    if {term[5:] for term in terms} & {season, ""}:
        return ""
    return f"流水号属于{_SEASONS[season]}（{serial}），与入学学期 {student.entered!r} 不符"


def _date_doubt(student: Student) -> str:
    pairs = [(one, two) for one in terms_of(student.entry_term) for two in terms_of(student.entry_date)]
    if not pairs or any(one.startswith(two) or two.startswith(one) for one, two in pairs):
        return ""
    return f"入学日期 {student.entry_date!r} 与入学学期 {student.entry_term!r} 不符"


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
