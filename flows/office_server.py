"""The Prefect server of a workspace: with pages and background services, for as long as `serve` runs.

What it remembers stands in the workspace below `.prefect/`, and its address too, so that every command finds it
there. Nothing in it is needed for a bundle: it may be deleted while nothing runs. A configured server wins.
"""

import os
import socket
import subprocess
import sys
import time
from pathlib import Path

from prefect.settings import PREFECT_API_URL

from flows.own_server import NoServer, answers

HOME = ".prefect"
USUAL_PORT = 4200
STARTS_WITHIN = 120.0
"""Seconds; a first start makes the database."""
PORT_FREE_WITHIN = 5.0
"""Seconds that are waited for the port of last time."""
USUAL = {
    "PREFECT_SERVER_DEPLOYMENTS_CONCURRENCY_SLOT_WAIT_SECONDS": "10",
    "PREFECT_SERVER_CONCURRENCY_LEASE_STORAGE": "prefect.server.concurrency.lease_storage.filesystem",
}
"""A waiting run asks more often than by Prefect's own 30 seconds. A place in the queue has an end that outlives
the server: else a run that died with it would keep its place for ever, if nothing marks it."""
_LOCAL = "127.0.0.1"


def server_of(folder: Path) -> str | None:
    """The address of the API that answers for a workspace: the configured server's, else its own; None without."""
    url = PREFECT_API_URL.value() or _noted(folder)
    return url if url and answers(url) else None


class OfficeServer:
    """The server that answers for a workspace: the configured one, only waited for, or a process of its own."""

    def __init__(self, folder: Path) -> None:
        self._home = folder / HOME
        self._port = 0 if PREFECT_API_URL.value() else _port(_noted(folder))
        self._process: subprocess.Popen[bytes] | None = None
        self.url = PREFECT_API_URL.value() or f"http://{_LOCAL}:{self._port}/api"

    def start(self) -> None:
        """Until it answers; `NoServer` when it does not."""
        if self._port:
            self._process = self._started()
        until = time.monotonic() + STARTS_WITHIN
        while not answers(self.url):
            if (self._process and self._process.poll() is not None) or time.monotonic() > until:
                self.stop()
                raise NoServer(self.url)
            time.sleep(0.2)
        if self._port:
            (self._home / "address").write_text(self.url, encoding="utf-8")

    def keep(self) -> None:
        """Start it again when its process has ended."""
        if self._process and self._process.poll() is not None:
            self.start()

    def stop(self) -> None:
        """End its process, if it is one of ours."""
        if self._process:
            self._process.terminate()
            self._process.wait()

    def _started(self) -> "subprocess.Popen[bytes]":
        return subprocess.Popen(
            [sys.executable, "-m", "flows.own_server", str(self._port)],
            stdin=subprocess.PIPE,  # it ends with that, however this process ends
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env=_environment(self._home, self._port),
            start_new_session=True,
        )


def _noted(folder: Path) -> str | None:
    try:
        return (folder / HOME / "address").read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError):
        return None


def _environment(home: Path, port: int) -> dict[str, str]:
    return {
        **USUAL,
        **os.environ,
        "PREFECT_HOME": str(home),
        "PREFECT_SERVER_API_HOST": _LOCAL,
        "PREFECT_SERVER_API_PORT": str(port),
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    }


def _port(noted: str | None) -> int:
    """The one of last time, so that a run that outlived its server finds the next one; else the usual or any."""
    if noted:
        wanted = int("".join(filter(str.isdecimal, noted.rpartition(":")[2])) or USUAL_PORT)
        until = time.monotonic() + PORT_FREE_WITHIN
        while time.monotonic() < until:
            if _free(wanted):
                return wanted
            time.sleep(0.2)
    return _free(USUAL_PORT) or _free(0)


def _free(port: int) -> int:
    try:
        with socket.create_server((_LOCAL, port)) as free:
            return int(free.getsockname()[1])
    except (OSError, OverflowError):
        return 0
