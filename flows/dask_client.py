"""The connection to a Dask scheduler; imported only where one is set, for `distributed` is an extra."""

import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

import prefect
from prefect import Task
from prefect.utilities.callables import get_call_parameters
from prefect_dask.task_runners import DaskTaskRunner

from gradphoto.adapters.processes import WorkersTrouble
from gradphoto.versions import READER, RECIPE

CONNECTS_WITHIN = 10.0
"""Seconds; afterwards the night does without workers."""
NOBODY_FOR = 30.0
"""Seconds without any worker after which a task that waits for one is given up."""
_LOOKS_EVERY = 2.0


@contextmanager
def workers(address: str) -> Iterator[Callable[[Task[..., Any], tuple[Any, ...]], Callable[[], Any]] | None]:
    """Within it, how to hand a task to the scheduler's workers; None when there are none."""
    with ExitStack() as stack:
        try:
            runner: Any = stack.enter_context(_runner(address))
            runner.client.wait_for_workers(1, timeout=CONNECTS_WITHIN)
        except (
            OSError,
            ValueError,
        ):  # nobody answers, nobody works there (a timeout is an OSError), no such address
            yield None
            return
        yield lambda step, call: _submitted(runner, step, call)


def _runner(address: str) -> Any:
    return DaskTaskRunner(address=address, client_kwargs={"timeout": CONNECTS_WITHIN})


def _submitted(runner: Any, step: Task[..., Any], call: tuple[Any, ...]) -> Callable[[], Any]:
    future = runner.submit(step, get_call_parameters(step.fn, call, {}))
    return lambda: _awaited(runner.client, future)


def _awaited(client: Any, future: Any) -> Any:
    seen = time.monotonic()
    while True:
        try:
            return future.result(timeout=_LOOKS_EVERY, raise_on_failure=False)
        except TimeoutError:
            seen = time.monotonic() if client.nthreads() else seen
        if time.monotonic() - seen > NOBODY_FOR:
            future.wrapped_future.cancel()
            raise WorkersTrouble("没有工作机了")


def releases(address: str) -> list[Any]:
    """What each worker there works with, as `own_release` says it; raises what keeps one from saying it."""
    from distributed import Client

    connect: Any = Client  # it says no types

    with connect(address, timeout=CONNECTS_WITHIN, set_as_default=False) as client:
        return list(client.run(own_release).values())


def own_release() -> tuple[str, str, str]:
    """What must be the same on every machine for the same bytes, and for Prefect to understand it."""
    return READER, RECIPE, prefect.__version__
