"""The night that is cut off and refused: its workspace, and cheap copies of it."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from itertools import count, pairwise
from pathlib import Path
from random import Random

from gradphoto.demo.plan import Card, Day, Plan, Roster, Sitting, Slate, in_turn
from gradphoto.demo.students import people
from tests.small_night import GUYUAN, build

YANCHI = "2023-07-02-yanchi"
NIGHT = ("nightly", YANCHI, GUYUAN)

_numbers = count(1)


def fifty_files() -> Plan:
    """Two sessions, four centres, two cards at once: copies, a RAW, a sidecar, a cut file, an unreadable slate."""
    y, g = people("yanchi", 5), people("guyuan", 4, first=101)
    d, x = people("longde", 2, first=201), people("xiji", 2, first=301)
    yanchi = in_turn(
        datetime(2023, 7, 2, 10, 4),
        Sitting(y[0], 3, beside=(".CR2", ".XMP")),
        Sitting(y[1], 4, cut=frozenset({2})),
        Sitting(y[2], 20, Slate(0.4, blur=4, glare=1, readable=False)),
        Sitting(y[3], 5),
    )
    one = (
        *in_turn(datetime(2023, 7, 3, 8, 41), Sitting(g[0], 12), Sitting(g[1], 13)),
        *in_turn(datetime(2023, 7, 3, 10, 3), Sitting(d[0], 19), Sitting(x[0], 25, frames=1)),
    )
    other = (
        *in_turn(datetime(2023, 7, 3, 8, 41, 30), Sitting(g[2], 15)),
        *in_turn(datetime(2023, 7, 3, 10, 4), Sitting(y[4], 21), Sitting(d[1], 22), Sitting(x[1], 26)),
    )
    again = Card(other, "card-2/DCIM/101CANON", serial="082024005678", first=872, copied_to="card-2_copy/101CANON")
    rosters = (Roster("盐池.csv", tuple(y), "gb18030"), Roster("固原.csv", (*g, *d, *x)))
    return Plan(rosters, (Day(YANCHI, (Card(yanchi),)), Day(GUYUAN, (Card(one, first=214), again))))


def workspace(folder: Path, plan: Plan, store: str = "file:store") -> Path:
    """The workspace of a plan, with shards so small that there are several."""
    build(folder, plan)
    settings = folder / "gradphoto.toml"
    text = settings.read_text("utf-8").replace("file:store", store)
    settings.write_text(f"shard_size = 5\nworkers = 2\n{text}", "utf-8")
    return folder


@contextmanager
def copy_of(base: Path) -> Iterator[Path]:
    """The same workspace at another place, gone afterwards. Files are linked: nobody may change one in place."""
    folder = base.with_name(f"{base.name}-{next(_numbers)}")
    shutil.copytree(base, folder, copy_function=os.link)
    yield folder
    shutil.rmtree(folder, ignore_errors=True)  # a worker of a night that was killed may be about to end


def spread(total: int, tries: int) -> list[int]:
    """So many numbers from 1 to `total` all over it, drawn from a seed; all of them when there are no more."""
    random = Random(total)
    edges = [total * part // tries for part in range(tries + 1)]
    return [random.randint(one + 1, two) for one, two in pairwise(edges) if one < two]
