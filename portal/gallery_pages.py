"""The pages for looking through portraits: the list of centres, one centre, its pictures."""

from typing import Any

from fastapi import APIRouter, HTTPException, Request, Response
from fastapi.responses import HTMLResponse

from gradphoto.language import shown
from portal.asked import PageSeen
from portal.gallery import Gallery
from portal.office import Office
from portal.page import Page


def gallery_pages(office: Office, page: Page) -> APIRouter:
    """The routes; `page` fills a template."""
    routes, gallery = APIRouter(), Gallery(office)

    def known(centre: str) -> str:
        if centre not in {one.id for one in office.season.inputs.campaign.centres}:
            raise HTTPException(404, shown("没有这个中心"))
        return centre

    @routes.get("/gallery")
    def centres(request: Request) -> HTMLResponse:
        return page(request, "centres.html", centres=gallery.centres())

    @routes.get("/gallery/{centre}")
    def one(request: Request, centre: str) -> HTMLResponse:
        return page(request, "gallery.html", centre=known(centre))

    @routes.get("/api/gallery/{centre}")
    def portraits(centre: str) -> dict[str, Any]:
        return gallery.portraits(known(centre))

    @routes.post("/api/gallery/{centre}/seen")
    def seen(centre: str, asked: PageSeen) -> dict[str, Any]:
        return gallery.seen(known(centre), asked.portraits, asked.page)

    @routes.get("/portraits/{source}")
    def pixels(source: str) -> Response:
        jpeg = office.portrait(source)
        if jpeg is None:
            raise HTTPException(404, shown("没有这张照片"))
        return Response(jpeg, media_type="image/jpeg")

    return routes
