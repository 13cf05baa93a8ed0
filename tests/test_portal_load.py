"""The portal under load and under the axe: constant memory for slow clients, SIGKILL while it sends."""

import hashlib
import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from shutil import which

import pytest
from httpx import get

from cli.workspace import Workspace
from gradphoto.adapters.fetch_bundle import Patience
from gradphoto.adapters.portal_client import Portal
from gradphoto.adapters.store import digest_file
from gradphoto.packed import Packed
from gradphoto.portal_offer import PortalAddress
from gradphoto.stages.fetch import ask, fetch_bundle
from tests.pages import ROOT
from tests.portal_place import (
    ASKED,
    OTHER,
    Program,
    allow,
    bag,
    bare,
    bundle_file,
    free_port,
    grown,
    program,
    record,
    token,
)
from tests.seaweed import Seaweed
from tests.sending_app import KEY

pytest_plugins = ["tests.seaweed_fixture"]

CLIENTS, GROWTH = 20, 50 << 20
"""Slow clients at once, and the bytes by which the portal may grow for all of them."""
BAG = 24 << 20
PATIENT = Patience(tries=30, first=0.05, most=2)


@dataclass
class Place:
    """A portal with a sparse bundle of one centre and a real bag of another."""

    place: Workspace
    portal: Program
    sparse: Packed
    noise: Packed
    tokens: dict[str, str]

    def url(self, packed: Packed) -> str:
        return f"{self.portal.url}/bundles/{packed.centre}/{packed.version}"

    def headers(self, packed: Packed) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.tokens[packed.centre]}"}


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory, amount: Callable[[int, int], int]) -> Iterator[Place]:
    """One program for all."""
    folder = tmp_path_factory.mktemp("portal")
    workspace = bare(folder)
    with bundle_file(workspace, ASKED).open("wb") as file:
        file.truncate(amount(256 << 20, 2 << 30))
    bundle_file(workspace, OTHER).write_bytes(bag(BAG))
    sparse, noise = record(workspace, ASKED), record(workspace, OTHER)
    for centre in (ASKED, OTHER):
        allow(workspace, centre)
    tokens = {centre: token(workspace, centre) for centre in (ASKED, OTHER)}
    with program(folder) as portal:
        yield Place(workspace, portal, sparse, noise, tokens)


def slowly(port: int, path: str, headers: Mapping[str, str], most: int) -> int:
    """A client on a bad line: takes so many bytes of a bundle, a few at a time; how many came."""
    words = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    with socket.socket() as it:
        it.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 16)
        it.connect(("127.0.0.1", port))
        it.sendall(f"GET {path} HTTP/1.1\r\nHost: x\r\n{words}\r\n".encode())
        assert it.recv(15) == b"HTTP/1.1 200 OK"
        came = 0
        while came < most:
            came += len(piece := it.recv(1 << 18))
            assert piece
            time.sleep(len(piece) / (20 << 20))
        return came


def all_slowly(port: int, path: str, headers: Mapping[str, str], most: int) -> bool:
    """All clients at once; whether each of them got so many bytes."""
    with ThreadPoolExecutor(CLIENTS) as pool:
        return all(each >= most for each in pool.map(lambda _: slowly(port, path, headers, most), range(CLIENTS)))


def test_twenty_slow_clients_cost_no_memory_worth_speaking_of(
    place: Place, amount: Callable[[int, int], int], figure: Callable[[str], None]
) -> None:
    most, headers = amount(4 << 20, place.sparse.bytes), place.headers(place.sparse)
    assert 206 == get(place.url(place.sparse), headers={**headers, "Range": "bytes=0-9"}).status_code
    with grown(place.portal.pid) as more:
        assert all_slowly(place.portal.port, f"/bundles/{ASKED}/1", headers, most)
    figure(f"{CLIENTS} × {most >> 20} MB of {place.sparse.bytes >> 20} MB: {more[0] / (1 << 20):.1f} MB more")
    assert more[0] < GROWTH


@pytest.mark.long
def test_from_s3_they_cost_no_more(seaweed: Seaweed, tmp_path: Path, figure: Callable[[str], None]) -> None:
    store, size = seaweed.new_store(), 256 << 20
    (tmp_path / "large").write_bytes(os.urandom(size))
    store.create_from(KEY, tmp_path / "large")
    words = [store.bucket, store.prefix, str(size), str(port := free_port())]
    with subprocess.Popen([sys.executable, "-m", "tests.sending_app", *words], cwd=ROOT) as server:
        while not answers(port):
            time.sleep(0.1)
        with grown(server.pid) as more:
            assert all_slowly(port, "/bundle", {}, 64 << 20)
        server.kill()
    figure(f"{CLIENTS} × 64 MB of 256 MB on S3: {more[0] / (1 << 20):.1f} MB more")
    assert more[0] < GROWTH


def answers(port: int) -> bool:
    """Whether a server there sends a byte of its bundle already."""
    try:
        return slowly(port, "/bundle", {}, 1) > 0
    except OSError:
        return False


@pytest.mark.skipif(not which("curl"), reason="needs curl")
def test_a_portal_that_is_killed_while_it_sends_is_gone_on_with_to_the_right_bytes(
    place: Place, tmp_path: Path
) -> None:
    """By our client, which waits for it, and by curl, which is called again."""
    killed: list[int] = []
    header = f"Authorization: {place.headers(place.noise)['Authorization']}"
    by_curl = ["curl", "-sS", "-C", "-", "-o", str(tmp_path / "curl"), "-H", header, place.url(place.noise)]

    def hear(there: int) -> None:
        if there > BAG // 3 and not killed:
            place.portal.kill()
            killed.append(there)
            place.portal.start()

    with (
        subprocess.Popen([*by_curl, "--limit-rate", "2M"], stderr=subprocess.DEVNULL) as curl,
        Portal(PortalAddress(place.portal.url, ""), place.tokens[OTHER]) as client,
    ):
        while not (tmp_path / "curl").exists():
            time.sleep(0.01)
        offer = ask(client, print)
        path = fetch_bundle(client, offer, tmp_path / "ours", hear, print, PATIENT)
        assert curl.wait() not in (0, None)
    assert killed
    assert 0 < (tmp_path / "curl").stat().st_size < BAG
    subprocess.run(by_curl, check=True)
    assert [place.noise.sha256] * 2 == [digest_file(path), digest_file(tmp_path / "curl")]
    assert [path] == list(path.parent.iterdir())


@pytest.mark.long
def test_two_gigabytes_come_whole_however_often_they_are_cut(place: Place) -> None:
    """Asked for by pieces of any size from where the last one ended, as a bad line does."""
    sha256, at = hashlib.sha256(), 0
    while at < place.sparse.bytes:
        stop = min(at + int.from_bytes(os.urandom(4)) % (300 << 20) + 1, place.sparse.bytes)
        answer = get(
            place.url(place.sparse),
            headers={**place.headers(place.sparse), "Range": f"bytes={at}-{stop - 1}"},
            timeout=300,
        )
        assert 206 == answer.status_code
        sha256.update(answer.content)
        at += len(answer.content)
    assert place.sparse.sha256 == sha256.hexdigest()
