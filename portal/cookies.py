"""The portal's two cookies: the seat of who is signed in, and what ties a sign-in form to its browser."""

from typing import NamedTuple

from starlette.datastructures import Headers
from starlette.requests import cookie_parser
from starlette.responses import Response


class Cookies(NamedTuple):
    """With `secure` they are sent over TLS only, and no neighbour under the same domain can set them."""

    secure: bool

    @property
    def seat(self) -> str:
        """Its name."""
        return "__Host-gradphoto-seat" if self.secure else "gradphoto-seat"

    @property
    def form(self) -> str:
        """Its name."""
        return "__Host-gradphoto-form" if self.secure else "gradphoto-form"

    def read(self, headers: Headers, name: str) -> str:
        """A cookie's value; empty when there is none."""
        return cookie_parser("; ".join(headers.getlist("cookie"))).get(name, "")

    def set(self, response: Response, name: str, value: str) -> None:
        """Kept until the browser is closed. Lax, so that a link in a chat or a bookmark finds who is signed in."""
        response.set_cookie(name, value, path="/", httponly=True, samesite="lax", secure=self.secure)

    def drop(self, response: Response, name: str) -> None:
        """Have the browser forget it."""
        response.delete_cookie(name, path="/", httponly=True, samesite="lax", secure=self.secure)
