"""How a route fills a template."""

from typing import Any, Protocol

from fastapi import Request
from fastapi.responses import HTMLResponse


class Page(Protocol):
    """Fills the template of that name; `more` are what it shows."""

    def __call__(self, request: Request, name: str, **more: Any) -> HTMLResponse:
        """The page."""
