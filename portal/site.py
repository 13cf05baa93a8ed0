"""The portal as one application: the door, its routes, and how a trouble is answered."""

import time
from collections.abc import Callable
from datetime import datetime
from typing import Any, NamedTuple

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse
from fastapi.staticfiles import StaticFiles

from config.bad_input import BadInput
from gradphoto.stages.place import Place
from portal.access import FILE, AccessLog
from portal.answers import not_from_here, out_of_order
from portal.app import TROUBLES, told
from portal.bundles import Bundles
from portal.centre_pages import centre_pages
from portal.cookies import Cookies
from portal.door import Door
from portal.entrance import entrance
from portal.gallery_pages import gallery_pages
from portal.gate import Gate
from portal.handing import handing
from portal.house import House, NotFromHere
from portal.office import Office
from portal.office_pages import office_pages
from portal.proxies import Proxies
from portal.review_pages import review_pages
from portal.script_words import STATIC
from portal.templating import pages
from portal.throttle import Throttle
from portal.view import Views

PAGES = "/office/pages"
"""Where the review and gallery pages are."""


class Site(NamedTuple):
    """The portal: what a server serves, the same without its door, and the gate."""

    app: Door
    routes: FastAPI
    gate: Gate


def portal_site(
    place: Place, now: Callable[[], datetime], who: str, url: str, clock: Callable[[], float] = time.monotonic
) -> Site:
    """The portal of a workspace, which is reached at `url`; `who` is kept with the operator's decisions."""
    settings, store = place.settings, place.store
    gate = Gate(store, place.folder, now, settings.portal_session_hours)
    house = House(
        store=store,
        folder=place.folder,
        settings=settings,
        gate=gate,
        bundles=Bundles(store),
        views=Views(store, place.folder, settings),
        office=Office(store, place.folder, settings, who),
        throttle=Throttle(clock),
        cookies=Cookies(url.startswith("https:")),
        templates=pages(),
        url=url,
    )
    routes = _routes(house)
    log = AccessLog(place.folder / FILE)
    door = Door(routes, gate, house.throttle, log, Proxies(settings.portal_proxies), house.cookies, {url})
    return Site(door, routes, gate)


def _routes(house: House) -> FastAPI:
    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None, redirect_slashes=False)
    app.include_router(entrance(house))
    app.include_router(handing(house))
    app.include_router(centre_pages(house))
    app.include_router(office_pages(house))
    _include_pages(app, house)
    app.mount("/static", StaticFiles(directory=STATIC))
    _answer_troubles(app, house)
    return app


def _include_pages(app: FastAPI, house: House) -> None:
    """The pages that `review serve` has too, below an address of their own."""

    def page(request: Request, name: str, **more: Any) -> HTMLResponse:
        return house.templates.TemplateResponse(
            request, name, {"base": PAGES, "session": "", "inside": True, **more}
        )

    app.include_router(review_pages(house.office, page, None), prefix=PAGES)
    app.include_router(gallery_pages(house.office, page), prefix=PAGES)
    app.mount(f"{PAGES}/static", StaticFiles(directory=STATIC))


def _answer_troubles(app: FastAPI, house: House) -> None:
    """Each on a page that says what to do, or in JSON where a page's script asked."""

    def answer(request: Request, trouble: Exception) -> Response:
        in_json = request.url.path.startswith((f"{PAGES}/api", f"{PAGES}/p"))
        return told(trouble) if in_json else _page(house, request, trouble)

    for kind in (NotFromHere, *TROUBLES):
        app.exception_handler(kind)(answer)


def _page(house: House, request: Request, trouble: Exception) -> Response:
    """What a store or an input says in detail only the operator reads."""
    visitor = request.scope["visitor"]
    if isinstance(trouble, NotFromHere):
        return not_from_here()
    if isinstance(trouble, RequestValidationError):
        return house.page(request, "problem", status=422, problem="填写的内容不完整，请返回重新填写")
    if isinstance(trouble, BadInput) and visitor and visitor.operator:
        return house.page(request, "problem", status=422, problem=str(trouble))
    return out_of_order()
