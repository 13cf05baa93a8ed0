"""What a configured Prefect server hears: that a session is over, and how its centres came out."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from flows.own_server import answers
from gradphoto.demo.workspace import build
from tests.small_night import GUYUAN, program, small


@pytest.fixture(scope="module")
def api(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    """A whole Prefect server, as an office runs one, with a database of its own; programs find it configured."""
    home = {"PREFECT_HOME": str(tmp_path_factory.mktemp("prefect"))}
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    url = f"http://127.0.0.1:{port}/api"
    command = [
        sys.executable,
        "-m",
        "prefect",
        "server",
        "start",
        "--host",
        "127.0.0.1",
        "--port",
        str(port),
        "--no-ui",
    ]
    server = subprocess.Popen(
        command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env={**os.environ, **home}
    )
    try:
        until = time.monotonic() + 120
        while not answers(url) and time.monotonic() < until:
            time.sleep(0.2)
        os.environ["PREFECT_API_URL"] = url
        yield httpx.Client(base_url=url, timeout=30)
    finally:
        os.environ.pop("PREFECT_API_URL", None)
        server.terminate()
        server.wait()


def heard(api: httpx.Client, event: str) -> set[str]:
    """The resources of an event; it may come more than once, and takes a moment."""
    found: set[str] = set()
    until = time.monotonic() + 60
    while not found and time.monotonic() < until:
        reply = api.post("/events/filter", json={"filter": {"event": {"name": [event]}}})
        reply.raise_for_status()
        found = {each["resource"]["prefect.resource.id"] for each in reply.json()["events"]}
        time.sleep(0.5)
    return found


def test_the_server_hears_of_a_closed_session_its_bundles_and_its_failures(
    api: httpx.Client, tmp_path: Path
) -> None:
    build(tmp_path, small())
    assert 0 == program("close", GUYUAN, folder=tmp_path).returncode
    assert {f"gradphoto.session.{GUYUAN}"} == heard(api, "gradphoto.session.closed")
    assert 3 == program("nightly", "--drill", "fail=longde", folder=tmp_path).returncode
    assert {"gradphoto.centre.longde"} == heard(api, "gradphoto.centre.failed")
    assert {"gradphoto.centre.guyuan"} == heard(api, "gradphoto.bundle.packaged")
    assert 0 == program("rerun", "longde", folder=tmp_path).returncode
    assert {"gradphoto.centre.longde"} == heard(api, "gradphoto.centre.recovered")
