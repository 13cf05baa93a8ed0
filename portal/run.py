"""The portal on a socket: one address, a server that says nothing of itself and believes no header."""

from collections.abc import Callable
from datetime import datetime

import uvicorn
from starlette.types import ASGIApp

from gradphoto.stages.place import Place
from portal.serve import bound_socket
from portal.site import portal_site

_GRACE = 5
"""Seconds that downloads under way get when the program is asked to end; what is cut off is resumed."""


def run_portal(
    place: Place,
    host: str,
    port: int,
    now: Callable[[], datetime],
    who: str,
    say: Callable[[str, str], None],
) -> None:
    """Serve until somebody stops it. `say` hears the address and the operator's link once requests are taken.

    `ServeTrouble` when the address cannot be used.
    """
    sock = bound_socket(host, port)
    shown = f"[{host}]" if ":" in host else host
    here = f"http://{shown}:{sock.getsockname()[1]}"
    site = portal_site(place, now, who, place.settings.portal_url)
    say(here, f"{here}/enter#{site.gate.start_token}")
    uvicorn.Server(quiet(site.app)).run(sockets=[sock])


def quiet(app: ASGIApp) -> uvicorn.Config:
    """How a server runs it: no log of its own, no word of itself, and no header of a proxy believed."""
    return uvicorn.Config(
        app,
        log_level="error",
        access_log=False,
        server_header=False,
        proxy_headers=False,
        lifespan="off",
        timeout_graceful_shutdown=_GRACE,
    )
