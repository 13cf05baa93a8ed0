"""Prefect's runner in a thread of its own: the main thread keeps the signals, and can start it again."""

import asyncio
import contextvars
import threading
from collections.abc import Sequence

from httpx import HTTPError
from prefect.deployments.runner import RunnerDeployment
from prefect.exceptions import PrefectException
from prefect.runner import Runner

from flows.own_server import NoServer

POLL_SECONDS = 2
"""How often the server is asked for runs that are due."""
ENDS_WITHIN = 60.0


class ThreadedRunner:
    """Registers deployments and runs what is due of them, each run as a process."""

    def __init__(self, wanted: Sequence[RunnerDeployment]) -> None:
        self._wanted = wanted

    def start(self) -> None:
        """Until the deployments are registered; `NoServer` when no server took them."""
        self._ready, self._trouble = threading.Event(), Exception()
        self._thread = threading.Thread(target=contextvars.copy_context().run, args=(self._go,), daemon=True)
        self._thread.start()
        while self._thread.is_alive() and not self._ready.wait(0.2):
            pass
        if not self._ready.is_set():
            raise self._trouble

    def keep(self) -> None:
        """Start it again when it has ended, as it does when no server was there for a while."""
        if not self._thread.is_alive():
            self.start()

    def stop(self) -> None:
        """End it, and the runs that it has begun."""
        if self._thread.is_alive():
            asyncio.run_coroutine_threadsafe(self._runner.astop(), self._loop)
            self._thread.join(ENDS_WITHIN)

    def _go(self) -> None:
        try:
            asyncio.run(self._serve())
        except (HTTPError, PrefectException, ExceptionGroup) as trouble:
            self._trouble = NoServer(type(trouble).__name__)
        except Exception as bug:
            self._trouble = bug

    async def _serve(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._runner = Runner(
            name="gradphoto", pause_on_shutdown=False, query_seconds=POLL_SECONDS, prefetch_seconds=POLL_SECONDS
        )
        for deployment in self._wanted:
            await self._runner.aadd_deployment(deployment)
        self._ready.set()
        await self._runner.start()
