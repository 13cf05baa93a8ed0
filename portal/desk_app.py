"""The check-in desk's page as one application: its routes, and how a trouble is answered."""

from typing import Annotated, Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse, JSONResponse
from fastapi.staticfiles import StaticFiles
from pydantic import Field
from starlette.concurrency import run_in_threadpool

from config.bad_input import BadInput
from config.frozen import Frozen
from gradphoto.adapters.imaging.frame_codes import codes_of
from gradphoto.adapters.processes import Died, WorkersTrouble, each
from gradphoto.language import shown
from portal.asked import Key
from portal.desk import Desk
from portal.script_words import STATIC
from portal.templating import pages

FRAMES = frozenset({"/api/frame"})
"""Where the page posts a picture."""
_Line = Annotated[str, Field(max_length=1000)]


class Line(Frozen):
    """What was scanned or typed up to the end of the line."""

    text: _Line
    fast: bool = False


class Binding(Frozen):
    """A code and the number it shall belong to; `confirmed` are the questions that somebody answered with yes."""

    key: Key
    code: _Line
    student_no: _Line
    by_hand: bool = False
    confirmed: Annotated[list[_Line], Field(max_length=20)] = []


class Undo(Frozen):
    """The last binding of this station shall count as never made."""

    key: Key
    confirmed: Annotated[list[_Line], Field(max_length=2)] = []


def desk_page(desk: Desk, token: str) -> FastAPI:
    """The application behind the guard; it names its own addresses below `token`."""
    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    templates = pages()

    @app.get("/")
    def page(request: Request) -> HTMLResponse:
        return templates.TemplateResponse(request, "desk.html", {"base": f"/{token}"})

    @app.get("/api/desk")
    def state() -> dict[str, Any]:
        return desk.state()

    @app.post("/api/read")
    def read(line: Line) -> dict[str, Any]:
        return desk.read(line.text, line.fast)

    @app.post("/api/bind")
    def bind(asked: Binding) -> dict[str, Any]:
        return desk.bind(asked.key, asked.code, asked.student_no, asked.by_hand, asked.confirmed)

    @app.post("/api/undo")
    def undo(asked: Undo) -> dict[str, Any]:
        return desk.undo(asked.key, asked.confirmed)

    @app.post("/api/frame")
    async def frame(request: Request) -> JSONResponse:
        return JSONResponse({"codes": await run_in_threadpool(_codes, await request.body())})

    app.mount("/static", StaticFiles(directory=STATIC))
    _answer_troubles(app)
    return app


def _codes(jpeg: bytes) -> list[str]:
    """Read in a process of its own: decoders are C code."""
    ((_, found),) = each(codes_of, [jpeg], 1)
    return [] if isinstance(found, Died) else list(found)


def _answer_troubles(app: FastAPI) -> None:
    """Each in a line that the page shows; a bug is a bare 500, and its traceback is on the terminal."""

    @app.exception_handler(BadInput)
    def refused(_: Request, trouble: BadInput) -> JSONResponse:
        return JSONResponse({"problem": shown(str(trouble))}, 422)

    @app.exception_handler(RequestValidationError)
    def nonsense(_: Request, __: RequestValidationError) -> JSONResponse:
        return JSONResponse({"problem": shown("请求不完整，请重新载入页面")}, 422)

    @app.exception_handler(WorkersTrouble)
    def down(_: Request, trouble: WorkersTrouble) -> JSONResponse:
        return JSONResponse({"problem": shown(f"摄像头识读不可用：{trouble}")}, 503)
