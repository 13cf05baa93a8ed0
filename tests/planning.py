"""For tests of planning: students of any class, a campaign with another waiting area, an office without files."""

from collections.abc import Iterable, Sequence
from pathlib import Path

from config.campaign import Campaign
from config.campaign_file import load_campaign
from config.workspace import FOLDERS, workspace_files
from gradphoto.adapters.tables import csv_bytes
from gradphoto.roster import Student
from gradphoto.slots import GridOf, grid

CAMPAIGN = load_campaign("ningxia-2023")
HEADER = ("学号", "姓名", "学习中心", "办学类型", "层次", "入学学期", "班级", "时段")


def student(serial: int, class_name: str = "", centre: str = "guyuan", slot: str = "", name: str = "") -> Student:
    """Somebody whom the notice calls."""
    return Student(
        student_no=f"21640012{50000 + serial}",
        name=name or f"王{serial:03d}",
        centre=centre,
        programme="开放教育",
        level="本科",
        entry_term="2021年秋季",
        class_name=class_name,
        slot=slot,
        ref=f"名册.csv:{serial + 1}",
    )


def many(count: int, class_name: str = "", first: int = 1, centre: str = "guyuan") -> list[Student]:
    """So many of one class."""
    return [student(serial, class_name, centre) for serial in range(first, first + count)]


def waiting_for(capacity: int | None, minutes: int = 15, campaign: Campaign = CAMPAIGN) -> Campaign:
    """The campaign with a waiting area of that size everywhere, and slots of at most so many minutes."""
    sessions = tuple(one.model_copy(update={"capacity": capacity}) for one in campaign.sessions)
    rules = campaign.slots.model_copy(update={"minutes": minutes})
    return campaign.model_copy(update={"sessions": sessions, "slots": rules})


def at_rate(rate: float, campaign: Campaign = CAMPAIGN) -> GridOf:
    """So many students an hour, everywhere."""
    return lambda session: grid(campaign, session, rate, "option")


def office(folder: Path, students: Iterable[Student]) -> Path:
    """A workspace with one roster and nothing photographed."""
    for name in FOLDERS:
        (folder / name).mkdir(parents=True)
    for name, text in workspace_files().items():
        (folder / name).write_bytes(text.encode())
    write_roster(folder, list(students))
    return folder


def write_roster(folder: Path, students: Sequence[Student]) -> None:
    """The workspace's one roster."""
    rows = [
        (one.student_no, one.name, one.centre, one.programme, one.level, one.entry_term, one.class_name, one.slot)
        for one in students
    ]
    (folder / "rosters" / "名册.csv").write_bytes(csv_bytes([HEADER, *rows]))
