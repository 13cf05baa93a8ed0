"""A small night for tests: a workspace with real pictures, run without Prefect or by the program itself."""

import atexit
import os
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from datetime import datetime
from functools import cache
from pathlib import Path
from threading import Lock

from cli.workspace import Workspace
from flows.each import alone
from flows.order import Done, night
from flows.plan import Plan as Run
from gradphoto.demo import workspace as demo
from gradphoto.demo.plan import Card, Day, Plan, Roster, Sitting, Slate, in_turn
from gradphoto.demo.students import people
from gradphoto.demo.truth import Truth
from gradphoto.stages.snapshot import take_snapshot
from gradphoto.versions import READER
from tests.prefect_server import shared_server
from tests.quick_program import in_text, run_program

GUYUAN = "2023-07-03-guyuan"
NIGHT = ("nightly", GUYUAN)
ASK_PREFECT = {"nightly", "rerun", "recall"}
"""Commands that start a server of their own where none is configured."""
_starting = Lock()
ANNA, BOB, CARL = people("guyuan", 3)
DORA, EMIL = people("longde", 2, first=201)
FAY = people("yanchi", 1, first=301)[0]


def small(*more: Sitting) -> Plan:
    """Two centres in one session: four students photographed, one missing, and one of a centre elsewhere."""
    sittings = in_turn(
        datetime(2023, 7, 3, 9, 0),
        Sitting(ANNA, 3),
        Sitting(BOB, 4, Slate(0.2, plain=True)),
        Sitting(DORA, 5),
        Sitting(EMIL, 7),
        *more,
    )
    roster = Roster("名册.csv", (ANNA, BOB, CARL, DORA, EMIL, FAY), "gb18030")
    return Plan((roster,), (Day(GUYUAN, (Card(sittings),)),))


def build(folder: Path, plan: Plan) -> Truth:
    """The workspace of a plan, as the demo makes it; its pictures are drawn once in a process."""
    truth, made = _drawn(plan)
    shutil.copytree(made, folder, dirs_exist_ok=True)
    return truth


@cache
def _drawn(plan: Plan) -> tuple[Truth, Path]:
    folder = Path(tempfile.mkdtemp(prefix="gradphoto-drawn-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return demo.build(folder, plan), folder


def run(
    folder: Path,
    sessions: Sequence[str] = (GUYUAN,),
    *,
    drill: Sequence[str] = (),
    centres: Sequence[str] = (),
    shard_size: int = 5,
) -> Done:
    """Run a night in this process, without Prefect, in shards small enough that there are several."""
    plan = planned(folder, sessions, drill=drill, centres=centres, shard_size=shard_size)
    return night(plan, "rerun" if centres else "nightly", alone)


def planned(
    folder: Path,
    sessions: Sequence[str] = (GUYUAN,),
    *,
    drill: Sequence[str] = (),
    centres: Sequence[str] = (),
    shard_size: int = 5,
) -> Run:
    """The plan of such a night, with the inputs as they are now."""
    place = Workspace(folder)
    return Run(
        workspace=str(place.folder),
        store=place.store_url,
        snapshot=take_snapshot(place.store, place.folder, place.settings),
        sessions=tuple(sessions),
        centres=tuple(centres),
        drill=tuple(drill),
        workers=2,
        shard_size=shard_size,
    )


def bundles(folder: Path) -> dict[str, bytes]:
    """The bytes of every bundle in the embedded store, by file name."""
    return {path.name: path.read_bytes() for path in sorted(folder.glob("store/bundles/*/*.zip"))}


def as_if_released(folder: Path) -> None:
    """As a release that reads pictures anew finds the store: there are readings, but none of its own."""
    (folder / "store/readings" / READER).rename(folder / "store/readings/r0")


def program(*arguments: str | Path, folder: Path | None = None) -> subprocess.CompletedProcess[str]:
    """Run the program itself; `folder` is its workspace. All nights of a test process share a Prefect server."""
    words = [*map(str, arguments)]
    if folder is not None:
        words += ["--workspace", str(folder)]
    environment = dict(os.environ)
    if ASK_PREFECT & set(words) and "--dry-run" not in words:
        with _starting:
            environment.setdefault("PREFECT_API_URL", shared_server())
    return in_text(run_program(words, environment))
