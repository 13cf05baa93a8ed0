"""A whole Prefect server for tests, as an office runs one, with a home and a database of its own."""

import os
import shutil
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from functools import cache
from pathlib import Path
from typing import Any

import httpx

from flows.own_server import answers, own_server

STARTS_WITHIN, HEARS_WITHIN = 120.0, 60.0
"""Seconds; a busy machine needs them."""
DATABASE = "prefect.db"
EMPTY = Path(os.environ.get("PREFECT_HOME", "")) / "empty.db"
"""The shared server's, as it was when it had begun."""


@cache
def shared_server() -> str:
    """The address of a server that all tests of a process may use, each with runs of its own."""
    url, home = own_server(), Path(os.environ["PREFECT_HOME"])
    with closing(sqlite3.connect(home / DATABASE)) as its, closing(sqlite3.connect(EMPTY)) as empty:
        its.backup(empty)
    return url


@contextmanager
def prefect_server(home: Path) -> Iterator[str]:
    """The address of its API; after it everything that the server knew is in `home`."""
    if EMPTY.exists():  # tables take it longer to make than all else of its start
        home.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(EMPTY, home / DATABASE)
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = ["-m", "prefect", "server", "start", "--host", "127.0.0.1", "--port", str(port), "--no-ui"]
    server = subprocess.Popen(
        [sys.executable, *command],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "PREFECT_HOME": str(home)},
    )
    url = f"http://127.0.0.1:{port}/api"
    try:
        wait_for(lambda: answers(url), STARTS_WITHIN)
        yield url
    finally:
        server.terminate()
        server.wait()


def found(url: str, what: str, **filters: Any) -> list[dict[str, Any]]:
    """What the server lists of a kind."""
    reply = httpx.post(f"{url}/{what}/filter", json=filters, timeout=60)
    reply.raise_for_status()
    answer = reply.json()
    return list(answer["events"] if what == "events" else answer)


def wait_for(true: Callable[[], Any], seconds: float = HEARS_WITHIN) -> None:
    """Until it is so, or the time is over."""
    until = time.monotonic() + seconds
    while not true() and time.monotonic() < until:
        time.sleep(0.2)
