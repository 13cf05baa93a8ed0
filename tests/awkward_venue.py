"""A session at a venue where most things go wrong at once: who is in trouble, and who is not."""

from datetime import datetime
from pathlib import Path

from gradphoto.demo.plan import Card, Day, Plan, Roster, Sitting, Slate, in_turn
from gradphoto.demo.students import people
from tests.pages import LOST
from tests.small_night import GUYUAN, build

(ANNA, BOB, CARL, DORA, EMIL, FRED, GINA, HUGO, IRIS, JACK, KATE, LEON, MONA, NORA, OLGA) = people("guyuan", 15)

CLEAN = (ANNA, BOB, DORA, EMIL)
TROUBLES = {
    CARL: ("slate", "slate-unreadable"),
    FRED: ("check", "glasses"),
    GINA: ("check", "tilted"),
    HUGO: ("forgotten", "run-long"),
    IRIS: ("check", "turned"),
    JACK: ("no-frame", "no-frame"),
    KATE: ("no-frame", "no-portrait"),
    LEON: ("file", "truncated"),
    MONA: ("whose", "code-two-students"),
    NORA: ("whose", "code-two-students"),
}
"""By student what the check must say."""


def awkward() -> Plan:
    """Bob fails first and is photographed again, Jack leaves the queue, Olga never comes."""
    sittings = in_turn(
        datetime(2023, 7, 3, 9, 0),
        Sitting(ANNA, 3),
        Sitting(BOB, 1),
        Sitting(BOB, 4),
        Sitting(CARL, 20, LOST),
        Sitting(KATE, 11, Slate(), frames=0),
        Sitting(GINA, 1, held="tilted"),
        Sitting(LEON, 9, cut=frozenset({1, 2})),
        Sitting(FRED, 28),
        Sitting(DORA, 5),
        Sitting(HUGO, 24, None),
        Sitting(IRIS, 16, held="turned"),
        Sitting(MONA, 12),
        Sitting(EMIL, 7),
        Sitting(JACK, 3, None, frames=0),
    )
    roster = Roster("名册.csv", (*CLEAN, *TROUBLES, OLGA))
    return Plan((roster,), (Day(GUYUAN, (Card(sittings),)),))


def awkward_workspace(folder: Path) -> Path:
    """The workspace before its night; a slip of the desk binds Mona's code to Nora as well."""
    build(folder, awkward())
    row = f"2023-07-03 09:30:00,{MONA.capture_code},{NORA.student_no},2\r\n"
    (folder / "inbox" / GUYUAN / "scanlog-2.csv").write_bytes(
        ("扫码时间,采集码,学号,工位\r\n" + row).encode("utf-8-sig")
    )
    return folder
