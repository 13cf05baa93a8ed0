"""What every stage's task has in common: its name as its tag, further tries for infrastructure
alone, what the log is told, and that no exception's words leave it but those for the operator.
"""

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

from prefect import Task, task

from gradphoto.log import timed
from tasks.told import facts_of, ids_of
from tasks.trouble import DELAYS, RETRIES, wordless, worth_another_try

P = ParamSpec("P")
R = TypeVar("R")


def stage(name: str, run_name: str = "") -> Callable[[Callable[P, R]], Task[P, R]]:
    """Make a function the task of a stage; `run_name` may name its arguments in braces, which Prefect keeps."""
    as_task = task(
        name=name,
        task_run_name=run_name or name,
        tags=[name],
        retries=RETRIES,
        retry_delay_seconds=DELAYS,
        retry_condition_fn=worth_another_try,
    )

    def make(function: Callable[P, R]) -> Task[P, R]:
        @wraps(function)
        def run(*args: P.args, **kwargs: P.kwargs) -> R:
            with wordless(), timed(name, **ids_of(function, args, kwargs)) as facts:
                result = function(*args, **kwargs)
                facts |= facts_of(result)
                return result

        return as_task(run)

    return make
