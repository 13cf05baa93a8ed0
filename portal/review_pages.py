"""The review page: its document, its pictures, and the decisions that come from it."""

from threading import Thread
from typing import Any

from fastapi import APIRouter, HTTPException, Request, Response
from fastapi.responses import HTMLResponse

from gradphoto.language import shown
from gradphoto.stages.thumbs import Size
from portal.asked import Asked, Search
from portal.cards import Cards
from portal.office import Office
from portal.page import Page
from portal.pending import pending
from portal.scene import scene_of
from portal.words import decision_words


def review_pages(office: Office, page: Page, session: str | None) -> APIRouter:
    """The routes; `session` narrows the queue to one, `page` fills a template."""
    routes = APIRouter()

    @routes.get("/")
    def review(request: Request) -> HTMLResponse:
        return page(request, "review.html")

    @routes.get("/api/pending")
    def queue() -> dict[str, Any]:
        season = office.fresh()
        found = pending(scene_of(season, office.ledger(season)), session)
        wanted = [sha256 for item in found["queue"] for sha256 in (item["sha256"], *item["beside"])]
        Thread(target=office.prepare, args=(wanted,), daemon=True).start()
        return found

    @routes.post("/api/decisions")
    def decide(asked: Asked) -> dict[str, Any]:
        number, others = office.decide(asked.what(office.season), asked.after, asked.key)
        return {"decision": number, "others": [decision_words(one) for one in others if one.who != office.who]}

    @routes.post("/api/students")
    def students(search: Search) -> dict[str, Any]:
        season = office.season
        return {"students": Cards(season, office.ledger(season)).found(search.words)}

    @routes.get("/pictures/{size}/{sha256}")
    def picture(size: Size, sha256: str) -> Response:
        jpeg = office.picture(sha256, size)
        if jpeg is None:
            raise HTTPException(404, shown("无法显示这个文件"))
        return Response(jpeg, media_type="image/jpeg")

    return routes
