"""What goes wrong between this machine and a portal, as one line for whoever fetches a bundle; never a token."""

import ssl
from collections.abc import Iterator
from contextlib import contextmanager

import httpx

from config.bad_input import BadInput


class PortalRefused(BadInput):
    """What the portal does not give, or cannot; another try would not help. One line."""


class WrongToken(PortalRefused):
    """A token that admits nobody."""


class NotPermitted(PortalRefused):
    """Admitted, and may not fetch the files."""


class NothingOffered(PortalRefused):
    """There is no bundle to fetch now: none yet, or recalled."""


class NoPortal(PortalRefused):
    """Something else answers there."""


class CertificateWrong(PortalRefused):
    """Who answers cannot prove who they are."""


class Cut(Exception):
    """The way was cut, or the portal is busy: worth another try, after `wait` seconds if it said so."""

    def __init__(self, why: str, wait: float = 0.0) -> None:
        super().__init__(why)
        self.wait = wait


_REFUSED = "连不上，地址或网络可能不对，或者门户没有开"


@contextmanager
def told(origin: str) -> Iterator[None]:
    """Within it, what the HTTP library raises is `Cut`, or `CertificateWrong` and `NoPortal` with the address."""
    try:
        yield
    except httpx.ConnectTimeout:
        raise Cut(_REFUSED) from None
    except httpx.TimeoutException:
        raise Cut("对方久不回答") from None
    except httpx.TransportError as trouble:
        raise _what(trouble, origin) from None
    except (httpx.InvalidURL, httpx.StreamError):
        raise NoPortal(f"{origin}：回答不合规，这里不是 gradphoto 门户，请检查地址") from None


def _what(trouble: Exception, origin: str) -> Exception:
    causes = list(_causes(trouble))
    if any(isinstance(one, ssl.SSLCertVerificationError) for one in causes):
        do = "请检查地址和本机时钟；单位自己的证书用环境变量 SSL_CERT_FILE 指定。不要绕过"
        return CertificateWrong(f"{origin}：证书无法验证，可能不是真的门户：{do}")
    if isinstance(trouble, httpx.ConnectError) and any(isinstance(one, ssl.SSLError) for one in causes):
        return NoPortal(f"{origin}：不能建立加密连接，请检查地址是 https 还是 http")
    if isinstance(trouble, httpx.UnsupportedProtocol):
        return NoPortal(f"{origin}：转到了不能用的地址，请检查地址")
    return Cut(_REFUSED if isinstance(trouble, httpx.ConnectError) else "连接中断")


def _causes(trouble: BaseException | None) -> Iterator[BaseException]:
    while trouble is not None:
        yield trouble
        trouble = trouble.__cause__ or trouble.__context__
