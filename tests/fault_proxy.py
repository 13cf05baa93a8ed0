"""A proxy that stands before a real S3 service and spoils what passes, as networks and busy services do.

What befalls a request follows from the seed, the request and how often it came, so threads change nothing.
"""

import hashlib
import http.client
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import NamedTuple
from urllib.parse import urlsplit

Oss = Callable[[str], bool]

_OF_THE_WAY = ("connection", "expect", "transfer-encoding")
"""Headers of one connection, not of the message."""

NOT_IMPLEMENTED = b"<Error><Code>NotImplemented</Code><Header>If-None-Match</Header></Error>"
SLOW_DOWN = b"<Error><Code>SlowDown</Code><Message>Please reduce your request rate.</Message></Error>"
EXISTS = b"<Error><Code>FileAlreadyExists</Code></Error>"


class Answer(NamedTuple):
    """What comes back for a request."""

    status: int
    headers: list[tuple[str, str]]
    body: bytes


@dataclass
class Faults:
    """Shares of the requests, and what befalls them; what is left over passes."""

    busy: float = 0.0
    """Answered 503 without any effect."""
    dropped: float = 0.0
    """The connection is closed before anything took effect."""
    lost: float = 0.0
    """It takes effect and the reply never comes."""
    late: float = 0.0
    """It takes effect and the reply comes after `delay` seconds."""
    torn: float = 0.0
    """The reply breaks off half-way."""
    spoiled: float = 0.0
    """A byte is another one when it arrives: of what was sent, or of what was asked for."""
    delay: float = 0.0
    seed: int = 1
    happened: Counter[str] = field(default_factory=Counter)
    _came: Counter[str] = field(default_factory=Counter)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def next_for(self, request: str) -> str:
        """The name of the fault that befalls this request now; empty when none does."""
        with self._lock:
            self._came[request] += 1
            drawn = _drawn(f"{self.seed} {self._came[request]} {request}")
            for fault in ("busy", "dropped", "lost", "late", "torn", "spoiled"):
                drawn -= getattr(self, fault)
                if drawn < 0:
                    self.happened[fault] += 1
                    return fault
            return ""


def _drawn(text: str) -> float:
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:6], "big") / (1 << 48)


def _spoiled(data: bytes) -> bytes:
    return bytes([data[0] ^ 1]) + data[1:] if data else data


class _Proxy(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def __init__(
        self, behind: str, faults: Faults, oss: Oss | None, handler: type[BaseHTTPRequestHandler] | None = None
    ) -> None:
        super().__init__(("127.0.0.1", 0), handler or _Handler)
        self.behind, self.faults, self.oss = urlsplit(behind).netloc, faults, oss
        self.one_at_a_time = threading.Lock()

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that did not wait for a late reply is meant; all else is shown."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)  # type: ignore[arg-type]


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Proxy

    def do(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        fault = self.server.faults.next_for(f"{self.command} {self.path}")
        if fault == "dropped":
            self.close_connection = True
            return
        if fault == "busy":
            self._reply(Answer(503, [("Content-Type", "application/xml")], SLOW_DOWN))
            return
        answer = self._answer(_spoiled(body) if fault == "spoiled" else body)
        if fault == "spoiled" and self.command == "GET":
            answer = answer._replace(body=_spoiled(answer.body))
        self._give_back(answer, fault)

    do_GET = do_PUT = do_HEAD = do_POST = do_DELETE = do  # noqa: N815

    def log_message(self, *_: object) -> None:
        """Nothing is logged."""

    def _give_back(self, answer: Answer, fault: str) -> None:
        if fault == "lost":
            self.close_connection = True
            return
        if fault == "late":
            time.sleep(self.server.faults.delay)
        self._reply(answer, torn=fault == "torn")

    def _answer(self, body: bytes) -> Answer:
        if not self.server.oss:
            return self._forward(self.command, body)
        if self.headers.get("If-None-Match"):
            return Answer(400, [], NOT_IMPLEMENTED)
        if not self.headers.get("x-oss-forbid-overwrite"):
            return self._forward(self.command, body)
        with self.server.one_at_a_time:
            taken = self.server.oss(urlsplit(self.path).path)
            return Answer(409, [], EXISTS) if taken else self._forward(self.command, body)

    def _forward(self, method: str, body: bytes) -> Answer:
        connection = http.client.HTTPConnection(self.server.behind, timeout=60)
        try:
            connection.putrequest(method, self.path, skip_host=True, skip_accept_encoding=True)
            for name, value in self.headers.items():
                if name.lower() not in _OF_THE_WAY:
                    connection.putheader(name, value)
            connection.endheaders(body)
            response = connection.getresponse()
            headers = [(name, value) for name, value in response.getheaders() if name.lower() not in _OF_THE_WAY]
            return Answer(response.status, headers, response.read())
        finally:
            connection.close()

    def _reply(self, answer: Answer, *, torn: bool = False) -> None:
        self.send_response_only(answer.status)
        for name, value in answer.headers:
            self.send_header(name, value)
        if not any(name.lower() == "content-length" for name, _ in answer.headers):
            self.send_header("Content-Length", str(len(answer.body)))
        self.end_headers()
        whole = b"" if self.command == "HEAD" else answer.body
        self.wfile.write(whole[: len(whole) // 2] if torn else whole)
        self.close_connection = self.close_connection or torn


@contextmanager
def something_else(status: int) -> Iterator[str]:
    """The address of a server that is no S3 and answers everything with this status."""

    class Handler(_Handler):
        def _answer(self, body: bytes) -> Answer:
            return Answer(status, [("Location", "/")], body[:0])

    with _serving(_Proxy("", Faults(), None, Handler)) as url:
        yield url


@contextmanager
def fault_proxy(behind: str, faults: Faults, *, oss: Oss | None = None) -> Iterator[str]:
    """The address of a proxy before the service at `behind`.

    With `oss`, which says whether something stands under a path, it creates exclusively as Aliyun OSS does:
    it refuses `If-None-Match` and honours `x-oss-forbid-overwrite`.
    """
    with _serving(_Proxy(behind, faults, oss)) as url:
        yield url


@contextmanager
def _serving(server: _Proxy) -> Iterator[str]:
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
