"""Invented students of a centre: names, numbers of the campaign's pattern, and capture codes. Nobody real."""

import hashlib

from gradphoto.roster import Student

_FAMILIES = "马杨王李张丁白罗田何苏纳"
_GIVEN = ("晓禾", "志远", "若澜", "景行", "思源", "明月", "知夏", "安之", "云帆", "沐阳", "清和", "子衿", "𬭎")
_UNLIKE = {5: "阿依努尔·示例", 9: "王䶮"}
"""Names that have often been lost on their way through a table."""
_MAJORS = ("行政管理", "法学", "会计学", "学前教育")


def people(centre: str, count: int, first: int = 1) -> list[Student]:
    """So many eligible students of one centre; `first` is the serial of the first, apart from other centres'."""
    return [_student(centre, serial) for serial in range(first, first + count)]


def _student(centre: str, serial: int) -> Student:
    autumn, undergraduate = serial % 3 != 0, serial % 2 == 1
    number = f"{21 if autumn else 22}640{'012' if undergraduate else '014'}{5 if autumn else 0}{serial:04d}"
    return Student(
        student_no=number,
        name=_UNLIKE.get(serial) or _FAMILIES[serial % len(_FAMILIES)] + _GIVEN[serial * 5 % len(_GIVEN)],
        centre=centre,
        programme="开放教育",
        level="本科" if undergraduate else "专科",
        major=_MAJORS[serial % len(_MAJORS)],
        entry_term="2021年秋季" if autumn else "2022年春季",
        capture_code=capture_code(number),
    )


def capture_code(student_no: str) -> str:
    """An opaque token, of which only the binding says whose it is."""
    return f"DEMO-{hashlib.sha256(student_no.encode()).hexdigest()[:20].upper()}"


def outside(student: Student) -> Student:
    """The same student, entered too early to be photographed in this campaign."""
    number = "19" + student.student_no[2:5] + student.student_no[5:8] + "5" + student.student_no[9:]
    changed = {"student_no": number, "entry_term": "2019年秋季", "capture_code": capture_code(number)}
    return student.model_copy(update=changed)
