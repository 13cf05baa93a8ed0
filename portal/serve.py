"""The pages on this machine: a socket on one address, a token that is new with every start, and a quiet server."""

import ipaddress
import secrets
import socket
from collections.abc import Callable

import uvicorn
from starlette.types import ASGIApp

from config.bad_input import BadInput
from portal.app import operators_pages
from portal.guard import Guard
from portal.office import Office

_OWN_NAMES = ("localhost", "127.0.0.1", "[::1]")


class ServeTrouble(BadInput):
    """The address cannot be used; its message is one line for the operator."""


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach that address."""
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def serve(office: Office, host: str, port: int, session: str | None, say: Callable[[str], None]) -> None:
    """Serve the operator's pages until somebody stops it; see `serve_app`."""
    serve_app(lambda token: operators_pages(office, token, session), host, port, say)


def serve_app(
    made: Callable[[str], ASGIApp],
    host: str,
    port: int,
    say: Callable[[str], None],
    pictures: frozenset[str] = frozenset(),
) -> None:
    """Serve what is `made` for a token until somebody stops it; `say` hears the address once requests are taken.

    `pictures` are the paths to which a page may post one. `ServeTrouble`.
    """
    bound, token = bound_socket(host, port), secrets.token_urlsafe(18)
    shown = f"[{host}]" if ":" in host else host
    app = Guard(made(token), token, {shown, *_OWN_NAMES}, not is_loopback(host), pictures)
    say(f"http://{shown}:{bound.getsockname()[1]}/{token}/")
    server = uvicorn.Server(uvicorn.Config(app, log_level="error", access_log=False, server_header=False))
    server.run(sockets=[bound])


def bound_socket(host: str, port: int) -> socket.socket:
    """A socket that listens; `ServeTrouble` when that address cannot be had."""
    try:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        return socket.create_server((host, port), family=family)
    except (OSError, OverflowError):
        raise ServeTrouble(f"无法使用地址 {host} 的端口 {port}：请换一个 --host 或 --port（0 为任意）") from None
