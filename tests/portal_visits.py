"""The portal on a real socket, and people who sign in there without a browser."""

import json
import re
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Thread
from typing import Any

import uvicorn
from httpx import Client, Response

from gradphoto.adapters.store import Store
from gradphoto.addresses import AddressSaid
from gradphoto.invites import OPERATOR
from gradphoto.stages.addresses import confirm_electronic, say_address
from gradphoto.stages.invites import make_invite
from gradphoto.stages.place import Place
from gradphoto.stages.snapshot import load_inputs, newest_snapshot
from portal.run import quiet
from portal.site import Site, portal_site


@dataclass
class Clock:
    """A clock that a test sets; it goes on by itself by nothing."""

    at: datetime = field(default_factory=lambda: datetime(2023, 8, 1, 9, 0, tzinfo=UTC))

    def __call__(self) -> datetime:
        return self.at

    def later(self, **much: float) -> None:
        self.at += timedelta(**much)

    @property
    def seconds(self) -> float:
        """The same as `time.monotonic` says it."""
        return self.at.timestamp()


@dataclass
class Portal:
    """One that is open."""

    url: str
    site: Site
    place: Place
    clock: Clock

    @property
    def store(self) -> Store:
        return self.place.store

    def token(self, centre: str = OPERATOR, days: int = 30) -> str:
        """Of a new invite."""
        return make_invite(self.store, centre, days, self.clock())[1]

    @contextmanager
    def visitor(self, token: str = "", **headers: str) -> Iterator[Client]:
        """Somebody who has signed in, or with no token somebody who has not."""
        with Client(base_url=self.url, headers=headers, timeout=60) as client:
            if token:
                answer = sign_in(client, token)
                assert (303, "/") == (answer.status_code, answer.headers["location"]), answer.text
            yield client

    @property
    def lines(self) -> list[dict[str, Any]]:
        """The access log."""
        text = (self.place.folder / "portal-access.jsonl").read_text(encoding="utf-8")
        return [json.loads(line) for line in text.splitlines()]


@contextmanager
def opened_portal(folder: Path, clock: Clock | None = None, url: str = "") -> Iterator[Portal]:
    """The portal of a workspace, as its command serves it."""
    place, now = Place(folder), clock or Clock()
    site = portal_site(place, now, "操作员", url, clock=lambda: now.seconds)
    bound = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(quiet(site.app))
    thread = Thread(target=server.run, kwargs={"sockets": [bound]})
    thread.start()
    try:
        yield Portal(f"http://127.0.0.1:{bound.getsockname()[1]}", site, place, now)
    finally:
        server.should_exit = True
        thread.join()


def sign_in(client: Client, token: str) -> Response:
    """Post the sign-in form as a browser does."""
    return client.post("/enter", data={"token": token, "form": form_of(client.get("/enter"))})


def post(client: Client, page: str, to: str = "", **fields: str) -> Response:
    """Post a form of a page, to that page or elsewhere."""
    return client.post(to or page, data={"form": form_of(client.get(page)), **fields})


def form_of(page: Response) -> str:
    """What the forms of a page carry."""
    found = re.search(r'name="form" value="([^"]+)"', page.text)
    assert found, page.text
    return found[1]


def wants_files(store: Store, centre: str, confirmed: bool = True) -> None:
    """A centre that asked for electronic data, and whether the operator confirmed that."""
    said = AddressSaid(
        centre=centre,
        contact="示例收件人",
        phone="0951-2967052",
        address="宁夏固原市原州区示例路2号",
        electronic=True,
        signature="示例签名",
        way="operator",
        who="操作员",
    )
    inputs = load_inputs(store, newest_snapshot(store))
    say_address(store, inputs, said)
    if confirmed:
        confirm_electronic(store, centre, "操作员", "", True, inputs)
