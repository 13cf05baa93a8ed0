"""What every stage's task has in common: its name as its tag, and further tries for infrastructure alone."""

from collections.abc import Callable
from typing import ParamSpec, TypeVar

from prefect import Task, task

from tasks.trouble import DELAYS, RETRIES, worth_another_try

P = ParamSpec("P")
R = TypeVar("R")


def stage(name: str, run_name: str = "") -> Callable[[Callable[P, R]], Task[P, R]]:
    """Make a function the task of a stage; `run_name` may name its arguments in braces."""
    return task(
        name=name,
        task_run_name=run_name or name,
        tags=[name],
        retries=RETRIES,
        retry_delay_seconds=DELAYS,
        retry_condition_fn=worth_another_try,
    )
