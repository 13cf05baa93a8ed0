"""How fast a night is, against its irreducible parts and other programs, in one interleaved run: `make bench`.

Writes `docs/performance.md` and its plot. Contestants take turns within each round, each in processes of its own,
and their processor time is compared, never the time on the wall: other work on the machine then counts little.
"""

import json
import os
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections import defaultdict
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from importlib.util import find_spec
from pathlib import Path

from tests.bench_frames import large, small
from tests.bench_page import Figures, Result, page, plot

ROUNDS = int(os.environ.get("BENCH_ROUNDS", "12"))
HALF, FEW = 10, 5
"""Frames of a round, of which there are two halves by turns, one with the slate; and of it for what takes long."""
SIZES = (50, 200, 800)
GROWTH_ROUNDS = int(os.environ.get("BENCH_GROWTH_ROUNDS", "3"))
DOCS = Path(__file__).parent.parent / "docs"
OURS = ("whole", "parts", "ours")


def run(what: str, folder: Path, workers: int = 1) -> Result:
    """One piece of work in processes of its own; what it printed last."""
    module = "tests.bench_child" if what in OURS else "tests.bench_others"
    words = [sys.executable, "-m", module, what, str(folder), str(workers)]
    done = subprocess.run(words, capture_output=True, text=True, check=True)
    found: Result = json.loads(done.stdout.splitlines()[-1])
    return found


def both(what: str, folder: Path) -> Result:
    """Two copies at the same time; the processor time that one of them took."""
    with ThreadPoolExecutor(2) as two:
        done = list(two.map(lambda _: run(what, folder), range(2)))
    return {"cpu": statistics.mean(one["cpu"] for one in done)}


def contestants(every: Path, few: Path) -> dict[str, Callable[[], Result]]:
    """Everything that takes its turn in a round."""
    others = {
        name: partial(run, name, few if name == "mogrify" else every) for name, is_ in there().items() if is_
    }
    return {
        "whole": partial(run, "whole", every),
        "parts": partial(run, "parts", every),
        "ours": partial(run, "ours", few),
        **others,
        "whole, two workers": partial(run, "whole", every, 2),
        "decode": partial(run, "decode", few),
        "decode, two copies": partial(both, "decode", few),
        "Pillow thumbnail": partial(run, "Pillow thumbnail", few),
        "naive Pillow": partial(run, "naive Pillow", few),
    }


def rounds(folder: Path) -> dict[str, list[Result]]:
    """All rounds; each begins with another contestant."""
    found: dict[str, list[Result]] = defaultdict(list)
    for number in range(ROUNDS):
        half = folder / f"half-{number % 2}"
        turns = list(contestants(half, half.with_name(f"{half.name}-few")).items())
        start = number % len(turns)
        for name, work in [*turns[start:], *turns[:start]]:
            found[name].append(work())
        tell(f"round {number + 1} of {ROUNDS}: whole {found['whole'][-1]['cpu'] * 1000:.0f} ms a photo")
    return found


def frames(folder: Path) -> list[int]:
    """Two halves of the large frames, and few of each; their sizes in bytes."""
    large(folder / "large", 2 * HALF)
    every = sorted((folder / "large").iterdir())
    for number in range(2):
        half = every[number * HALF : (number + 1) * HALF]
        for name, chosen in ((f"half-{number}", half), (f"half-{number}-few", half[1 : 1 + FEW])):
            (folder / name).mkdir()
            for path in chosen:
                os.link(path, folder / name / path.name)
    return [path.stat().st_size for path in every]


def growth(folder: Path) -> dict[int, list[Result]]:
    """Smaller photos, more and more of them: what grows with their number shows the better."""
    found: dict[int, list[Result]] = defaultdict(list)
    for size in SIZES:
        small(folder / f"small-{size}", size)
    for number in range(GROWTH_ROUNDS):
        for size in SIZES:
            found[size].append(run("whole", folder / f"small-{size}", 2))
        tell(f"growth, round {number + 1} of {GROWTH_ROUNDS}")
    return found


def there() -> dict[str, bool]:
    """Which of the programs that may be on a machine are on this one."""
    node = shutil.which("node")
    sharp = node and not subprocess.run([node, "-e", "require('sharp')"], capture_output=True).returncode
    return {
        "vipsthumbnail": bool(shutil.which("vipsthumbnail")),
        "pyvips": find_spec("pyvips") is not None,
        "mogrify": bool(shutil.which("mogrify")),
        "sharp": bool(sharp),
    }


def machine() -> str:
    """The processor as the kernel names it, and how many cores."""
    info = Path("/proc/cpuinfo").read_text() if Path("/proc/cpuinfo").exists() else ""
    name = next((line.partition(":")[2].strip() for line in info.splitlines() if "model name" in line), "")
    return f"{name or platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}"


def tell(line: str) -> None:
    """A line on standard error."""
    print(line, file=sys.stderr, flush=True)


def main() -> None:
    """Measure, and write the page."""
    with tempfile.TemporaryDirectory(prefix="gradphoto-bench-") as place:
        sizes = frames(Path(place))
        found, grown = rounds(Path(place)), growth(Path(place))
    figures = Figures(
        found,
        grown,
        machine(),
        statistics.mean(sizes) / 1e6,
        os.getloadavg()[2],
        [name for name, is_ in there().items() if not is_],
    )
    (DOCS / "pictures" / "performance.svg").write_text(plot(figures), encoding="utf-8")
    (DOCS / "performance.md").write_text(page(figures), encoding="utf-8")
    print(page(figures))


if __name__ == "__main__":
    main()
