"""What orchestration costs: one night of 600 captures by Prefect on a running server and alone, in turn.

`python -m tests.bench_orchestration`. Those nights have no pixels (see `tests.scale_world`), so the difference of
the two is all that Prefect adds. The share is of a night with pixels, of which a tenth is measured: 60 sample
pictures of 3.8 megapixels. Processor time of this process and all that it started, the server too: what else the
machine does counts for little.
"""

import argparse
import os
import shutil
import statistics
import tempfile
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from prefect.settings import PREFECT_API_URL, temporary_settings

from cli.workspace import Workspace
from flows.each import alone
from flows.nightly import nightly
from flows.order import night
from flows.plan import Plan
from gradphoto.demo.plan import Card, Day, Roster, Sitting, in_turn
from gradphoto.demo.plan import Plan as Demo
from gradphoto.demo.students import people
from gradphoto.demo.workspace import build
from gradphoto.stages.seasons import forget_seasons
from gradphoto.stages.snapshot import take_snapshot
from tests.bench_frames import CLEAN
from tests.prefect_server import prefect_server
from tests.scale_world import Scale, given
from tests.small_night import run

SESSION = "2023-07-02-yanchi"
TICKS = os.sysconf("SC_CLK_TCK")


def family() -> dict[int, float]:
    """Seconds of the processor that each process of ours has had, and what ended within it, by number."""
    parents, spent = {}, {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            words = stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue  # it ended meanwhile
        parents[int(stat.parent.name)] = int(words[1])
        spent[int(stat.parent.name)] = sum(map(int, words[11:15])) / TICKS
    mine = {os.getpid()}
    while more := {one for one, parent in parents.items() if parent in mine} - mine:
        mine |= more
    return {one: spent[one] for one in mine}


def cost(work: Callable[[], object]) -> float:
    """Processor time of a piece of work."""
    before = sum(family().values())
    work()
    return sum(family().values()) - before


def plan(folder: Path) -> tuple[Plan, Scale]:
    """A new workspace with one session taken in and nothing read."""
    shutil.rmtree(folder, ignore_errors=True)
    scale = Scale(1)
    scale.workspace(folder)
    place = Workspace(folder)
    scale.take_in(place.store, 0)
    forget_seasons()
    snapshot = take_snapshot(place.store, folder, place.settings)
    made = Plan(workspace=str(folder), store=place.store_url, snapshot=snapshot, sessions=tuple(scale.ids))
    return made, scale


def seconds(folder: Path, url: str) -> float:
    """Of one night without pixels, by Prefect when there is an address."""
    made, scale = plan(folder)
    with given(scale):
        if not url:
            return cost(lambda: night(made, "nightly", alone))
        with temporary_settings({PREFECT_API_URL: url}):
            return cost(lambda: nightly(made))


def tenth(folder: Path) -> float:
    """Of a night of 60 pictures."""
    who = people("yanchi", 20)
    sittings = (Sitting(one, CLEAN[index % len(CLEAN)]) for index, one in enumerate(who))
    card = Card(in_turn(datetime(2023, 7, 2, 10, 0), *sittings))
    build(folder, Demo((Roster("r.csv", tuple(who)),), (Day(SESSION, (card,)),)))
    return cost(lambda: run(folder, [SESSION], shard_size=200))


def main() -> None:
    """Measure in turn and say the difference, and its share."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=7)
    rounds = parser.parse_args().rounds
    with tempfile.TemporaryDirectory() as top, prefect_server(Path(top) / "prefect") as url:
        ws = Path(top) / "ws"
        seconds(ws, url), tenth(Path(top) / "first")  # what is imported and loaded once is start-up
        pairs = [(seconds(ws, url), seconds(ws, "")) for _ in range(rounds)]
        real = 10 * statistics.median(tenth(Path(top) / f"tenth {turn}") for turn in range(3))
    by_prefect, by_itself = (statistics.median(one) for one in zip(*pairs, strict=True))
    more = sorted(one - other for one, other in pairs)
    print(f"by Prefect {by_prefect:.2f} s, alone {by_itself:.2f} s of the processor (medians of {rounds})")
    print(f"Prefect adds {more[0]:.2f} / {statistics.median(more):.2f} / {more[-1]:.2f} s")
    print(f"a night of 600 pictures takes {real:.0f} s of it: {statistics.median(more) / real:.1%}")


if __name__ == "__main__":
    main()
