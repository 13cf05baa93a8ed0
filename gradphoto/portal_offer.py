"""What a portal is reached by, and what it offers to whom it admits: parsed once, for nothing of it is trusted."""

import re
from typing import Annotated, NamedTuple
from urllib.parse import urlsplit

from pydantic import ConfigDict, Field

from config.bad_input import BadInput
from config.frozen import Frozen
from gradphoto.bundle import Sha256, bundle_name


class AddressTrouble(BadInput):
    """An address that is none of a portal; one line."""


class PortalAddress(NamedTuple):
    """Where a portal is (`https://host:port`), and the token of a link; empty when the address has none."""

    origin: str
    token: str

    @property
    def is_open(self) -> bool:
        """Whether what is sent there can be read on its way: no TLS, and not this machine."""
        host = urlsplit(self.origin).hostname or ""
        return self.origin.startswith("http:") and host not in ("localhost", "127.0.0.1", "::1")


class Offer(Frozen):
    """The newest bundle of a centre, as `GET /api/bundle` tells it. What else it may say later is no matter."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    centre: str = Field(pattern=r"^[a-z0-9][a-z0-9-]{0,39}$")
    version: Annotated[int, Field(ge=1, lt=1_000_000, strict=True)]
    sha256: Sha256
    bytes: Annotated[int, Field(ge=1, lt=1 << 50, strict=True)]
    path: str = Field(pattern=r"^(/[A-Za-z0-9._-]{1,60}){1,5}$")
    """Below the origin of the portal."""

    @property
    def name(self) -> str:
        """What the file is called."""
        return f"{bundle_name(self.centre, self.version)}.zip"

    @property
    def etag(self) -> str:
        """The entity tag by which the portal knows these bytes."""
        return f'"{self.sha256}"'


def is_portal_address(text: str) -> bool:
    """Whether what was typed is meant as an address, and not as the id of a centre."""
    return "://" in text or text.lower().startswith(("http:", "https:"))


def portal_address(text: str) -> PortalAddress:
    """A portal's address as people have it: bare, with a page of it, or the link of an invite.

    >>> portal_address("https://photos.example/enter#abc")
    PortalAddress(origin='https://photos.example', token='abc')
    """
    try:
        parts = urlsplit(text.strip())
        port = f":{parts.port}" if parts.port else ""
    except ValueError:
        raise _unknown() from None
    host = parts.hostname or ""
    if parts.scheme not in ("http", "https") or not re.fullmatch(r"[A-Za-z0-9.-]+|[0-9A-Fa-f:.]+", host):
        raise _unknown()
    if parts.username is not None or not re.fullmatch(r"[A-Za-z0-9_-]{0,100}", parts.fragment):
        raise _unknown()
    shown = f"[{host}]" if ":" in host else host
    return PortalAddress(f"{parts.scheme}://{shown}{port}", parts.fragment)


def _unknown() -> AddressTrouble:
    """The address is not quoted: it may hold a token."""
    return AddressTrouble("门户的地址不对：请原样粘贴收到的链接，或写成 https://主机 或 https://主机:端口")
