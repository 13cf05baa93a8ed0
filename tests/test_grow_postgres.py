"""A server on PostgreSQL and two workers: whatever of it is killed, the bundles come, once, of the same bytes."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random

import pytest
from httpx import HTTPError

from gradphoto.adapters.folder_store import FolderStore
from tests.came_to import CameTo, Tally, came_to
from tests.crash_night import copy_of
from tests.prefect_server import found, wait_for
from tests.small_night import GUYUAN
from tests.work_pool import WorkPool, work_pool

pytest_plugins = ["tests.small_plain"]

ENDED = {"COMPLETED", "FAILED", "CANCELLED"}
OTHERS = ("flow", "worker", "server")
SECONDS = 6.0
"""About as long as the rest of such a night takes."""


@pytest.fixture(scope="module")
def at(tmp_path_factory: pytest.TempPathFactory, plain: Path) -> Iterator[WorkPool]:
    with work_pool(tmp_path_factory.mktemp("pool")) as this:
        wait_for(lambda: found(this.url, "work_pools"))
        this.deploy(plain)
        yield this


def state(at: WorkPool, run: str) -> str:
    try:
        (one,) = found(at.url, "flow_runs", flow_runs={"id": {"any_": [run]}})
    except (HTTPError, ValueError):  # the server is away
        return "UNKNOWN"
    return f"{one['state_type']} {one['state']['message'] if one['state_type'] == 'FAILED' else ''}".strip()


def recorded(folder: Path, kind: str) -> list[str]:
    return list(FolderStore(folder / "store").keys(kind))


def in_its_midst(folder: Path) -> None:
    """Some pictures were read, and no run is on record."""
    wait_for(lambda: recorded(folder, "readings"), 120)
    assert [] == recorded(folder, "runs")


def ended(at: WorkPool, run: str, folder: Path) -> None:
    """A run is on record, and the server, when it is back, believes that it is over."""
    wait_for(lambda: recorded(folder, "runs") and state(at, run).split()[0] in ENDED, 240)
    assert "COMPLETED" == state(at, run)


@pytest.mark.long
def test_a_run_of_the_deployment_comes_to_the_bundles(at: WorkPool, plain: Path, expected: CameTo) -> None:
    with copy_of(plain) as folder:
        ended(at, at.begin(folder, GUYUAN), folder)
        assert expected == came_to(folder)


@pytest.mark.parametrize("victim", ["postgres", *(pytest.param(one, marks=pytest.mark.long) for one in OTHERS)])
def test_whatever_is_killed_in_the_midst_of_a_night_the_bundles_come_once(
    at: WorkPool,
    plain: Path,
    expected: CameTo,
    victim: str,
    amount: Callable[[int, int], int],
    figure: Callable[[str], None],
) -> None:
    tally, random = Tally(), Random(victim)
    for later in [0.0, *(random.uniform(0, SECONDS) for _ in range(amount(0, 9)))]:
        with copy_of(plain) as folder:
            run = at.begin(folder, GUYUAN)
            in_its_midst(folder)
            time.sleep(later)
            for name in at.at_work()[:1] if victim == "worker" else [victim]:
                at.kill(name)
                at.start(name)
            ended(at, run, folder)
            assert tally.judge(expected, came_to(folder)), (victim, later)
    figure(tally.says(f"nights in which the {victim} was killed"))


@pytest.mark.long
def test_a_machine_that_dies_with_its_flow_is_missed_after_three_heartbeats(
    at: WorkPool, plain: Path, expected: CameTo
) -> None:
    with copy_of(plain) as folder:
        run = at.begin(folder, GUYUAN)
        in_its_midst(folder)
        (machine,) = at.at_work()
        flows = at.flows(machine)
        at.kill(machine)
        at.kill_all(flows)
        ended(at, run, folder)
        at.start(machine)
        assert expected == came_to(folder)
