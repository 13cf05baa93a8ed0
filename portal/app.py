"""The operator's pages as one application: routes, templates, and how a trouble is answered."""

from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse, JSONResponse
from fastapi.staticfiles import StaticFiles

from config.bad_input import BadInput
from gradphoto.adapters.processes import WorkersTrouble
from gradphoto.adapters.store import StoreTrouble
from gradphoto.language import shown
from gradphoto.stages.decide import Overtaken
from portal.gallery_pages import gallery_pages
from portal.office import Office
from portal.review_pages import review_pages
from portal.script_words import STATIC
from portal.templating import pages
from portal.words import decision_words

TROUBLES = (Overtaken, BadInput, RequestValidationError, StoreTrouble, WorkersTrouble)
"""What a page answers for in words."""


def operators_pages(office: Office, token: str, session: str | None = None) -> FastAPI:
    """The application behind the guard; it names its own addresses below `token`."""
    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    templates = pages()

    def page(request: Request, name: str, **more: Any) -> HTMLResponse:
        return templates.TemplateResponse(request, name, {"base": f"/{token}", "session": session or "", **more})

    app.include_router(review_pages(office, page, session))
    app.include_router(gallery_pages(office, page))
    app.mount("/static", StaticFiles(directory=STATIC))
    _answer_troubles(app)
    return app


def _answer_troubles(app: FastAPI) -> None:
    """A bug is a bare 500, and its traceback is on the terminal."""
    for kind in TROUBLES:
        app.exception_handler(kind)(lambda _, trouble: told(trouble))


def told(trouble: Exception) -> JSONResponse:
    """One of `TROUBLES` in a line that the page shows."""
    if isinstance(trouble, Overtaken):
        return JSONResponse({"problem": shown("别人已经决定"), "other": decision_words(trouble.other)}, 409)
    if isinstance(trouble, RequestValidationError):
        return JSONResponse({"problem": shown("请求不完整，请重新载入页面")}, 422)
    if isinstance(trouble, BadInput):
        return JSONResponse({"problem": shown(str(trouble))}, 422)
    return JSONResponse({"problem": shown(f"存储或工作进程故障：{trouble}，请稍后再试")}, 503)
