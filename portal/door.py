"""The door: who asks, and whether they may ask at all. Nothing is let through that is not named here.

Every answer gets the same headers, and a line in the access log before it leaves; whatever the application does
not have is answered as what it does not show.
"""

from collections.abc import Collection

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from gradphoto.adapters.store import StoreTrouble
from portal.access import AccessLog
from portal.answers import HEADERS, no_such_token, not_from_here, nothing_here, out_of_order, too_large, too_often
from portal.cookies import Cookies
from portal.gate import Gate
from portal.proxies import Proxies
from portal.throttle import Throttle
from portal.visitor import Visitor

MOST = 1 << 16
"""Bytes of what is posted."""
SIGN_IN, STATIC = "/enter", "/static/"
_BOTH = ("/bundles/", "/api/bundle")
"""For a centre and for the operator, asked by a page or by a program."""
_NAMED = ("/bundles/", "/office", "/centre", "/api/", "/static/", SIGN_IN, "/leave")
"""What the access log names of an address that no route has."""


class Door:
    """Lets requests through to `app`, with `visitor` and `address` in their scope. `own` are origins of ours."""

    def __init__(
        self,
        app: ASGIApp,
        gate: Gate,
        throttle: Throttle,
        log: AccessLog,
        proxies: Proxies,
        cookies: Cookies,
        own: Collection[str] = (),
    ) -> None:
        self._app, self._gate, self._throttle, self._log = app, gate, throttle, log
        self._proxies, self._cookies, self._own = proxies, cookies, frozenset(own)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One connection."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
        elif scope["type"] == "http":
            inner = {**scope, "address": self._proxies.client(scope), "visitor": None}
            leaving = _Leaving(self, inner, send)
            answer = await self._refusal(inner)
            await (answer or self._app)(inner, receive, leaving)
            await leaving.finish(receive)

    async def _refusal(self, scope: Scope) -> Response | None:
        """What is answered at the door; None where the application answers."""
        headers, path = Headers(scope=scope), scope["path"]
        if path.startswith(STATIC):
            return None
        try:
            refusal = await run_in_threadpool(self._look, scope, headers)
        except (StoreTrouble, OSError):
            return out_of_order()
        if refusal or (path == "/" and scope["visitor"] is None):
            return refusal or RedirectResponse(SIGN_IN, 303)
        if not _may(scope["visitor"], path):
            return nothing_here()
        return None if scope["method"] in ("GET", "HEAD") else self._posted(headers)

    def _look(self, scope: Scope, headers: Headers) -> Response | None:
        """Put who asks into the scope; an answer when they show a token that is none."""
        kind, _, token = headers.get("authorization", "").partition(" ")
        if kind.lower() != "bearer":
            seated = self._gate.seated(self._cookies.read(headers, self._cookies.seat))
            if seated:
                scope["visitor"], scope["seat"] = seated
            return None
        if seconds := self._throttle.wait(scope["address"]):
            return too_often(seconds)
        admitted = self._gate.admits(token.strip())
        if admitted is None:
            self._throttle.wrong(scope["address"])
            return no_such_token()
        scope["visitor"] = admitted.visitor
        return None

    def _posted(self, headers: Headers) -> Response | None:
        """A browser says whose page posts; for JSON it must. A form has its own word besides."""
        length, origin = headers.get("content-length", ""), headers.get("origin")
        if not length.isdecimal() or int(length) > MOST:
            return too_large()
        own = {*self._own, f"http://{headers.get('host')}", f"https://{headers.get('host')}"}
        form = headers.get("content-type", "").partition(";")[0].strip() == "application/x-www-form-urlencoded"
        stranger = headers.get("sec-fetch-site", "same-origin") != "same-origin"
        if stranger or (origin not in own and not (form and origin is None)):
            return not_from_here()
        return None

    def note(self, scope: Scope, status: int) -> None:
        """The line of one access; `OSError` when it cannot be written."""
        visitor: Visitor | None = scope["visitor"]
        at = self._gate.now().isoformat(timespec="seconds")
        self._log.note(
            at, visitor.who if visitor else "", scope["method"], _route(scope), status, scope.get("what", "")
        )


class _Leaving:
    """Everything that leaves by the door."""

    def __init__(self, door: Door, scope: Scope, send: Send) -> None:
        self._door, self._scope, self._send = door, scope, send
        self._instead: Response | None = None

    async def __call__(self, message: Message) -> None:
        """Forward what may leave; of the rest nothing."""
        if message["type"] == "http.response.start":
            self._instead = self._other(message["status"])
            _with_headers(message, self._scope["path"])
        if self._instead is None:
            await self._send(message)

    async def finish(self, receive: Receive) -> None:
        """Say what is said in its place."""
        if self._instead:
            await self._instead(self._scope, receive, self._plainly)

    def _other(self, status: int) -> Response | None:
        hidden = status in (404, 405)
        try:
            self._door.note(self._scope, 404 if hidden else status)
        except OSError:
            return out_of_order()  # nothing leaves without its line
        return nothing_here() if hidden else None

    async def _plainly(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            _with_headers(message, "")
        await self._send(message)


def _with_headers(message: Message, path: str) -> None:
    headers = MutableHeaders(scope=message)
    headers.update(HEADERS)
    if path.startswith(STATIC) and message["status"] == 200:
        headers["Cache-Control"] = "public, max-age=300"


def _may(visitor: Visitor | None, path: str) -> bool:
    if path == SIGN_IN:
        return True
    if visitor is None:
        return False
    if path.startswith(_BOTH):
        return True
    if not visitor.seat:  # a program fetches, and does nothing else
        return False
    if path.startswith("/office"):
        return visitor.operator
    if path.startswith("/centre"):
        return not visitor.operator
    return path in ("/", "/leave")


def _route(scope: Scope) -> str:
    """The pattern that the address met; of others at most how they begin."""
    pattern = getattr(scope.get("route"), "path", "")
    path = scope["path"]
    return pattern or next((one for one in _NAMED if path.startswith(one)), "/" if path == "/" else "-")
