"""Steps on the workers of a Dask scheduler, where one is set: other machines that reach the store and Prefect.

Two steps read and write the workspace, which only the machine of the flow has, so they stay where the flow runs.
What fails on a worker is done here once more: a night must not hang on machines that only help.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from typing import Any, NoReturn
from urllib.parse import urlsplit

from prefect import Task
from prefect.logging import get_logger
from prefect.settings import PREFECT_API_URL

from flows.each import Arguments, Each, by_prefect
from gradphoto.progress import begin
from tasks.consign import consign
from tasks.ingest import ingest
from tasks.trouble import DrillTrouble

AT_HOME = frozenset({ingest.name, consign.name})
"""The steps that need the workspace."""
_LOOPBACK = ("127.0.0.1", "localhost", "::1")


Begun = Callable[[], Any]
"""Waits for a task: its result or its trouble; raises what came of the scheduler or of the worker itself."""
Submit = Callable[[Task[..., Any], Arguments], Begun]


@contextmanager
def hands(address: str) -> Iterator[Each]:
    """Within it, who does the steps: the workers of that scheduler, or only this machine (also when empty)."""
    if not address or not _in_reach(address):
        yield by_prefect
        return
    from flows.dask_client import workers

    with workers(address) as submit:
        if submit is None:
            get_logger("gradphoto").warning("no Dask workers at %s: this machine works alone", address)
        yield by_prefect if submit is None else _sharing(submit)


def _in_reach(address: str) -> bool:
    """Workers elsewhere cannot tell a server on this machine's loopback how they get on."""
    server = urlsplit(PREFECT_API_URL.value() or "http://localhost").hostname
    return server not in _LOOPBACK or urlsplit(address).hostname in _LOOPBACK


def _sharing(submit: Submit) -> Each:
    def each(step: Task[..., Any], calls: Sequence[Arguments]) -> list[Any]:
        if step.name in AT_HOME:
            return by_prefect(step, calls)
        begun = [_begun(submit, step, call) for call in calls]
        outcomes = [_outcome(step.name, wait) for wait in begun]
        failed = [place for place, outcome in enumerate(outcomes) if _worth_doing_here(outcome)]
        for place, again in zip(failed, by_prefect(step, [calls[place] for place in failed]), strict=True):
            outcomes[place] = again
        return outcomes

    return each


def _begun(submit: Submit, step: Task[..., Any], call: Arguments) -> Begun:
    """Also when the scheduler is away by now; then waiting raises that."""
    try:
        return submit(step, call)
    except Exception as trouble:
        return partial(_raise, trouble)


def _raise(trouble: Exception) -> NoReturn:
    raise trouble


def _outcome(stage: str, wait: Begun) -> Any:
    """The result or the trouble; a scheduler that went away raises, as does a worker that died too often."""
    try:
        outcome = wait()
    except Exception as trouble:
        return trouble
    if not isinstance(outcome, BaseException):
        begin(stage, 0)(outcome if isinstance(outcome, int) else 1)  # its own ticks were heard by its worker only
    return outcome


def _worth_doing_here(outcome: Any) -> bool:
    return isinstance(outcome, Exception) and not isinstance(outcome, DrillTrouble)
