"""SIGKILL at any moment: the next run comes to the same bytes as one that was never cut off."""

import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from random import Random
from typing import NamedTuple

import pytest

from cli.workspace import Workspace
from gradphoto.stages.journals import load_decisions
from tests.came_to import CameTo, Tally, came_to, stands
from tests.crash_night import NIGHT, YANCHI, copy_of, fifty_files, spread, workspace
from tests.crashes import KILLED, Command, Moments, ran, went_well
from tests.remembered import remembered
from tests.small_night import GUYUAN, run
from tests.straced import Call, calls, logged, struck

BOTH = (YANCHI, GUYUAN)
LATE = "IMG_0219.JPG"
"""The frame that is delivered of a student who has another one."""
ONLY = "IMG_0224.JPG"
"""The only frame of a student."""


class Scene(NamedTuple):
    """A workspace, the command that is killed in it, what people do then, and what must come of it."""

    base: Path
    command: Command
    then: Callable[[Path], list[Command]]
    expected: CameTo


def _fresh(_folder: Path) -> None:
    """Nothing was done yet."""


def _night(folder: Path) -> None:
    run(folder, BOTH)


def _night_with_a_failure(folder: Path) -> None:
    run(folder, BOTH, drill=["longde"])


def _night_before_a_late_file(folder: Path) -> None:
    (late,) = folder.rglob(f"inbox/**/{LATE}")
    held_back = late.rename(folder / LATE)
    run(folder, BOTH)
    held_back.rename(late)


def _reject(folder: Path) -> Command:
    (only,) = (one.original for one in Workspace(folder).ledger.entries if one.original.path.endswith(ONLY))
    return ("review", "reject", only.sha256, "--reason", "闭眼")


def _reject_unless_on_record(folder: Path) -> list[Command]:
    decided = load_decisions(Workspace(folder).store)
    return [NIGHT] if decided else [_reject(folder), NIGHT]


def _always(*commands: Command) -> Callable[[Path], list[Command]]:
    return lambda _: list(commands)


RELEASE = ("manifests", "--release", "all")
Parts = tuple[Callable[[Path], None], Command | Callable[[Path], Command], Callable[[Path], list[Command]]]
SCENES: dict[str, Parts] = {
    "night": (_fresh, NIGHT, _always(NIGHT)),
    "ingest": (_fresh, ("ingest", GUYUAN), _always(("ingest", GUYUAN), NIGHT)),
    "close": (_fresh, ("close", YANCHI), _always(("close", YANCHI), ("nightly",), NIGHT)),
    "decision": (_night, _reject, _reject_unless_on_record),
    "manifests": (_night, RELEASE, _always(RELEASE)),
    "rerun": (_night_with_a_failure, ("rerun", "longde"), _always(("rerun", "longde"), NIGHT)),
    "late file": (_night_before_a_late_file, NIGHT, _always(NIGHT)),
}


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A workspace before its first night; within this module every picture of it is remembered."""
    folder = workspace(tmp_path_factory.mktemp("crashes") / "plain", fifty_files())
    with remembered():
        with copy_of(folder) as elsewhere:
            run(elsewhere, BOTH)
        yield folder


@pytest.fixture(scope="module", params=SCENES)
def scene(plain: Path, request: pytest.FixtureRequest) -> Iterator[Scene]:
    """Each of the scenes, with what it comes to when nobody is killed."""
    before, command, then = SCENES[request.param]
    with copy_of(plain) as base:
        before(base)
        given = command if isinstance(command, tuple) else command(base)
        with copy_of(base) as folder:
            went_well(folder, given)
            went_well(folder, *then(folder))
            expected = came_to(folder)
        assert ([], []) == (expected.lost, expected.torn)
        yield Scene(base, given, then, expected)


def moments_of(scene: Scene, *, system: bool) -> int:
    """How many moments the scene's command has."""
    with copy_of(scene.base) as folder:
        return ran(folder, scene.command, Moments(), system=system).moments


def killed(scene: Scene, tally: Tally, *at: int, system: bool) -> bool:
    """Kill the scene's command at a moment, and what people do then at the others; whether it came out right.

    What comes of a workspace follows from what stands in it: where a kill leaves what another left before, nothing
    is done again.
    """
    with copy_of(scene.base) as folder:
        first, *others = at
        assert KILLED == ran(folder, scene.command, Moments(first), system=system).code
        for other in others:
            ran(folder, scene.then(folder)[0], Moments(other), system=system)
        left = stands(folder)
        if left in tally.known:
            return tally.as_before(left)
        went_well(folder, *scene.then(folder))
        return tally.judge(scene.expected, came_to(folder), left)


def test_killed_before_or_after_any_call_into_the_store_the_next_run_comes_to_the_same(
    scene: Scene, amount: Callable[[int, int], int], figure: Callable[[str], None]
) -> None:
    tally, total = Tally(), moments_of(scene, system=False)
    at = spread(total, amount(2, total))
    wrong = [one for one in at if not killed(scene, tally, one, system=False)]
    figure(tally.says(f"kills at {total} calls into the store"))
    assert [] == wrong


def test_killed_within_a_call_and_once_more_in_the_run_after_it_the_next_comes_to_the_same(
    scene: Scene, amount: Callable[[int, int], int], figure: Callable[[str], None]
) -> None:
    tally, total = Tally(), moments_of(scene, system=True)
    random = Random(1)
    at = [(one, random.randint(1, total)) for one in spread(total, amount(2, 300))]
    wrong = [both for both in at if not killed(scene, tally, *both, system=True)]
    figure(tally.says(f"double kills within {total} steps to the disk"))
    assert [] == wrong


REAL = "import sys; from tests.crashes import waiting; waiting(sys.argv[1:])"
NEEDS_STRACE = pytest.mark.skipif(not shutil.which("strace"), reason="没有安装 strace")


def program_killed(folder: Path, at: Call) -> int:
    """Kill the program itself, which works with real workers, at one of its system calls; its exit code."""
    command = [sys.executable, "-c", REAL, *NIGHT, "--workspace", str(folder)]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    assert process.stdin
    assert process.stdout
    process.stdout.readline()
    struck(at, "signal=KILL", process.pid)
    process.stdin.close()
    process.stdout.read()
    return process.wait()


@pytest.fixture(scope="module")
def night(plain: Path) -> Scene:
    """The whole night, and what it comes to."""
    with copy_of(plain) as folder:
        went_well(folder, NIGHT)
        return Scene(plain, NIGHT, _always(NIGHT), came_to(folder))


@pytest.fixture(scope="module")
def system_calls(night: Scene, tmp_path_factory: pytest.TempPathFactory) -> list[Call]:
    """What a night calls of the system that touches files, in order."""
    log = tmp_path_factory.mktemp("strace") / "log"
    with copy_of(night.base) as folder:
        ran(folder, NIGHT, held=partial(logged, log))
    return calls(log)


@NEEDS_STRACE
def test_killed_at_any_system_call_the_next_run_comes_to_the_same(
    night: Scene,
    system_calls: list[Call],
    amount: Callable[[int, int], int],
    figure: Callable[[str], None],
) -> None:
    tally, wrong, killed = Tally(), [], 0
    for at in spread(len(system_calls), amount(6, 500)):
        with copy_of(night.base) as folder:
            strike = partial(struck, system_calls[at - 1], "signal=KILL")
            killed += KILLED == ran(folder, NIGHT, held=strike).code
            went_well(folder, NIGHT)
            if not tally.judge(night.expected, came_to(folder)):
                wrong.append(system_calls[at - 1])
    figure(tally.says(f"nights, {killed} of them killed at one of {len(system_calls)} system calls"))
    assert [] == wrong


@NEEDS_STRACE
def test_killed_with_its_workers_the_next_run_comes_to_the_same(
    night: Scene,
    system_calls: list[Call],
    amount: Callable[[int, int], int],
    figure: Callable[[str], None],
) -> None:
    tally, wrong, killed = Tally(), [], 0
    for at in spread(len(system_calls), amount(2, 100)):
        with copy_of(night.base) as folder:
            killed += KILLED == program_killed(folder, system_calls[at - 1])
            went_well(folder, NIGHT)
            if not tally.judge(night.expected, came_to(folder)):
                wrong.append(system_calls[at - 1])
    figure(tally.says(f"nights with their workers, {killed} of them killed at a system call"))
    assert [] == wrong
