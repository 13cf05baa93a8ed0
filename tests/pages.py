"""The operator's pages as somebody uses them: the program serves them, and a real browser opens them."""

import json
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from threading import Thread
from urllib.parse import urlsplit

import pytest
import uvicorn
from playwright.sync_api import Browser, Page, sync_playwright
from starlette.types import ASGIApp

from gradphoto.demo.plan import Card, Day, Plan, Roster, Sitting, Slate, in_turn
from gradphoto.demo.students import people
from tests.small_night import ANNA, BOB, CARL, DORA, EMIL, FAY, GUYUAN

ROOT = Path(__file__).parents[1]
CHROMIUM = shutil.which("chromium") or ""
needs_chromium = pytest.mark.skipif(not CHROMIUM, reason="needs chromium")
_QUIET = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
)  # fmt: skip
PATIENCE = 300_000
"""Milliseconds after which a page is taken for broken, however busy the machine is."""
GINA, HUGO, IRIS, JACK = people("guyuan", 7)[3:]
LOST = Slate(share=0.4, blur=4, glare=1, readable=False)


def doubtful() -> Plan:
    """A card for a person: Carl's slate unreadable, Gina tilted, Hugo's slate forgotten, Iris turned."""
    sittings = in_turn(
        datetime(2023, 7, 3, 9, 0),
        Sitting(ANNA, 3),
        Sitting(BOB, 4),
        Sitting(CARL, 20, LOST),
        Sitting(GINA, 1, held="tilted"),
        Sitting(DORA, 5),
        Sitting(HUGO, 24, None),
        Sitting(IRIS, 16, held="turned"),
        Sitting(EMIL, 7),
    )
    roster = Roster("名册.csv", (ANNA, BOB, CARL, DORA, EMIL, FAY, GINA, HUGO, IRIS, JACK))
    return Plan((roster,), (Day(GUYUAN, (Card(sittings),)),))


@contextmanager
def served(folder: Path, *arguments: str) -> Iterator[str]:
    """The program serving a workspace's pages; their address without the last slash."""
    command = [sys.executable, "-c", "from cli.main import main; main()", "review", "serve", *arguments]
    command += ["--json", "--workspace", str(folder)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, encoding="utf-8") as program:
        try:
            assert program.stdout
            said = "".join(iter(program.stdout.readline, "}\n")) + "}"
            yield json.loads(said)["url"].rstrip("/")
        finally:
            program.terminate()


@contextmanager
def chromium(*more: str) -> Iterator[Browser]:
    """The system's browser, with more words on its command line."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=[*_QUIET, *more], timeout=PATIENCE)
        yield browser
        browser.close()


@contextmanager
def answering(app: ASGIApp) -> Iterator[str]:
    """An application on a real socket of this machine; its address."""
    bound = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(app, log_level="error"))
    thread = Thread(target=server.run, kwargs={"sockets": [bound]})
    thread.start()
    try:
        yield f"http://127.0.0.1:{bound.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join()


def until(page: Page, expression: str) -> None:
    """Wait for something to be so; the page's own policy keeps Playwright from waiting within it."""
    while not page.evaluate(expression):
        page.wait_for_timeout(20)


class Asked:
    """What a page asked for and what it complained of."""

    def __init__(self, page: Page) -> None:
        self.hosts: set[str | None] = set()
        self.addresses: list[str] = []
        self.complaints: list[str] = []
        page.on("request", lambda request: self._heard(request.url))
        page.on("console", lambda line: self.complaints.append(line.text) if line.type == "error" else None)
        page.on("pageerror", lambda trouble: self.complaints.append(str(trouble)))

    def _heard(self, url: str) -> None:
        if not url.startswith("blob:"):
            self.hosts.add(urlsplit(url).hostname)
            self.addresses.append(url)


def opened(browser: Browser, url: str, width: int = 1280, height: int = 800) -> tuple[Page, Asked]:
    """A page, and what it asks for."""
    page = browser.new_page(viewport={"width": width, "height": height})
    page.set_default_timeout(PATIENCE)
    asked = Asked(page)
    page.goto(url)
    return page, asked
