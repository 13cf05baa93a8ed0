"""The house: everything that the portal's routes stand on, and how one of them fills a page."""

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

from fastapi import Form, Request
from fastapi.responses import HTMLResponse
from fastapi.templating import Jinja2Templates

from config.settings import Settings
from gradphoto.adapters.store import Store
from gradphoto.stages.inputs import Inputs
from gradphoto.stages.snapshot import current_inputs
from portal.bundles import Bundles
from portal.cookies import Cookies
from portal.gate import START, Gate
from portal.office import Office
from portal.throttle import Throttle
from portal.view import View, Views
from portal.visitor import Visitor


class NotFromHere(Exception):
    """A form that does not carry what its page gave it."""


@dataclass(frozen=True)
class House:
    """One workspace behind its gate. `url` is where it is reached, for links that are made on its pages."""

    store: Store
    folder: Path
    settings: Settings
    gate: Gate
    views: Views
    bundles: Bundles
    office: Office
    throttle: Throttle
    cookies: Cookies
    templates: Jinja2Templates
    url: str

    @property
    def inputs(self) -> Inputs:
        """Those of the last run, or before it those of the workspace."""
        return current_inputs(self.store, self.folder, self.settings)

    def page(
        self, request: Request, template: str, view: View | None = None, /, *, status: int = 200, **more: Any
    ) -> HTMLResponse:
        """Fill `templates/portal/<template>.html`; with a `view` it names the campaign and whom to ask."""
        visitor: Visitor | None = request.scope["visitor"]
        told = {
            "visitor": visitor,
            "form": self.gate.seats.form(visitor.seat) if visitor else "",
            "campaign": view.campaign if view else None,
            **more,
        }
        return self.templates.TemplateResponse(request, f"portal/{template}.html", told, status)

    def name_of(self, visitor: Visitor) -> str:
        """What is kept with the word of an operator."""
        return self.office.who if visitor.who == START else f"邀请 {visitor.who}"

    def own_form(self, request: Request, form: Annotated[str, Form()] = "") -> None:
        """For routes that forms of a signed-in page post to; `NotFromHere`."""
        if not self.gate.seats.is_form(visitor_of(request).seat, form):
            raise NotFromHere


def visitor_of(request: Request) -> Visitor:
    """Who asks, where the door lets only those through who are somebody."""
    visitor = request.scope["visitor"]
    assert isinstance(visitor, Visitor)
    return visitor
