"""Starting a flow: on the workspace's Prefect server, on one of this process's own, or alone.

The work is the same each time; what differs is who can watch it. A server that does not
answer costs nothing but that, and neither does one that fails on the way, as where its own disk is full.
"""

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from prefect.settings import PREFECT_API_URL, temporary_settings

from flows.each import alone, of_prefect
from flows.events import session_closed
from flows.nightly import nightly, rerun
from flows.office_server import server_of
from flows.order import Done, night
from flows.own_server import NoServer, own_server
from flows.plan import Plan
from gradphoto import progress

FLOWS = {"nightly": nightly, "rerun": rerun}


def start(name: str, plan: Plan) -> Done:
    """Run the flow of that name to its end; Ctrl-C ends it soon, and what is done stays done."""
    with _interruptible():
        try:
            url = server_of(Path(plan.workspace)) or own_server()
        except NoServer:
            return night(plan, name, alone)
        try:
            with temporary_settings({PREFECT_API_URL: url}):
                done: Done = FLOWS[name](plan)
                return done
        except Exception as trouble:
            if progress.stopping() or not of_prefect(trouble):
                raise
        return night(plan, name, alone)  # what is done already is found there


def tell_closed(session: str, folder: Path) -> bool:
    """Emit the event that a session of a workspace is over; False when there is no server to hear it."""
    url = server_of(folder)
    if not url:
        return False
    with temporary_settings({PREFECT_API_URL: url}):
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
