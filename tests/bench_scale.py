"""How a season grows, stage by stage: `python -m tests.bench_scale --sessions 1 10 100` (`make bench-scale`).

Each size in a process of its own, on a folder, on S3 (a real SeaweedFS) where it is asked for. 600 captures a
session; microseconds of the processor and requests to the store for each capture, and the peak of memory.
"""

import argparse
import json
import subprocess
import sys
import tempfile
from dataclasses import asdict
from pathlib import Path

from rich.console import Console
from rich.table import Table

from tests.scale_run import STAGES, Figures, Measured, one_more_night, through
from tests.scale_world import Scale
from tests.seaweed import BUCKET, Seaweed


def measured(sessions: int, s3: bool) -> Figures:
    """One size, and the night of one more session after it."""
    with tempfile.TemporaryDirectory() as top:
        folder, scale = Path(top) / "ws", Scale(sessions, planned=sessions + 1)
        if not s3:
            return _both(folder, scale, "")
        (Path(top) / "weed").mkdir()
        with Seaweed(Path(top) / "weed").running():
            return _both(folder, scale, f"s3://{BUCKET}/scale")


def _both(folder: Path, scale: Scale, url: str) -> Figures:
    figures = through(folder, scale, url=url)
    scale.sessions += 1
    one_more_night(folder, scale, figures)
    return figures


def in_its_own_process(sessions: int, s3: bool) -> Figures:
    """So that its memory is its own."""
    words = [sys.executable, "-m", __spec__.name, "--one", str(sessions), *(["--s3"] if s3 else [])]
    told = json.loads(subprocess.run(words, stdout=subprocess.PIPE, text=True, check=True).stdout)
    stages = {name: Measured(**one) for name, one in told.pop("stages").items()}
    return Figures(**told, stages=stages)


def show(found: list[Figures], where: str) -> None:
    """Three tables: time, memory, requests."""
    console, names = Console(width=160), [*STAGES, "one night"]
    sizes = [f"{one.captures:,} captures" for one in found]
    table = Table(f"{where}: µs of the processor a capture", *sizes)
    for name in names[:-2]:
        table.add_row(name, *(f"{one.each(name):.0f}" for one in found))
    table.add_row("all", *(f"{one.seconds / one.captures * 1e6:.0f}" for one in found))
    console.print(table)
    table = Table(f"{where}: seconds (processor / wall)", *sizes)
    for name in names[-2:]:
        table.add_row(name, *(f"{one.stages[name].seconds:.2f} / {one.stages[name].wall:.2f}" for one in found))
    console.print(table)
    table = Table(f"{where}: peak of memory, MB", *sizes)
    for name in names[:-2]:
        table.add_row(name, *(f"{one.stages[name].peak:,}" for one in found))
    console.print(table)
    table = Table(f"{where}: requests", *sizes)
    table.add_row("a capture, all stages", *(f"{one.requests.total() / one.captures:.3f}" for one in found))
    for name in names:
        table.add_row(name, *(_said(one.stages[name].requests) for one in found))
    console.print(table)


def _said(requests: dict[str, int]) -> str:
    return " ".join(f"{kind} {count}" for kind, count in sorted(requests.items()))


def main() -> None:
    """Measure and show."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sessions", type=int, nargs="+", default=[1, 10, 100])
    parser.add_argument("--s3", action="store_true", help="on a SeaweedFS instead of a folder")
    parser.add_argument("--one", type=int, help="one size, as JSON")
    given = parser.parse_args()
    if given.one:
        print(json.dumps(asdict(measured(given.one, given.s3))))
        return
    show([in_its_own_process(each, given.s3) for each in given.sessions], "S3" if given.s3 else "folder")


if __name__ == "__main__":
    main()
