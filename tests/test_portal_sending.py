"""A bundle over HTTP: any range of it, conditions, its name, what the store does, and clients that go away."""

import os
import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from pathlib import Path
from urllib.parse import unquote

import pytest
from httpx import Client, Response
from hypothesis import given
from hypothesis import strategies as st

from gradphoto.adapters.portal_client import Portal
from gradphoto.adapters.store import CHUNK, digest
from gradphoto.portal_offer import PortalAddress
from gradphoto.stages.fetch import ask, fetch_bundle
from gradphoto.stages.fetch import part_of as piece_of
from portal.sending import LINK_SECONDS
from portal.sending_range import Part, Unsatisfiable, part_of
from portal.sending_stream import LOOK_AGAIN, NoLonger, while_allowed
from tests.pages import answering
from tests.portal_place import bag
from tests.seaweed import SECRET, Seaweed
from tests.sending_app import KEY, NAME, Sent, in_folder, packed_of, put, sending

pytest_plugins = ["tests.seaweed_fixture"]

DATA = bytes(range(256)) * 1000
ETAG = f'"{digest(DATA)}"'
SIZE = len(DATA)


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    """A client of a server that has one bundle in a folder."""
    with (
        answering(sending(in_folder(tmp_path_factory.mktemp("store"), DATA))) as url,
        Client(base_url=url) as client,
    ):
        yield client


def get(client: Client, **headers: str) -> Response:
    """A GET with these headers; a Range is told without its unit."""
    return client.get("/bundle", headers={name.replace("_", "-"): value for name, value in headers.items()})


# What is sent


def test_the_whole_is_sent_with_all_that_a_client_needs_to_go_on_later(client: Client) -> None:
    answer = get(client)
    assert (200, DATA) == (answer.status_code, answer.content)
    expected = {
        "etag": ETAG,
        "accept-ranges": "bytes",
        "content-length": str(SIZE),
        "content-type": "application/zip",
    }
    assert expected == {name: answer.headers[name] for name in expected}
    assert not {"content-range", "transfer-encoding", "content-encoding"} & set(answer.headers)


def test_the_name_is_chinese_for_who_reads_it_and_ascii_for_who_does_not(client: Client) -> None:
    said = get(client, Range="bytes=0-0").headers["content-disposition"]
    plain, extended = said.removeprefix("attachment; filename=").split("; filename*=UTF-8''")
    assert ('"guyuan-v0003.zip"', NAME) == (plain, unquote(extended))
    assert said.isascii()


@pytest.mark.parametrize("range_", ["", "bytes=5-9"])
def test_a_head_says_what_a_get_would_and_sends_nothing(client: Client, range_: str) -> None:
    head = client.head("/bundle", headers={"Range": range_})
    assert (200, b"") == (head.status_code, head.content)
    whole = get(client)
    assert {k: v for k, v in whole.headers.items() if k != "date"} == {
        k: v for k, v in head.headers.items() if k != "date"
    }


NUMBERS = st.one_of(st.integers(0, SIZE + 10), st.integers(0, 10**30)).map(str)


@given(NUMBERS | st.just(""), NUMBERS | st.just(""))
def test_a_range_is_the_bytes_that_it_says_and_nothing_beside_them(client: Client, first: str, last: str) -> None:
    """As RFC 9110 has it, told here by slices."""
    answer = get(client, Range=f"bytes={first}-{last}")
    whole = range(SIZE)
    if (not first and not last) or (first and last and int(last) < int(first)):
        wanted, status = whole, 200
    elif first:
        wanted, status = whole[min(int(first), SIZE) : min(int(last), SIZE) + 1 if last else SIZE], 206
    else:
        wanted, status = whole[SIZE - min(int(last), SIZE) :], 206
    if not wanted:
        assert (416, b"", f"bytes */{SIZE}") == (
            answer.status_code, answer.content, answer.headers["content-range"]
        )  # fmt: skip
        return
    assert (status, DATA[wanted.start : wanted.stop]) == (answer.status_code, answer.content)
    if status == 206:
        assert f"bytes {wanted.start}-{wanted.stop - 1}/{SIZE}" == answer.headers["content-range"]


@pytest.mark.parametrize(
    "said",
    [
        "bytes=0-1,5-6", "bytes=a-", "bytes=1-2-3", "bytes = 0-1", "bytes=0-1;", "lines=0-1", "bytes", "bytes=--5",
        "bytes=0x10-", "bytes=+1-2", "bytes=1_0-20", "bytes=\u0661-".encode().decode("latin-1"),
        "bytes=" + ",".join(f"{number}-{number}" for number in range(1000)),
    ],
)  # fmt: skip
def test_what_is_not_one_clear_range_is_answered_in_full(client: Client, said: str) -> None:
    answer = client.get("/bundle", headers=[(b"Range", said.encode("latin-1"))])
    assert (200, SIZE) == (answer.status_code, len(answer.content))


def test_two_headers_with_a_range_each_are_answered_in_full(client: Client) -> None:
    answer = client.get("/bundle", headers=[("Range", "bytes=0-1"), ("Range", "bytes=5-6")])
    assert (200, SIZE) == (answer.status_code, len(answer.content))


@pytest.mark.parametrize("digits", [20, 5000, 15_000])
def test_a_number_of_any_length_is_only_a_large_one(client: Client, digits: int) -> None:
    huge = "9" * digits
    assert 416 == get(client, Range=f"bytes={huge}-").status_code
    assert DATA[-6:] == get(client, Range=f"bytes={SIZE - 6}-{huge}").content
    assert DATA == get(client, Range=f"bytes=-{huge}").content
    assert Part(5, 6) == part_of(f"bytes={'0' * digits}5-5", SIZE)


def test_of_nothing_there_is_no_range() -> None:
    assert part_of(None, 0) is None
    for said in ("bytes=0-", "bytes=-1", "bytes=0-0"):
        with pytest.raises(Unsatisfiable):
            part_of(said, 0)


# Conditions


@pytest.mark.parametrize(
    ("if_range", "status"),
    [
        (ETAG, 206),
        (f"W/{ETAG}", 200),
        (ETAG.replace('"', ""), 200),
        (f'"{"0" * 64}"', 200),
        ("*", 200),
        ("Wed, 21 Oct 2015 07:28:00 GMT", 200),
    ],
)
def test_a_download_goes_on_only_with_the_bytes_that_it_began_with(
    client: Client, if_range: str, status: int
) -> None:
    answer = get(client, Range="bytes=1000-", If_Range=if_range)
    assert (status, DATA[1000:] if status == 206 else DATA) == (answer.status_code, answer.content)


def test_a_range_that_cannot_be_is_no_matter_when_the_bytes_are_others(client: Client) -> None:
    assert 200 == get(client, Range=f"bytes={SIZE}-", If_Range='"other"').status_code


@pytest.mark.parametrize("tags", [ETAG, f"W/{ETAG}", "*", f'"other", {ETAG}', f'W/"a", "b,c",{ETAG}'])
def test_what_somebody_has_already_is_not_sent_again(client: Client, tags: str) -> None:
    answer = get(client, If_None_Match=tags)
    assert (304, b"", ETAG) == (answer.status_code, answer.content, answer.headers["etag"])
    assert 304 == client.head("/bundle", headers={"If-None-Match": tags}).status_code


@pytest.mark.parametrize(
    ("tags", "status"),
    [(ETAG, 206), ("*", 206), (f'"a", {ETAG}', 206), (f"W/{ETAG}", 412), ('"other"', 412), ("", 412)],
)
def test_other_bytes_than_those_that_are_wanted_are_not_sent(client: Client, tags: str, status: int) -> None:
    answer = get(client, If_Match=tags, Range="bytes=0-0")
    assert (status, DATA[:1] if status == 206 else b"") == (answer.status_code, answer.content)


# What the store does


def test_a_bundle_of_another_size_than_its_record_says_is_not_sent(tmp_path: Path) -> None:
    sent = in_folder(tmp_path, DATA)
    sent.packed = packed_of(sent.packed.sha256, SIZE + 1)
    with answering(sending(sent)) as url, Client(base_url=url) as client:
        assert 500 == get(client).status_code  # the portal itself says it in its own words


def connected(url: str) -> socket.socket:
    """A connection to a server."""
    return socket.create_connection(("127.0.0.1", int(url.rpartition(":")[2])))


def test_bytes_that_the_disk_does_not_give_cut_the_connection(tmp_path: Path) -> None:
    sent = in_folder(tmp_path, bytes(30 * CHUNK))
    with (
        answering(sending(sent)) as url,
        connected(url) as it,
    ):
        it.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 14)
        it.sendall(b"GET /bundle HTTP/1.1\r\nHost: x\r\n\r\n")
        it.recv(100)
        os.truncate(tmp_path / KEY, CHUNK)  # as a disk that fails
        received = sum(iter(lambda: len(it.recv(1 << 16)), 0))
    assert 0 < received < 30 * CHUNK


def open_bundles() -> int:
    """How often this process, which is the server too, has the bundle open."""
    found = 0
    for one in Path("/proc/self/fd").iterdir():
        with suppress(FileNotFoundError):  # closed meanwhile
            found += str(one.readlink()).endswith(KEY)
    return found


def in_time(expected: int) -> int:
    """How many are open, once they are as many as expected or half a minute has gone by."""
    until = time.monotonic() + 30
    while open_bundles() != expected and time.monotonic() < until:
        time.sleep(0.01)
    return open_bundles()


def test_a_client_that_goes_away_leaves_nothing_open(tmp_path: Path) -> None:
    with answering(sending(in_folder(tmp_path, bytes(200 * CHUNK)))) as url:
        with ExitStack() as clients:
            for _ in range(20):
                one = clients.enter_context(connected(url))
                one.sendall(b"GET /bundle HTTP/1.1\r\nHost: x\r\n\r\n")
                one.recv(100)
            assert 20 == in_time(20)
        assert 0 == in_time(0)


@given(st.floats(0.1, 30), st.integers(0, 150))
def test_who_may_not_have_the_rest_any_more_is_cut_off_in_time(seconds: float, may: int) -> None:
    """A client that takes a piece in so many seconds, and that may have only so many of a hundred."""
    sent: list[bytes] = []
    allowed = while_allowed((b"x" for _ in range(100)), lambda: len(sent) < may, lambda: len(sent) * seconds)
    with suppress(NoLonger):
        for piece in allowed:
            sent.append(piece)
    assert min(may, 100) <= len(sent) <= min(may + LOOK_AGAIN / seconds + 1, 100)


# From S3


@pytest.fixture(scope="module")
def on_s3(seaweed: Seaweed) -> Iterator[tuple[Client, Sent]]:
    """A client of a server whose store is S3."""
    store = seaweed.new_store()
    sent = Sent(store, put(store, DATA * 12))
    with answering(sending(sent)) as url, Client(base_url=url) as client:
        yield client, sent


def test_from_s3_any_part_passes_through(on_s3: tuple[Client, Sent]) -> None:
    client, _ = on_s3
    data = DATA * 12
    assert data == get(client).content
    for start, stop in ((0, 1), (1_000_000, 2_200_000), (len(data) - 1, len(data))):
        assert data[start:stop] == get(client, Range=f"bytes={start}-{stop - 1}").content


def test_clients_that_reach_s3_get_a_short_lived_link_with_the_name_and_without_a_secret(
    on_s3: tuple[Client, Sent], seaweed: Seaweed
) -> None:
    client, sent = on_s3
    sent.direct = seaweed.url
    try:
        answer = get(client, Range="bytes=5-9")
        assert (307, b"", f'"{sent.packed.sha256}"') == (
            answer.status_code,
            answer.content,
            answer.headers["etag"],
        )
        assert 416 == get(client, Range="bytes=9999999-").status_code
        assert 304 == get(client, If_None_Match=f'"{sent.packed.sha256}"').status_code
        head = client.head("/bundle")
    finally:
        sent.direct = ""
    link = answer.headers["location"]
    assert link.startswith(f"{seaweed.url}/")
    assert f"X-Amz-Expires={LINK_SECONDS}" in link
    assert SECRET not in link
    with Client() as other:
        there = other.get(link, headers={"Range": "bytes=5-9"})
        assert (206, DATA[5:10]) == (there.status_code, there.content)
        assert (get(client, Range="bytes=0-0").headers["content-disposition"], "application/zip") == (
            there.headers["content-disposition"],
            there.headers["content-type"],
        )
        assert 403 == other.get(link.replace("X-Amz-Expires=60", "X-Amz-Expires=6000")).status_code
        assert 403 == other.get(link.partition("?")[0]).status_code
    assert (200, str(sent.packed.bytes)) == (head.status_code, head.headers["content-length"])


def test_our_client_follows_the_link_and_goes_on_with_a_new_one(seaweed: Seaweed, tmp_path: Path) -> None:
    store = seaweed.new_store()
    sent = Sent(store, put(store, bag(3 << 20)), seaweed.url)
    with answering(sending(sent)) as url, Portal(PortalAddress(url, ""), "any") as ours:
        offer, half = ask(ours, print), sent.packed.bytes // 2
        piece_of(offer, tmp_path).write_bytes(store.read(KEY)[:half])
        there: list[int] = []
        path = fetch_bundle(ours, offer, tmp_path, there.append, print)
    assert half == there[0]
    assert sent.packed.sha256 == digest(path.read_bytes())
