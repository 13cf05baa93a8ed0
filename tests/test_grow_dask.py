"""A night on other machines' workers, by Dask: the same bytes as on one machine, also when workers die."""

import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from itertools import count
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import pytest
from distributed import Client

from flows.doctor import examine_dask
from gradphoto.adapters.processes import WorkersTrouble, each
from tests.came_to import CameTo, came_to
from tests.crash_night import copy_of
from tests.farm import Farm, farm
from tests.prefect_server import prefect_server, wait_for
from tests.seaweed import BUCKET, Seaweed
from tests.small_night import GUYUAN

pytest_plugins = ["tests.seaweed_fixture", "tests.small_plain"]

_numbers = count(1)


@pytest.fixture(scope="module")
def prefect(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with prefect_server(tmp_path_factory.mktemp("prefect")) as url:
        yield url


@pytest.fixture
def place(plain: Path) -> Iterator[Path]:
    """The workspace before its night, with a store of its own on S3."""
    with copy_of(plain) as folder:
        yield new_store(folder)


def new_store(folder: Path) -> Path:
    """The same workspace with a store on S3 in which nothing stands."""
    settings = folder / "gradphoto.toml"
    text = re.sub(
        "^store = .*$", f'store = "s3://{BUCKET}/dask-{next(_numbers)}"', settings.read_text("utf-8"), flags=re.M
    )
    settings.unlink()  # it is linked to the others' settings
    settings.write_text(text, "utf-8")
    return folder


@pytest.fixture
def two(tmp_path: Path, seaweed: Seaweed) -> Iterator[Farm]:
    """Whose scheduler may die."""
    with farm(tmp_path, seaweed.environment) as this:
        yield this


@pytest.fixture(scope="module")
def lasting(tmp_path_factory: pytest.TempPathFactory, seaweed: Seaweed) -> Iterator[Farm]:
    """Whoever kills a worker of it starts another."""
    with farm(tmp_path_factory.mktemp("farm"), seaweed.environment) as this:
        yield this


def night(folder: Path, address: str, prefect: str) -> "subprocess.Popen[str]":
    """The program itself, begun, with the scheduler and the Prefect server it is to use."""
    command = [sys.executable, "-c", "from cli.main import main; main()", "nightly", GUYUAN]
    return subprocess.Popen(
        [*command, "--workspace", str(folder)],
        env={**os.environ, "GRADPHOTO_DASK": address, "PREFECT_API_URL": prefect},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def went_well(process: "subprocess.Popen[str]") -> None:
    out, err = process.communicate()
    assert 0 == process.returncode, out + err


def done_by(address: str) -> dict[str, set[str]]:
    """By worker the kinds of stages whose tasks it finished."""

    def finished(dask_worker: Any) -> list[str]:
        return [str(each[0]) for each in dask_worker.state.log if "memory" in each[1:4]]

    with Client(address, set_as_default=False) as client:
        told = client.run(finished)
        return {worker: {key.partition("-")[0] for key in keys} for worker, keys in told.items()}


def busy_with(address: str, stage: str) -> list[str]:
    """The names of the workers that are at a task of a stage now."""
    with Client(address, set_as_default=False) as client:
        names = {key: each["name"] for key, each in client.scheduler_info(n_workers=-1)["workers"].items()}
        at = client.processing()
    return [names[worker] for worker, keys in at.items() if any(str(key).startswith(f"{stage}-") for key in keys)]


def test_two_workers_that_know_only_the_store_come_to_the_bytes_of_one_machine(
    place: Path, expected: CameTo, lasting: Farm, prefect: str
) -> None:
    went_well(night(place, lasting.address, prefect))
    assert expected == came_to(place)
    (one, other) = done_by(lasting.address).values()
    assert {"match", "read", "render", "pack"} == one | other
    assert "read" in one & other


def test_doctor_finds_the_workers_or_that_there_are_none(plain: Path, two: Farm) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GRADPHOTO_DASK", two.address)
        assert ["good"] == [one.level for one in examine_dask(plain)]
        for name in ("worker-0", "worker-1", "scheduler"):
            two.kill(name)
        assert ["attention"] == [one.level for one in examine_dask(plain)]


def test_a_worker_that_is_killed_at_its_shard_leaves_it_to_another(
    place: Path, expected: CameTo, lasting: Farm, prefect: str, amount: Callable[[int, int], int]
) -> None:
    for stage in ("read", "render", "pack")[: amount(1, 3)]:
        with copy_of(place) as folder:
            process, seen = night(new_store(folder), lasting.address, prefect), list[str]()
            wait_for(lambda: seen.extend(busy_with(lasting.address, stage)) or seen)  # noqa: B023
            lasting.kill(seen[0])
            went_well(process)
            assert expected == came_to(folder)
            lasting.start_worker(seen[0])


@pytest.mark.long
def test_a_scheduler_that_is_killed_leaves_the_night_to_the_machine_of_the_flow(
    place: Path, expected: CameTo, two: Farm, prefect: str
) -> None:
    process = night(place, two.address, prefect)
    wait_for(lambda: busy_with(two.address, "read"))
    two.kill("scheduler")
    went_well(process)
    assert expected == came_to(place)


@pytest.mark.long
def test_without_a_scheduler_the_machine_of_the_flow_works_alone(
    place: Path, expected: CameTo, prefect: str
) -> None:
    went_well(night(place, "tcp://127.0.0.1:9", prefect))
    assert expected == came_to(place)


def test_a_worker_that_may_have_no_children_is_trouble_and_says_what_to_do() -> None:
    context = get_context("fork")
    told: Any = context.SimpleQueue()
    daemon = context.Process(target=_try_to_work, args=(told,), daemon=True)
    daemon.start()
    assert "--no-nanny" in told.get()
    daemon.join()


def _try_to_work(told: Any) -> None:
    try:
        list(each(len, ["a"], 7))
    except WorkersTrouble as trouble:
        told.put(str(trouble))
