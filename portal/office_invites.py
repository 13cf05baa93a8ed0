"""Invites on the operator's pages: made, listed, revoked. A link is on the page that made it, and nowhere else."""

from typing import Annotated

from fastapi import APIRouter, Depends, Form, HTTPException, Request, Response
from fastapi.responses import RedirectResponse

from gradphoto.invites import INVITE_WORDS, OPERATOR
from gradphoto.language import shown
from gradphoto.stages.invites import make_invite, revoke_invites
from portal.door import SIGN_IN
from portal.house import House
from portal.office_centre import known, show_centre


def office_invites(house: House) -> APIRouter:
    """The routes."""
    routes = APIRouter()
    own_form = [Depends(house.own_form)]

    def made(request: Request, centre: str) -> str:
        days = house.settings.portal_invite_days
        _, token = make_invite(house.store, centre, days, house.gate.now())
        return f"{house.url or str(request.base_url).rstrip('/')}{SIGN_IN}#{token}"

    def show(request: Request, link: str = "") -> Response:
        view = house.views.now()
        names = {one.id: one.name for one in view.campaign.centres} | {OPERATOR: shown("操作员")}
        found = house.gate.invites()[::-1]
        return house.page(request, "invites", view, invites=found, names=names, link=link, words=INVITE_WORDS)

    @routes.get("/office/invites")
    def invites(request: Request) -> Response:
        return show(request)

    @routes.post("/office/invites", dependencies=own_form)
    def for_operator(request: Request) -> Response:
        return show(request, made(request, OPERATOR))

    @routes.post("/office/centres/{centre}/invite", dependencies=own_form)
    def for_centre(request: Request, centre: str) -> Response:
        known(house, centre)
        return show_centre(house, request, centre, made(request, centre))

    @routes.post("/office/invites/{number}/revoke", dependencies=own_form)
    def revoke(number: str, back: Annotated[str, Form()] = "") -> Response:
        if not number.isdecimal() or len(number) > 6:
            raise HTTPException(404)
        revoke_invites(house.store, [int(number)], house.gate.now())
        to = f"/office/centres/{back}" if back in house.views.now().centres else "/office/invites"
        return RedirectResponse(to, 303)

    return routes
