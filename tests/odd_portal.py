"""A portal that behaves as networks, proxies and strangers do: each request for the bundle meets the next oddity.

It speaks the interface of the real one, `GET /api/bundle` and the bundle with its ranges, and writes down what it
was asked.
"""

import json
import re
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import Message
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from gradphoto.adapters.store import digest

TOKEN = "the-token-of-this-test"


@dataclass
class OddPortal:
    """What it offers, and what befalls the next requests for it: see `_Handler.bundle`."""

    data: bytes
    oddities: list[str] = field(default_factory=list)
    offers: list[tuple[int, Any]] = field(default_factory=list)
    """Answers of `/api/bundle` that come before the usual one."""
    asked: list[tuple[str, Message]] = field(default_factory=list)
    url: str = ""

    def offer(self, **other: Any) -> dict[str, Any]:
        """What is offered, or something like it."""
        own = {"centre": "guyuan", "version": 3, "sha256": digest(self.data), "bytes": len(self.data)}
        return {**own, "path": "/bundles/guyuan/3", **other}

    def ranges(self) -> list[str | None]:
        """The Range of each request for the bundle."""
        return [headers["range"] for path, headers in self.asked if path != "/api/bundle"]


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    portal: OddPortal

    def handle_error(self, *_: object) -> None:
        """A client that goes away is meant."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server

    def do_GET(self) -> None:
        portal = self.server.portal
        portal.asked.append((self.path, self.headers))
        if self.path != "/api/bundle":
            self.bundle(portal, portal.oddities.pop(0) if portal.oddities else "")
        elif portal.offers:
            self.reply(*portal.offers.pop(0))
        elif self.headers["authorization"] != f"Bearer {TOKEN}":
            self.reply(401, {"problem": "x"})
        else:
            self.reply(200, portal.offer())

    def bundle(self, portal: OddPortal, oddity: str) -> None:
        """`cut N`, `status N`, `to URL`, `whole`, `spoiled`, `more`, `shifted`; else as it should be."""
        kind, _, what = oddity.partition(" ")
        said = re.fullmatch("bytes=([0-9]+)-", self.headers["range"] or "")
        start = int(said[1]) if said and kind != "whole" else 0
        body, size = portal.data[start:], len(portal.data)
        if kind in ("status", "to"):
            self.send_response(int(what) if kind == "status" else 307)
            self.send_header("Retry-After", "0") if kind == "status" else self.send_header("Location", what)
            self.send_header("Content-Length", "0")
            self.end_headers()
            return
        body = {"spoiled": bytes([body[0] ^ 1]) + body[1:], "more": body + bytes(1 << 20)}.get(kind, body)
        shift = kind == "shifted"
        self.send_response(206 if start else 200)
        self.send_header("Content-Length", str(len(body)))
        if start:
            self.send_header("Content-Range", f"bytes {start + shift}-{size - 1}/{size}")
        self.end_headers()
        self.wfile.write(body[: int(what)] if kind == "cut" else body)
        self.close_connection = kind == "cut"

    def reply(self, status: int, said: Any) -> None:
        """One JSON document, or bytes as they are."""
        body = said if isinstance(said, bytes) else json.dumps(said).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Nothing is logged."""


@contextmanager
def odd_portal(data: bytes, *oddities: str, certificate: Path | None = None) -> Iterator[OddPortal]:
    """One on a free port; with a certificate (and its key in the same file) behind TLS."""
    server = _Server(("127.0.0.1", 0), _Handler)
    server.portal = OddPortal(data, list(oddities))
    if certificate:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
        server.socket = context.wrap_socket(server.socket, server_side=True)
    server.portal.url = f"http{'s' if certificate else ''}://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield server.portal
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
