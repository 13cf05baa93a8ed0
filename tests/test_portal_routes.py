"""Who gets what from the portal: every route of the application for every role, guesses, nonsense, and a recall.

The routes are taken from the application itself, so a new one fails here until somebody says whose it is.
"""

import http.client
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest
import schemathesis
from fastapi.routing import iter_route_contexts
from httpx import Client, Response
from hypothesis import given, settings
from starlette.routing import Mount

from cli.workspace import Workspace
from config.bad_input import BadInput
from gradphoto.adapters.fetch_bundle import Patience
from gradphoto.adapters.portal_client import Portal
from gradphoto.downloads import downloads
from gradphoto.invites import OPERATOR
from gradphoto.packed import Packed, newest
from gradphoto.portal_offer import PortalAddress
from gradphoto.stages.decide import take_decision
from gradphoto.stages.fetch import ask, fetch_bundle
from gradphoto.stages.invites import make_invite, revoke_invites
from gradphoto.stages.recall import recalling
from portal.site import Site, portal_site
from tests.pages import answering
from tests.portal_place import ZONE, allow
from tests.small_night import ANNA, BOB, DORA, EMIL, build, run, small

A, B = "guyuan", "longde"
STUDENTS = {A: (ANNA, BOB), B: (DORA, EMIL)}
ROLES = ("nobody", A, B, "operator", "expired", "revoked")
SEAT = "gradphoto-seat"
EVERYBODY, SIGNED_IN, CENTRES = frozenset(ROLES), frozenset({A, B, "operator"}), frozenset({A, B})
OFFICE, OWN = frozenset({"operator"}), frozenset({"operator", "{centre}"})
"""`{centre}` is the centre that an address names."""

MAY = {
    ("GET", "/"): EVERYBODY,
    ("GET", "/enter"): EVERYBODY,
    ("POST", "/enter"): EVERYBODY,
    ("POST", "/leave"): SIGNED_IN,
    ("*", "/static"): EVERYBODY,
    ("GET", "/bundles/{centre}/{version}"): OWN,
    ("HEAD", "/bundles/{centre}/{version}"): OWN,
    ("GET", "/api/bundle"): OWN,
    ("GET", "/centre"): CENTRES,
    ("GET", "/centre/again"): CENTRES,
    ("GET", "/centre/students"): CENTRES,
    ("GET", "/centre/address"): CENTRES,
    ("POST", "/centre/address"): CENTRES,
    ("GET", "/office"): OFFICE,
    ("GET", "/office/centres/{centre}"): OFFICE,
    ("POST", "/office/centres/{centre}/electronic"): OFFICE,
    ("POST", "/office/centres/{centre}/rerun"): OFFICE,
    ("POST", "/office/centres/{centre}/invite"): OFFICE,
    ("GET", "/office/invites"): OFFICE,
    ("POST", "/office/invites"): OFFICE,
    ("POST", "/office/invites/{number}/revoke"): OFFICE,
    ("GET", "/office/sessions"): OFFICE,
    ("GET", "/office/runs"): OFFICE,
    ("GET", "/office/runs/{number}"): OFFICE,
    ("GET", "/office/pages/"): OFFICE,
    ("GET", "/office/pages/api/pending"): OFFICE,
    ("POST", "/office/pages/api/decisions"): OFFICE,
    ("POST", "/office/pages/api/students"): OFFICE,
    ("GET", "/office/pages/pictures/{size}/{sha256}"): OFFICE,
    ("GET", "/office/pages/gallery"): OFFICE,
    ("GET", "/office/pages/gallery/{centre}"): OFFICE,
    ("GET", "/office/pages/api/gallery/{centre}"): OFFICE,
    ("POST", "/office/pages/api/gallery/{centre}/seen"): OFFICE,
    ("GET", "/office/pages/portraits/{source}"): OFFICE,
    ("*", "/office/pages/static"): OFFICE,
}
"""Whose each route is; of a mount any method."""


@dataclass
class House:
    """A portal after a night, and a seat and a token for each role."""

    place: Workspace
    site: Site
    url: str
    now: datetime = field(default_factory=lambda: datetime.now(ZONE))
    seats: dict[str, str] = field(default_factory=dict)
    tokens: dict[str, str] = field(default_factory=dict)

    def bundle(self, centre: str) -> Packed:
        packed = newest(self.place.store, centre)
        assert packed
        return packed

    def secrets(self, centre: str) -> list[bytes]:
        """What of a centre is nobody else's: people, addresses, pieces of each picture, tagged or not."""
        packed = self.bundle(centre)
        data = self.place.store.read(packed.path)
        with ZipFile(BytesIO(data)) as archive:
            portraits = [archive.read(name) for name in archive.namelist() if name.endswith(".jpg")]
        people = [text.encode() for one in STUDENTS[centre] for text in (one.name, one.student_no)]
        pictures = [data[at : at + 24] for data in portraits for at in range(2000, len(data) - 24, 4000)]
        address = self.place.season.inputs.addresses[centre]
        return [*people, *pictures, address.phone.encode(), packed.sha256.encode(), data[-200:-160]]

    def ask(self, client: Client, role: str, method: str, path: str, **headers: str) -> Response:
        """A request with the seat of a role."""
        seat = {"Cookie": f"{SEAT}={self.seats[role]}"} if role in self.seats else {}
        return client.request(method, path, headers={**seat, **headers})


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    folder = tmp_path_factory.mktemp("routes")
    build(folder, small())
    mailing = folder / "mailing.csv"
    mailing.write_bytes(mailing.read_bytes().replace("否".encode(), "是".encode()))
    run(folder)
    place = Workspace(folder)
    for centre in (A, B):
        allow(place, centre)
    now = [datetime.now(ZONE)]
    site = portal_site(place, lambda: now[0], "操作员", "")
    with answering(site.app) as url:
        house = House(place, site, url)
        _take_seats(house, now)
        yield house


def _take_seats(house: House, now: list[datetime]) -> None:
    for role in ROLES[1:]:
        days, centre = 1, {"operator": OPERATOR}.get(role, role if role in STUDENTS else A)
        now[0] = house.now - timedelta(days=2 if role == "expired" else 0)
        invite, house.tokens[role] = make_invite(house.place.store, centre, days, now[0])
        admitted = house.site.gate.admits(house.tokens[role])
        assert admitted
        house.seats[role] = house.site.gate.sit(admitted)
        if role == "revoked":
            revoke_invites(house.place.store, [invite.number], now[0])
    now[0] = house.now


@pytest.fixture(scope="module")
def client(house: House) -> Iterator[Client]:
    with Client(base_url=house.url, timeout=60) as client:
        yield client


def whole(answer: Response) -> tuple[int, bytes, list[tuple[str, str]]]:
    """Every byte of an answer but for what o'clock it is."""
    return answer.status_code, answer.content, [one for one in answer.headers.multi_items() if one[0] != "date"]


def nothing(client: Client) -> tuple[int, bytes, list[tuple[str, str]]]:
    """What somebody unknown gets who asks for what does not exist."""
    return whole(client.get("/no/such/page"))


def routes(site: Site) -> list[tuple[str, str]]:
    """Method and pattern of every route that the application has, whatever it is included by."""
    found = [(method, one.path) for one in iter_route_contexts(site.routes.routes) for method in one.methods or ()]
    return found + [("*", one.path) for one in site.routes.routes if isinstance(one, Mount)]


def address_of(house: House, pattern: str, centre: str) -> str:
    """An address that the pattern meets and that names things of this centre which are there."""
    delivery = house.bundle(centre).deliveries[0]
    named = {"centre": centre, "version": "1", "number": "1", "size": "small", "sha256": delivery.source_sha256}
    path = re.sub(r"\{(\w+)[^}]*\}", lambda it: {**named, "source": delivery.source_sha256}[it[1]], pattern)
    more = {"/static": "/portal.css", "/office/pages/static": "/pages.css", "/api/bundle": f"?centre={centre}"}
    return path + more.get(pattern, "")


# Every route, every role


def test_of_every_route_it_is_said_whose_it_is(house: House) -> None:
    assert sorted(MAY) == sorted(routes(house.site))


@pytest.mark.parametrize("centre", [A, B])
@pytest.mark.parametrize("role", ROLES)
def test_each_gets_its_own_and_of_everything_else_the_same_nothing(
    house: House, client: Client, role: str, centre: str
) -> None:
    """And no answer to anybody but the operator and the centre itself holds a byte of the centre's."""
    secrets, absent = house.secrets(centre), nothing(client)
    for (method, pattern), may in MAY.items():
        path = address_of(house, pattern, centre)
        answer = house.ask(client, role, "GET" if method == "*" else method, path)
        if role in may or (role == centre and "{centre}" in may):
            assert answer.status_code not in (401, 404, 405, 500, 503), (role, method, path)
        elif method == "HEAD":
            assert (absent[0], absent[2]) == (answer.status_code, whole(answer)[2]), (role, path)
        else:
            assert absent == whole(answer), (role, method, path)
        if role not in (centre, "operator"):
            assert [] == [secret for secret in secrets if secret in answer.content], (role, path)


@pytest.mark.parametrize("role", ["expired", "revoked"])
def test_a_link_that_is_over_admits_nobody_and_says_the_same_of_everything(
    house: House, client: Client, role: str
) -> None:
    said = {
        whole(client.get(path, headers={"Authorization": f"Bearer {house.tokens[role]}"}))[:2]
        for path in ("/api/bundle", f"/bundles/{A}/1", f"/bundles/{B}/1", "/no/such/page")
    }
    assert {401} == {status for status, _ in said}
    assert 1 == len(said)


@pytest.mark.parametrize("role", [A, B, "operator"])
def test_a_token_in_a_header_fetches_bundles_and_nothing_else(house: House, client: Client, role: str) -> None:
    absent = nothing(client)
    for (method, pattern), may in MAY.items():
        if method == "GET" and "/bundle" not in pattern and may != EVERYBODY:
            headers = {"Authorization": f"Bearer {house.tokens[role]}"}
            assert absent == whole(client.get(address_of(house, pattern, A), headers=headers)), pattern
    for centre in (A, B):
        answer = client.get(f"/bundles/{centre}/1", headers={"Authorization": f"Bearer {house.tokens[role]}"})
        allowed = role in (centre, "operator")
        assert (200, house.place.store.read(house.bundle(centre).path)) == (
            answer.status_code, answer.content
        ) if allowed else whole(answer) == absent  # fmt: skip


def test_what_is_offered_to_a_token_is_its_own_bundle(house: House, client: Client) -> None:
    packed = house.bundle(A)
    answer = client.get("/api/bundle", headers={"Authorization": f"Bearer {house.tokens[A]}"})
    assert {
        "centre": A,
        "version": 1,
        "sha256": packed.sha256,
        "bytes": packed.bytes,
        "path": f"/bundles/{A}/1",
    } == answer.json()


# Guesses


@pytest.mark.parametrize(
    "path",
    [
        "/bundles/longde/1", "/bundles/../bundles/longde/1", "/bundles/guyuan/../longde/1", "/bundles/guyuan/2",
        "/bundles/guyuan%2f..%2flongde/1", "/bundles/guyuan/..%2f..%2flongde%2f1", "/bundles/guyuan/01",
        "/bundles//1",
        "/bundles/guyuan/0", "/bundles/guyuan/-1", "/bundles/guyuan/1e0", "/bundles/guyuan/%EF%BC%91",
        "/bundles/guyuan/1/", "/bundles/guyuan/1.zip", "/bundles/guyuan/" + "9" * 400, "/bundles/GUYUAN/1",
        "/bundles/guyuan/1%00", "/bundles/%2e%2e/%2e%2e/gradphoto.toml", "/bundles/*/1",
        "/bundles/guyuan ,longde/1",
        "/static/../../gradphoto.toml", "/static/%2e%2e/%2e%2e/store/invites/000001.jsonl", "/static//etc/passwd",
        "/static/..%5c..%5cgradphoto.toml", "//bundles/longde/1", "/./bundles/longde/1",
        "/api/bundle?centre=longde",
        "/api/bundle?centre=../longde", "/centre/../office", "/office", "/office/centres/guyuan", "/centre/longde",
        "/openapi.json", "/docs", "/.portal/key", "/portal-access.jsonl", "/%",
    ],
)  # fmt: skip
def test_nobody_gets_to_anything_by_an_address_that_is_none(house: House, client: Client, path: str) -> None:
    """As a centre that is signed in; the path goes out as it stands, as no browser would send it."""
    connection = http.client.HTTPConnection(house.url.removeprefix("http://"), timeout=60)
    connection.putrequest("GET", "/", skip_host=True, skip_accept_encoding=True)
    connection._buffer[0] = f"GET {path.replace(' ', '%20')} HTTP/1.1".encode("latin-1")  # type: ignore[attr-defined]
    for name, value in {"Host": "x", "Cookie": f"{SEAT}={house.seats[A]}"}.items():
        connection.putheader(name, value)
    connection.endheaders()
    answer = connection.getresponse()
    body = answer.read()
    connection.close()
    absent = nothing(client)
    assert (404, absent[1]) == (answer.status, body)
    assert absent[2] == [(name.lower(), value) for name, value in answer.getheaders() if name.lower() != "date"]


@pytest.mark.parametrize("said", ["bytes=99999999999999999999999-", "bytes=" + "9" * 5000 + "-", "bytes=-0"])
def test_a_huge_range_is_said_to_be_none(house: House, client: Client, said: str) -> None:
    answer = house.ask(client, A, "GET", f"/bundles/{A}/1", Range=said)
    assert (416, b"", f"bytes */{house.bundle(A).bytes}") == (
        answer.status_code, answer.content, answer.headers["content-range"]
    )  # fmt: skip


def test_who_guesses_tokens_has_to_wait_and_who_is_signed_in_has_not(house: House) -> None:
    clock = [0.0]
    site = portal_site(house.place, lambda: house.now, "操作员", "", lambda: clock[0])
    with answering(site.app) as url, Client(base_url=url) as client:

        def guess(token: str) -> Response:
            return client.get("/api/bundle", headers={"Authorization": f"Bearer {token}"})

        statuses = [guess(f"guess-{number}").status_code for number in range(40)]
        assert ([401] * 10, [429] * 30) == (statuses[:10], statuses[10:])
        refused = guess(house.tokens[A])
        assert 429 == refused.status_code  # a right guess is not told from a wrong one
        assert 200 == client.get("/centre", headers={"Cookie": f"{SEAT}={house.seats[A]}"}).status_code
        clock[0] += float(refused.headers["retry-after"])
        assert 200 == guess(house.tokens[A]).status_code


# Nonsense


@pytest.mark.parametrize("mode", list(schemathesis.GenerationMode))
def test_nothing_that_anybody_sends_is_too_much_for_it(
    house: House, mode: schemathesis.GenerationMode, amount: Callable[[int, int], int]
) -> None:
    """As the application's own schema allows and as it does not, for every route and role."""
    schema = schemathesis.openapi.from_dict(house.site.routes.openapi())
    for found in schema.get_all_operations():
        operation = found.ok()

        @settings(max_examples=amount(2, 100), deadline=None, database=None)
        @given(case=operation.as_strategy(generation_mode=mode))
        def nonsense(case: schemathesis.Case) -> None:
            for token in (None, house.tokens[A], house.site.gate.start_token):
                answer = case.call(base_url=house.url, headers=_seated(house, case, token), allow_redirects=False)
                assert answer.status_code < 500, (case.method, case.path, case.body)

        if mode is schemathesis.GenerationMode.POSITIVE or len(operation.body):  # any text is a right address
            nonsense()


def _seated(house: House, case: schemathesis.Case, token: str | None) -> dict[str, str]:
    """Headers of a new seat, for one may leave it; the case's form gets the word that its page gives it."""
    admitted = token and house.site.gate.admits(token)
    if not admitted:
        return {"Origin": house.url}
    seat = house.site.gate.sit(admitted)
    if isinstance(case.body, dict) and "form" in case.body:
        case.body["form"] = house.site.gate.seats.form(seat.split(".")[2])
    return {"Origin": house.url, "Cookie": f"{SEAT}={seat}"}


# A recall; last, for it changes what the others rely on


def recall(folder: Path, student_no: str) -> None:
    """As the command does it, without a server for the run: the decision, then a version without the picture."""
    place = Workspace(folder)
    what = recalling(place.store, place.season, student_no, "不是本人").what
    take_decision(place.store, "操作员", place.now, after=0, **what)
    run(folder, centres=[A])


def test_a_recalled_version_cannot_be_fetched_nor_gone_on_with(
    house: House, client: Client, tmp_path: Path
) -> None:
    before = house.bundle(A)
    half = before.bytes // 2
    fetched = house.ask(client, A, "GET", f"/bundles/{A}/1", Range=f"bytes=0-{half - 1}")
    assert (206, half) == (fetched.status_code, len(fetched.content))
    with Portal(PortalAddress(house.url, ""), house.tokens[A]) as ours:
        offer = ask(ours, print)
        asked: list[int] = []

        def hear(there: int) -> None:
            asked.append(there)
            if len(asked) == 2:
                recall(house.place.folder, ANNA.student_no)
                raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            fetch_bundle(ours, offer, tmp_path, hear, print, Patience(2, 0, 0))
        (part,) = tmp_path.iterdir()
        assert 0 < part.stat().st_size
        with pytest.raises(BadInput, match=r"已停止下载，已下载的部分已删除：请再运行一次，下载第 2 版"):
            fetch_bundle(ours, offer, tmp_path, lambda _: None, print, Patience(2, 0, 0))
        assert [] == list(tmp_path.iterdir())
        newer = fetch_bundle(ours, ask(ours, print), tmp_path, lambda _: None, print)
    assert house.bundle(A).sha256 != before.sha256
    assert house.place.store.read(house.bundle(A).path) == newer.read_bytes()
    rest = {"Range": f"bytes={half}-", "If-Range": f'"{before.sha256}"'}
    secrets = [before.sha256.encode(), house.place.store.read(before.path)[half : half + 40]]
    for role in ROLES:
        for method, headers in (("GET", {}), ("GET", rest), ("HEAD", {})):
            answer = house.ask(client, role, method, f"/bundles/{A}/1", **headers)
            assert answer.status_code in (404, 409), (role, method)
            assert not any(secret in answer.content for secret in secrets)
    left = [(one.centre, one.version) for one in downloads(house.place.store)]
    assert ({(A, 1), (A, 2)}, 1) == (set(left) - {(B, 1)}, left.count((A, 2)))
