"""What a configured Prefect server hears: that a session is over, and how its centres came out."""

import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.prefect_server import prefect_server
from tests.small_night import GUYUAN, build, program, small


@pytest.fixture(scope="module")
def api(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    """A whole Prefect server, as an office runs one, with a database of its own; programs find it configured."""
    with prefect_server(tmp_path_factory.mktemp("prefect")) as url, pytest.MonkeyPatch.context() as patch:
        patch.setenv("PREFECT_API_URL", url)
        yield httpx.Client(base_url=url, timeout=30)


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
