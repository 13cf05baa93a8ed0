"""Starting a flow: on the Prefect server that is configured, on one of this process's own, or alone.

The work is the same each time; what differs is who can watch it. A configured server that does not
answer costs nothing but that, and neither does one that fails on the way, as where its own disk is full.
"""

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from httpx import HTTPError
from prefect.exceptions import PrefectException
from prefect.settings import PREFECT_API_URL, temporary_settings

from flows.each import alone
from flows.events import session_closed
from flows.nightly import nightly, rerun
from flows.order import Done, night
from flows.own_server import NoServer, answers, own_server
from flows.plan import Plan
from gradphoto import progress

FLOWS = {"nightly": nightly, "rerun": rerun}


def start(name: str, plan: Plan) -> Done:
    """Run the flow of that name to its end; Ctrl-C ends it soon, and what is done stays done."""
    with _interruptible():
        try:
            url = configured() or own_server()
        except NoServer:
            return night(plan, name, alone)
        try:
            with temporary_settings({PREFECT_API_URL: url}):
                done: Done = FLOWS[name](plan)
                return done
        except Exception as trouble:
            if progress.stopping() or not _of_prefect(trouble):
                raise
        return night(plan, name, alone)  # what is done already is found there


def configured() -> str | None:
    """The address of the configured Prefect server; None when there is none or it does not answer."""
    url = PREFECT_API_URL.value()
    return url if url and answers(url) else None


def _of_prefect(trouble: BaseException | None) -> bool:
    """Whether it is Prefect that failed, or what was raised came of that."""
    own = isinstance(trouble, HTTPError | PrefectException)
    return own or (trouble is not None and _of_prefect(trouble.__context__))


def tell_closed(session: str) -> bool:
    """Emit the event that a session is over; False when there is no server to hear it."""
    if not configured():
        return False
    session_closed(session)
    return True


@contextmanager
def _interruptible() -> Iterator[None]:
    """Ctrl-C also stops the threads that the stages run in, at their next capture."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, _stop)
    try:
        yield
    except Exception:
        if progress.stopping():
            raise KeyboardInterrupt from None  # whatever the stop made fail on the way
        raise
    finally:
        signal.signal(signal.SIGINT, before)


def _stop(_signal: int, _frame: Any) -> None:
    progress.stop()
    raise KeyboardInterrupt
