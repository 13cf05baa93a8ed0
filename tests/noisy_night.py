"""A night in which everything is wrong that may make a program speak of people: for the tests of privacy.

Names, ID numbers and capture codes are such as stand nowhere else, so that one that is found leaked.
"""

import csv
import json
from collections.abc import Iterable
from datetime import datetime
from io import StringIO
from pathlib import Path
from zipfile import ZipFile

from gradphoto.adapters.journal import Journal
from gradphoto.adapters.store import Store
from gradphoto.demo.plan import Card, Day, Plan, Roster, Sitting, Slate, in_turn
from gradphoto.demo.students import people
from gradphoto.demo.workspace import build
from gradphoto.roster import Student
from tests.small_night import GUYUAN

_NAMES = (
    "阿依古丽·买买提",
    "欧阳龘䶮",
    "慕容𬭎笙",
    "司徒犇骉",
    "纳兰甯曌",
    "O'Brien Zülfiye",
    "百里垚淼",
    "尉迟猋焱",
)
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_HEADERS = ("学号", "姓名", "学习中心", "身份证号", "办学类型", "层次", "入学学期", "照片超年限", "采集码")
FILE_OF_A_PERSON = "钟离焱鑫.JPG"
"""A link that somebody named after a student. Files are named as they are, but never to Prefect."""


def id_no(serial: int) -> str:
    """A valid ID number (GB 11643) of nobody."""
    first = f"640422{1990 + serial % 10}0101{serial:03d}"
    total = sum(int(digit) * weight for digit, weight in zip(first, _WEIGHTS, strict=True))
    return first + "10X98765432"[total % 11]


def _person(student: Student, serial: int) -> Student:
    return student.model_copy(
        update={
            "name": _NAMES[serial],
            "id_no": id_no(701 + serial),
            "capture_code": f"CHSI-{student.student_no[::-1]}-QX{serial}",
        }
    )


PEOPLE = [_person(one, at) for at, one in enumerate([*people("guyuan", 5), *people("longde", 3, first=201)])]
_STRANGER = _person(people("xiji", 1, first=401)[0], 0).model_copy(
    update={"name": "赫连鑫淼", "id_no": id_no(801)}
)
"""Photographed, and in no roster."""
_SWAPPED = ("澹台晶磊", "宇文赑屃", "皇甫彧婕", "公孙翀翯", "呼延睿鹂", "濮阳珏璟")
"""Names that somebody wrote into wrong columns."""

SECRETS = [
    *(text for one in [*PEOPLE, _STRANGER] for text in (one.name, one.id_no, one.capture_code)),
    *_SWAPPED,
    *(id_no(serial) for serial in range(901, 906)),
    "CHSI-SWAPPED-1",
    "CHSI-SWAPPED-2",
]
STUDENT_NUMBERS = [one.student_no for one in [*PEOPLE, _STRANGER]]


def make(folder: Path) -> None:
    """The workspace, and a card beside its inbox."""
    anna, bob, carl, dina, _, dora, fritz, gina = PEOPLE
    sittings = in_turn(
        datetime(2023, 7, 3, 8, 40),
        Sitting(anna, 3, beside=(".XMP",)),
        Sitting(bob, 4, Slate(0.2, plain=True)),
        Sitting(carl, 8, cut=frozenset({1})),
        Sitting(dina, 20, Slate(0.4, blur=4, glare=1, readable=False)),
        Sitting(_STRANGER, 5),
        Sitting(dora, 7),
        Sitting(fritz, 12, None),
    )
    roster = Roster("名册.csv", (), with_codes=True)
    build(folder, Plan((roster,), (Day(GUYUAN, (Card(sittings),)),)))
    (folder / "rosters" / "名册.csv").write_bytes(_table(_HEADERS, [*map(_row, PEOPLE), *_bad_rows(gina)]))
    inbox = folder / "inbox" / GUYUAN
    (inbox / "scanlog-2.csv").write_bytes(_table(("扫码时间", "采集码", "学号"), _bad_scans(bob)))
    for path in inbox.rglob("*.XMP"):
        path.write_text(f"<x:xmpmeta>{anna.student_no} {anna.name} {anna.id_no}</x:xmpmeta>", encoding="utf-8")
    (inbox / f"{anna.student_no}.txt").write_text(f"{anna.name} {anna.capture_code}", encoding="utf-8")
    (inbox / "list.JPG").write_text("\n".join(SECRETS), encoding="utf-8")
    (inbox / FILE_OF_A_PERSON).symlink_to(inbox / "list.JPG")


def _row(one: Student) -> tuple[str, ...]:
    centre = {"guyuan": "固原学院", "longde": "隆德学习中心"}[one.centre]
    return (
        one.student_no, one.name, centre, one.id_no, "开放教育", one.level, one.entry_term, "", one.capture_code,
    )  # fmt: skip


def _bad_rows(one: Student) -> list[tuple[str, ...]]:
    """What people hand in; each row holds somebody's name or number where it does not belong."""
    first, second, place, expired, wrong, twice = _SWAPPED
    ids = [id_no(serial) for serial in range(901, 906)]
    number = "21640125077"
    return [
        ("2.16401E+12", first, "固原学院", ids[0], "", "", "", "", ""),
        (f"{number}01", "", "固原学院", ids[0], "", "", "", "", "CHSI-SWAPPED-1"),
        (
            f"{number}02",
            second,
            "固原学院",
            f"{ids[1][:-1]}{'0' if ids[1][-1] != '0' else '1'}",
            "",
            "",
            "",
            "",
            "",
        ),
        (ids[2], second, "固原学院", "", "", "", "", "", ""),
        (f"{ids[3][:6]} {ids[3][6:]}", second, "固原学院", "", "", "", "", "", ""),
        (place, f"{number}03", "固原学院", "", "", "", "", "", ""),
        (f"{number}04", "固原学院", place, "", "", "", "", "", ""),
        (f"{number}05", first, ids[4], "", "", "", "", "", ""),
        (f"{number}06", first, "固原学院", "", "", "", "", expired, "1.2E+17"),
        (f"{number}07", first, "固原学院", "", wrong, wrong, wrong, ids[0], ""),
        (f"{number}08", first, "固原学院", "", "", "", "", "", "", twice),
        _row(one.model_copy(update={"name": twice})),
    ]


def _bad_scans(one: Student) -> list[tuple[str, ...]]:
    return [
        (one.name, one.capture_code, one.student_no),
        (one.capture_code, "2023-07-03 08:41:00", one.id_no),
        ("2023-07-03 08:41:30", "CHSI-SWAPPED-2", one.name),
        ("2023-07-03 08:42:00", "", one.id_no),
        ("2023-07-03 08:43:00", "CHSI-SWAPPED-1", "2164012509999"),
    ]


def _table(header: Iterable[str], rows: Iterable[Iterable[str]]) -> bytes:
    out = StringIO()
    csv.writer(out).writerows([header, *rows])
    return out.getvalue().encode("utf-8-sig")


def forge_bundle(folder: Path, centre: str, version: int) -> Path:
    """A bundle without a record, as a crash leaves one, whose tables are no tables: packing finds it and fails."""
    path = folder / "store" / "bundles" / centre / f"{centre}-v{version:04d}.zip"
    header = "student_no,name,file,sha256,source_sha256,session,captured_at,width,height,bytes,left,top,right"
    header += ",bottom,scale,quality,spec,recipe"
    row = ",".join([PEOPLE[0].student_no, *[PEOPLE[0].name] * 17])
    with ZipFile(path, "x") as archive:
        archive.writestr(f"{path.stem}/data/photos.csv", f"{header}\r\n{row}\r\n")
    return path


def forge_record(store: Store, prefix: str) -> None:
    """A record of another release, its sum right: whoever reads it meets fields that nobody knows."""
    Journal(store, prefix).append([{"sha256": "0" * 64, "version": "1", "name": one.name, "id_no": one.id_no}
                                   for one in PEOPLE])  # fmt: skip


def leaked(data: bytes, secrets: Iterable[str] = SECRETS) -> list[str]:
    """The secrets that stand in `data`, in whatever form."""
    return [secret for secret in secrets if any(form in data for form in _forms(secret))]


def _forms(secret: str) -> set[bytes]:
    """As it is, as an old sheet has it, and as JSON and Python escape these."""
    escaped = json.dumps(secret)[1:-1], ascii(secret)[1:-1]
    known = secret.encode(), secret.encode("gb18030")
    return {*known, *(repr(data)[2:-1].encode() for data in known), *(text.encode() for text in escaped)}
