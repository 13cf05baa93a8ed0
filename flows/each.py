"""Running one step over several arguments: by Prefect, or in this process when no Prefect can be had.

Either way a step that fails costs only its own arguments: the outcome is a value, a result or a trouble.
"""

import time
from collections.abc import Callable, Sequence
from typing import Any, Protocol, TypeVar, cast

from prefect import Task

from tasks.trouble import DELAYS, INFRASTRUCTURE

Arguments = tuple[Any, ...]
Result = TypeVar("Result")


class Each(Protocol):
    """Runs a task once for each tuple of arguments; the outcomes in that order, exceptions as values."""

    def __call__(self, step: Task[..., Any], calls: Sequence[Arguments]) -> list[Any]: ...


def by_prefect(step: Task[..., Any], calls: Sequence[Arguments]) -> list[Any]:
    """As task runs of the flow that is running."""
    futures = [step.submit(*call) for call in calls]
    return [future.result(raise_on_failure=False) for future in futures]


def alone(step: Task[..., Any], calls: Sequence[Arguments]) -> list[Any]:
    """One after the other, with the same further tries."""
    return [_attempt(step.fn, call) for call in calls]


def patiently(function: Callable[..., Result], *call: Any) -> Result:
    """What a flow asks the store itself, with the same further tries; the last trouble is raised."""
    outcome = _attempt(function, call)
    if isinstance(outcome, BaseException):
        raise outcome
    return cast(Result, outcome)


def _attempt(function: Callable[..., Any], call: Arguments) -> Any:
    for delay in (*DELAYS, None):
        try:
            return function(*call)
        except INFRASTRUCTURE as trouble:
            if delay is None:
                return trouble
            time.sleep(delay)
        except Exception as trouble:
            return trouble
    raise AssertionError("unreachable")
