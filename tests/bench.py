"""How fast a night is, against its irreducible parts, in one interleaved run: `make bench`.

The parts of one frame, one after the other in this process: read and hash, one strict decode, codes, face,
crop and one encoding. The night does all of it, and keeps records, checks what it stored and packs.
"""

import hashlib
import statistics
import tempfile
import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from rich.console import Console
from rich.table import Table

from config.spec import load_spec
from gradphoto.adapters.imaging.reader import read_original
from gradphoto.adapters.imaging.render import render
from gradphoto.demo.plan import Card, Day, Plan, Roster, Sitting, in_turn
from gradphoto.demo.students import people
from gradphoto.demo.workspace import build
from gradphoto.geometry import Crop, solve
from tests.small_night import run

SESSION = "2023-07-02-yanchi"
CLEAN = (3, 4, 5, 7, 8, 9, 11, 12, 13, 15, 18, 19)
ROUNDS = 5


def plan(students: int) -> Plan:
    """A clean session of so many students."""
    who = people("yanchi", students)
    sittings = (Sitting(one, CLEAN[index % len(CLEAN)]) for index, one in enumerate(who))
    card = Card(in_turn(datetime(2023, 7, 2, 10, 0), *sittings))
    return Plan((Roster("r.csv", tuple(who)),), (Day(SESSION, (card,)),))


def parts(inbox: Path) -> None:
    """The work that no program can leave out, without any of ours round it."""
    spec = load_spec("chsi-2017")
    for path in sorted(inbox.rglob("*.JPG")):
        data = path.read_bytes()
        reading = read_original(data, hashlib.sha256(data).hexdigest(), path.name)
        crop = solve(reading.face, reading.width, reading.height, spec) if reading.face else None
        if isinstance(crop, Crop) and not reading.codes and int(path.stem[-4:]) % 3 == 0:
            render(data, reading, crop, spec)


def seconds(work: Callable[[], object]) -> float:
    """Wall time of one piece of work."""
    begin = time.perf_counter()
    work()
    return time.perf_counter() - begin


def main() -> None:
    """Print the rates and the ratio of a night to its parts."""
    table = Table(
        "students", "captures", "night s", "captures/s", "parts s (1 process)", "parts ÷ night, 2 processes"
    )
    for students in (6, 12, 24):
        nights, alone = [], []
        for _ in range(ROUNDS):
            with tempfile.TemporaryDirectory() as folder:
                build(Path(folder), plan(students))
                nights.append(seconds(lambda at=Path(folder): run(at, [SESSION], shard_size=200)))
                alone.append(seconds(lambda at=Path(folder): parts(at / "inbox")))
        night, part = statistics.median(nights), statistics.median(alone)
        ratios = sorted(one / other for one, other in zip(alone, nights, strict=True))
        spread = f"{ratios[0]:.2f} / {statistics.median(ratios):.2f} / {ratios[-1]:.2f}"
        count = 3 * students
        table.add_row(str(students), str(count), f"{night:.2f}", f"{count / night:.1f}", f"{part:.2f}", spread)
    Console().print(table)


if __name__ == "__main__":
    main()
