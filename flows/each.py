"""Running one step over several arguments: by Prefect, or in this process when no Prefect can be had.

Either way a step that fails costs only its own arguments: the outcome is a value, a result or a trouble.
"""

import time
from collections.abc import Callable, Sequence
from typing import Any, Protocol, TypeVar, cast

from httpx import HTTPError
from prefect import Task
from prefect.exceptions import PrefectException

from flows.shown import progress
from tasks.trouble import DELAYS, INFRASTRUCTURE

Arguments = tuple[Any, ...]
Result = TypeVar("Result")


class Each(Protocol):
    """Runs a task once for each tuple of arguments; the outcomes in that order, exceptions as values."""

    def __call__(self, step: Task[..., Any], calls: Sequence[Arguments]) -> list[Any]: ...


def by_prefect(step: Task[..., Any], calls: Sequence[Arguments]) -> list[Any]:
    """As task runs of the flow that is running."""
    tell = progress(step.name, len(calls))
    futures = [step.submit(*call) for call in calls]
    outcomes = []
    for call, future in zip(calls, futures, strict=True):
        outcomes.append(_heard(step, call, future))
        tell(len(outcomes))
    return outcomes


def _heard(step: Task[..., Any], call: Arguments, future: Any) -> Any:
    """The outcome; where only Prefect failed, as while its database is away, that of doing it without."""
    try:
        outcome = future.result(raise_on_failure=False)
    except Exception as trouble:
        if not of_prefect(trouble):
            raise
        outcome = trouble
    return _attempt(step.fn, call) if isinstance(outcome, Exception) and of_prefect(outcome) else outcome


def alone(step: Task[..., Any], calls: Sequence[Arguments]) -> list[Any]:
    """One after the other, with the same further tries."""
    return [_attempt(step.fn, call) for call in calls]


def patiently(function: Callable[..., Result], *call: Any) -> Result:
    """What a flow asks the store itself, with the same further tries; the last trouble is raised."""
    outcome = _attempt(function, call)
    if isinstance(outcome, BaseException):
        raise outcome
    return cast(Result, outcome)


def of_prefect(trouble: BaseException | None) -> bool:
    """Whether it is Prefect that failed, or what was raised came of that."""
    own = isinstance(trouble, HTTPError | PrefectException)
    return own or (trouble is not None and of_prefect(trouble.__context__))


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
