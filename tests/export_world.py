"""A night for tests of exports and returns: two centres and a roster as a registry keeps it."""

from collections.abc import Sequence
from pathlib import Path

from config.campaign_file import load_campaign
from gradphoto.adapters.tables import csv_bytes
from gradphoto.demo.workspace import build
from gradphoto.roster import Student
from tests.small_night import ANNA, BOB, CARL, DORA, EMIL, FAY, run, small

CAMPAIGN = load_campaign("ningxia-2023")
HEADER = ("KSH", "XH", "XM", "XB", "CSRQ", "SFZH", "ZYDM", "ZYMC", "CC", "RXRQ", "学习形式", "学习中心")
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
EVERYBODY = (ANNA, BOB, CARL, DORA, EMIL, FAY)


def id_no(student: Student) -> str:
    """A made-up ID number that is valid by its check, another for each student number."""
    digits = f"640422199912{int(student.student_no) % 28 + 1:02d}{int(student.student_no[-3:]):03d}"
    total = sum(int(digit) * weight for digit, weight in zip(digits, _WEIGHTS, strict=True))
    return digits + "10X98765432"[total % 11]


def registry_row(student: Student, **other: str) -> tuple[str, ...]:
    """A student in the register's own columns; `other` cells by column."""
    cells = {
        "KSH": "",
        "XH": student.student_no,
        "XM": student.name,
        "XB": "女",
        "CSRQ": "19991201",
        "SFZH": id_no(student),
        "ZYDM": "030101",
        "ZYMC": student.major,
        "CC": student.level,
        "RXRQ": "20210901",
        "学习形式": student.programme,
        "学习中心": CAMPAIGN.centre(student.centre).name,
    }
    return tuple((cells | other)[column] for column in HEADER)


def write_roster(folder: Path, rows: Sequence[Sequence[str]]) -> None:
    """The only roster of a workspace."""
    (folder / "rosters" / "名册.csv").write_bytes(csv_bytes([HEADER, *rows]))


def packed_night(folder: Path) -> Path:
    """The workspace after its night: Anna and Bob of guyuan, Dora and Emil of longde have portraits."""
    build(folder, small())
    write_roster(folder, [registry_row(one) for one in EVERYBODY])
    run(folder)
    return folder
