"""A venue for the tests of the check-in desk: a workspace whose roster has no codes, and the desk as a process."""

import json
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cli.main import app
from config.campaign_file import load_campaign
from gradphoto.adapters.tables import csv_bytes
from gradphoto.demo.students import capture_code, outside, people
from gradphoto.inputs.problems import Held
from gradphoto.inputs.scanlog import read_scanlog
from gradphoto.kit import Kit
from gradphoto.matching.bindings import DeskRow
from gradphoto.roster import Student
from tests.pages import ROOT

SESSION = "2023-07-03-guyuan"
CAMPAIGN = load_campaign("ningxia-2023")
HEADER = ("学号", "姓名", "学习中心", "身份证号", "办学类型", "层次", "入学学期")


def students(count: int) -> list[Student]:
    """So many of the session's first centre, each with an ID number; the last of them entered too early."""
    found = [student.model_copy(update={"capture_code": ""}) for student in people("guyuan", count)]
    found[-1] = outside(found[-1]).model_copy(update={"capture_code": ""})
    ids = (f"6404221999{number // 30 % 12 + 1:02d}{number % 28 + 1:02d}" for number in range(count))
    return [
        one.model_copy(update={"id_no": f"{id_}{_tail(number)}"})
        for number, (one, id_) in enumerate(zip(found, ids, strict=True))
    ]


def _tail(number: int) -> str:
    """The last four of an ID number; every eleventh ends in X."""
    return f"{9000 - number:04d}" if number % 11 else f"{900 - number:03d}X"


def code(student: Student) -> str:
    """What the student's phone shows."""
    return capture_code(student.student_no)


def kit(everybody: Sequence[Student], **more: Any) -> Kit:
    """What a laptop has for the session."""
    masked = {one.student_no: one.model_copy(update={"id_no": one.id_no[-4:]}) for one in everybody}
    campaign = (ROOT / "config/campaigns/ningxia-2023.toml").read_text(encoding="utf-8")
    spec = (ROOT / "config/specs/chsi-2017.toml").read_text(encoding="utf-8")
    return Kit(session=SESSION, campaign=campaign, spec=spec, students=dict(sorted(masked.items())), **more)


def workspace(folder: Path, everybody: Sequence[Student]) -> Path:
    """A workspace with these students in its roster."""
    app(["init", str(folder)], standalone_mode=False)
    centre = {one.id: one.name for one in CAMPAIGN.centres}
    rows = [
        (one.student_no, one.name, centre[one.centre], one.id_no, one.programme, one.level, one.entry_term)
        for one in everybody
    ]
    (folder / "rosters" / "名册.csv").write_bytes(csv_bytes([HEADER, *rows]))
    return folder


@dataclass
class Running:
    """A desk that somebody started."""

    process: subprocess.Popen[str]
    url: str
    station: str
    log: Path


@contextmanager
def running(*arguments: str | Path) -> Iterator[Running]:
    """`gradphoto desk …` until the end of the block, or until somebody kills it."""
    command = [sys.executable, "-c", "from cli.main import main; main()", "desk", *map(str, arguments), "--json"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, encoding="utf-8") as process:
        try:
            assert process.stdout
            said = json.loads("".join(iter(process.stdout.readline, "}\n")) + "}")
            yield Running(process, said["url"], said["station"], Path(said["log"]))
        finally:
            process.terminate()


def rows_of(log: Path) -> tuple[list[DeskRow], list[Held]]:
    """What the night reads in a log."""
    return read_scanlog(log.read_bytes(), SESSION, log.name, CAMPAIGN)
