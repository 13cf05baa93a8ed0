"""The portal as a centre's own machine sees it: what it offers, and the bytes of it from anywhere on.

The token is sent to the portal alone, in a header. Where the portal sends somewhere else for the bytes (to S3),
nothing goes along but which bytes.
"""

import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple, Self
from urllib.parse import urljoin, urlsplit

import httpx
from pydantic import ValidationError

from gradphoto.adapters.portal_answer import NotThoseBytes, begins, document, refusal
from gradphoto.adapters.portal_trouble import Cut, NoPortal, told
from gradphoto.portal_offer import Offer, PortalAddress

CONNECT_TIMEOUT, READ_TIMEOUT = 10.0, 30.0
"""Seconds without a connection or without a byte after which it counts as cut."""
_REDIRECTS, _HOPS = (301, 302, 303, 307, 308), 3
_FOR_ANYBODY = ("Range", "Accept-Encoding")


class Coming(NamedTuple):
    """Bytes of a bundle as they come in, from `start` on."""

    start: int
    pieces: Iterator[bytes]


class Portal:
    """One portal, for as long as the connection to it is open."""

    def __init__(self, address: PortalAddress, token: str) -> None:
        self.origin = address.origin
        self._headers = {"Authorization": f"Bearer {token}", "Accept-Encoding": "identity"}
        self._client = httpx.Client(
            verify=ssl.create_default_context(),
            timeout=httpx.Timeout(READ_TIMEOUT, connect=CONNECT_TIMEOUT),
            headers={"User-Agent": "gradphoto"},
        )

    def __enter__(self) -> Self:
        """The portal itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close the connection."""
        self._client.close()

    def offer(self) -> Offer:
        """The newest bundle of whose token it is; a `PortalRefused` says why there is none, `Cut` to try again."""
        with told(self.origin), self._open("/api/bundle", {}) as answer:
            said = document(answer)
            if answer.status_code == 200:
                return self._offer(said)
            raise refusal(answer, str(said.get("problem", ""))[:200]) or self._no_portal()

    @contextmanager
    def bundle(self, offer: Offer, start: int) -> Iterator[Coming]:
        """The bytes of what was offered from `start` on, or from 0 when the portal knows no parts.

        `NotThoseBytes` when there are none from there; a `PortalRefused` when it is not given any more, and `Cut`
        to try again, also from the pieces.
        """
        part = {"Range": f"bytes={start}-", "If-Range": offer.etag} if start else {}
        with told(self.origin), self._open(offer.path, part) as answer:
            if answer.status_code in (200, 206):
                yield Coming(begins(answer, offer, start), answer.iter_raw())
            elif answer.status_code == 416:
                raise NotThoseBytes("门户没有这一段内容")
            elif urlsplit(str(answer.url)).netloc != urlsplit(self.origin).netloc and answer.status_code == 403:
                raise Cut("下载地址已过期")
            else:
                raise refusal(answer, "") or self._no_portal()

    def _offer(self, said: dict[str, Any]) -> Offer:
        try:
            return Offer.model_validate(said)
        except ValidationError:
            raise self._no_portal() from None

    def _no_portal(self) -> NoPortal:
        return NoPortal(f"{self.origin}：这里不是 gradphoto 门户，请检查地址")

    @contextmanager
    def _open(self, path: str, more: dict[str, str]) -> Iterator[httpx.Response]:
        """The answer to a GET, after at most `_HOPS` redirections."""
        url, headers = self.origin + path, self._headers | more
        for _ in range(_HOPS):
            with self._client.stream("GET", url, headers=headers) as answer:
                if answer.status_code not in _REDIRECTS or "location" not in answer.headers:
                    yield answer
                    return
                url, before = urljoin(url, answer.headers["location"]), url
            if not _same_place(before, url):
                headers = {name: value for name, value in headers.items() if name in _FOR_ANYBODY}
        raise self._no_portal()


def _same_place(one: str, other: str) -> bool:
    """Whether the token may go along: the same host, and TLS is not left."""
    here, there = urlsplit(one), urlsplit(other)
    upgrade = here.hostname == there.hostname and (here.scheme, there.scheme) == ("http", "https")
    return upgrade or (here.scheme, here.netloc) == (there.scheme, there.netloc)
