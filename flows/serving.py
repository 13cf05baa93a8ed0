"""Serving the deployments: the server, the runner beside it, and the look for what was missed.

Whatever of it dies is started again; all of it ends together. The program's signals are the main thread's.
"""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

from httpx import HTTPError
from prefect.client.orchestration import SyncPrefectClient, get_client
from prefect.exceptions import PrefectException
from prefect.settings import PREFECT_API_URL, PREFECT_FLOWS_HEARTBEAT_FREQUENCY, temporary_settings

from config.bad_input import BadInput
from flows.automations import HEARTBEAT_SECONDS, ensure_automations
from flows.catch_up import CatchUp
from flows.deployments import deployments
from flows.evening import LATE_AFTER, last_evening, make_up
from flows.office_server import OfficeServer
from flows.own_server import NoServer
from flows.requested import begin_requested, waiting_requests
from flows.threaded_runner import ThreadedRunner
from gradphoto.adapters.store import StoreTrouble
from gradphoto.stages.metrics import refresh_metrics
from gradphoto.stages.place import Place

LOOK_SECONDS = 1.0
"""How often it is looked whether all is well."""
REQUESTED_SECONDS = 10.0
"""How often it is looked whether somebody asked for a rerun."""

Tell = Callable[[str], None]


def serve(folder: Path, stop: threading.Event, tell: Tell, warn: Tell) -> None:
    """Serve a workspace until `stop`; `tell` gets the server's address once all is there, `warn` what is wrong.

    `BadInput` when the workspace is none, `NoServer` when no server answers at the beginning.
    """
    place = Place(folder)
    with _server(folder) as server, _settings(server.url):
        with get_client(sync_client=True) as client:
            ensure_automations(client)
        runner = ThreadedRunner(deployments(place))
        runner.start()
        try:
            tell(server.url)
            _watch_over(server, runner, place, stop, warn)
        finally:
            runner.stop()


def _watch_over(
    server: OfficeServer, runner: ThreadedRunner, place: Place, stop: threading.Event, warn: Tell
) -> None:
    looks, next_look = _Looks(place, warn), time.monotonic()
    while not stop.is_set():
        with suppress(NoServer, HTTPError, PrefectException):  # again at the next look
            server.keep()
            runner.keep()
            if time.monotonic() >= next_look:
                next_look = time.monotonic() + 60 * place.settings.catch_up_minutes
                looks.metrics()
                looks.catch_up()
            looks.evening()
            looks.requested()
        stop.wait(LOOK_SECONDS)


class _Looks:
    """What was missed: by an event that was lost, or by the clock."""

    def __init__(self, place: Place, warn: Tell) -> None:
        self._place, self._warn = place, warn
        self._catch_up, self._done = CatchUp(), self._evening()
        self._next_requested = time.monotonic()

    def catch_up(self) -> None:
        try:
            due = self._catch_up.due(Place(self._place.folder))
        except (BadInput, StoreTrouble, OSError) as trouble:
            self._warn(str(trouble))
            return
        if due:
            with get_client(sync_client=True) as client:
                client.create_flow_run_from_deployment(_nightly(client))
            self._catch_up.begun.add(due)

    def metrics(self) -> None:
        """What waits since when is right between two runs too."""
        with suppress(BadInput, StoreTrouble, OSError):  # the look that follows says what is wrong
            refresh_metrics(self._place.store, self._place.folder)

    def evening(self) -> None:
        evening, now = self._evening(), datetime.now(UTC)
        if evening != self._done and now - evening > LATE_AFTER:
            with get_client(sync_client=True) as client:
                make_up(client, _nightly(client), evening, now)
            self._done = evening

    def requested(self) -> None:
        """Reruns that somebody asked for on a page."""
        if time.monotonic() < self._next_requested:
            return
        self._next_requested = time.monotonic() + REQUESTED_SECONDS
        with suppress(BadInput, StoreTrouble, OSError):  # the look for what was missed says what is wrong
            if waiting_requests(self._place):
                with get_client(sync_client=True) as client:
                    begin_requested(client, self._place)

    def _evening(self) -> datetime:
        return last_evening(datetime.now(UTC), self._place.settings.schedule, self._place.campaign_now.timezone)


def _nightly(client: SyncPrefectClient) -> UUID:
    return client.read_deployment_by_name("nightly/nightly").id


@contextmanager
def _server(folder: Path) -> Iterator[OfficeServer]:
    server = OfficeServer(folder)
    server.start()
    try:
        yield server
    finally:
        server.stop()


@contextmanager
def _settings(url: str) -> Iterator[None]:
    with temporary_settings({PREFECT_API_URL: url, PREFECT_FLOWS_HEARTBEAT_FREQUENCY: HEARTBEAT_SECONDS}):
        yield
