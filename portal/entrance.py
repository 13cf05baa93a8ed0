"""Signing in and out. The token stands behind the `#` of the link, which no browser sends; a form posts it."""

from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request, Response
from fastapi.responses import RedirectResponse
from starlette.datastructures import Headers

from portal.answers import too_often
from portal.door import SIGN_IN
from portal.house import House, NotFromHere, visitor_of
from portal.seats import nonce

NO_SUCH_LINK = "这个链接无效、已过期或已撤销，请向采集中心要一个新的"


def entrance(house: House) -> APIRouter:
    """The routes."""
    routes, cookies, gate = APIRouter(), house.cookies, house.gate

    def form_page(request: Request, trouble: str = "", status: int = 200) -> Response:
        """A form that only the browser can post to which it was given."""
        mine = cookies.read(Headers(scope=request.scope), cookies.form) or nonce()
        page = house.page(request, "enter", form=gate.seats.form(mine), trouble=trouble, status=status)
        cookies.set(page, cookies.form, mine)
        return page

    @routes.get(SIGN_IN)
    def enter(request: Request) -> Response:
        return RedirectResponse("/", 303) if request.scope["visitor"] else form_page(request)

    @routes.post(SIGN_IN)
    def entered(
        request: Request, token: Annotated[str, Form(max_length=400)] = "", form: Annotated[str, Form()] = ""
    ) -> Response:
        mine = cookies.read(Headers(scope=request.scope), cookies.form)
        if not mine or not gate.seats.is_form(mine, form):
            raise NotFromHere
        if seconds := house.throttle.wait(request.scope["address"]):
            return too_often(seconds)
        admitted = gate.admits(_token(token))
        if admitted is None:
            house.throttle.wrong(request.scope["address"])
            return form_page(request, NO_SUCH_LINK, 403)
        request.scope["visitor"] = admitted.visitor
        inside = RedirectResponse("/", 303)
        cookies.set(inside, cookies.seat, gate.sit(admitted))
        cookies.drop(inside, cookies.form)
        return inside

    @routes.post("/leave", dependencies=[Depends(house.own_form)])
    def leave(request: Request) -> Response:
        gate.seats.leave(request.scope["seat"], gate.now())
        outside = RedirectResponse(SIGN_IN, 303)
        cookies.drop(outside, cookies.seat)
        return outside

    @routes.get("/")
    def inside(request: Request) -> Response:
        return RedirectResponse("/office" if visitor_of(request).operator else "/centre", 303)

    return routes


def _token(said: str) -> str:
    """Of what somebody pasted: the whole link or what stands behind its `#`."""
    return said.strip().rpartition("#")[2]
