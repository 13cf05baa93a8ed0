"""Who may ask at all: whoever has the token of this start, by a name of this machine, from a page of our own.

A page of a stranger that the operator has open in another tab can send requests to this machine too. It knows no
token; its name for the machine is refused (DNS rebinding), and so is what it posts.
"""

import ipaddress
from collections.abc import Iterable
from secrets import compare_digest

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from gradphoto.language import shown

HEADERS = {
    "Content-Security-Policy": "default-src 'self'; img-src 'self' blob:; object-src 'none'; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'none'",
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}
"""On every answer: nothing from elsewhere, nothing left behind in the browser, the address told to nobody."""
MOST = 1 << 16
"""Bytes of what is posted."""
MOST_OF_A_PICTURE = 1 << 20
_JSON, _JPEG = "application/json", "image/jpeg"
"""Neither can be sent by a form, so a browser asks first before it sends them for a stranger's page."""


class Guard:
    """Lets requests through to `app`, their path without the token; everything else gets the same few words."""

    def __init__(
        self,
        app: ASGIApp,
        token: str,
        names: Iterable[str],
        any_address: bool = False,
        pictures: frozenset[str] = frozenset(),
    ) -> None:
        self._app, self._token, self._pictures = app, token, pictures
        self._names, self._any_address = frozenset(names), any_address

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One connection."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
        elif scope["type"] == "http":
            await self._answer(scope, receive, _with_headers(send))

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        rest, headers = self._rest(scope["path"]), Headers(scope=scope)
        if rest is None or not self._known(headers.get("host", "")):
            await PlainTextResponse(shown("没有此页"), 404)(scope, receive, send)
        elif scope["method"] not in ("GET", "HEAD") and not self._own(rest, headers):
            await PlainTextResponse(shown("只接受本页面发来的请求"), 403)(scope, receive, send)
        else:
            await self._app({**scope, "path": rest, "raw_path": rest.encode()}, receive, send)

    def _rest(self, path: str) -> str | None:
        """The path behind the token."""
        token, _, rest = path.removeprefix("/").partition("/")
        return f"/{rest}" if compare_digest(token.encode(), self._token.encode()) else None

    def _known(self, host: str) -> bool:
        name = host.rpartition(":")[0] if not host.endswith("]") and ":" in host else host
        return name in self._names or (self._any_address and _is_address(name.strip("[]")))

    def _own(self, rest: str, headers: Headers) -> bool:
        """Whether the request comes from a page of ours; a browser says so, and a stranger's form cannot."""
        length, picture = headers.get("content-length", ""), rest in self._pictures
        return (
            headers.get("origin") == f"http://{headers.get('host')}"
            and headers.get("content-type", "").partition(";")[0] == (_JPEG if picture else _JSON)
            and length.isdecimal()
            and int(length) <= (MOST_OF_A_PICTURE if picture else MOST)
        )


def _is_address(name: str) -> bool:
    """Whether a host is named by its number, which no name server can lead astray."""
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True


def _with_headers(send: Send) -> Send:
    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            MutableHeaders(scope=message).update(HEADERS)
        await send(message)

    return sending
