"""One centre as the operator sees it: figures, address and electronic delivery, bundles, invites, a rerun."""

from typing import Annotated

from fastapi import APIRouter, Depends, Form, HTTPException, Request, Response
from fastapi.responses import RedirectResponse

from config.bad_input import BadInput
from gradphoto.addresses import WAY_WORDS
from gradphoto.invites import INVITE_WORDS
from gradphoto.packed import journal
from gradphoto.rerun_requests import REQUEST_WORDS
from gradphoto.stages.addresses import confirm_electronic
from gradphoto.stages.blocked import blocked_of
from gradphoto.stages.rerun_requests import ask_rerun, requests
from gradphoto.states import CENTRE_WORDS, CentreState
from gradphoto.status import CentreStatus
from portal.centre_facts import facts_of
from portal.house import House, visitor_of

_SHOWN = 10
"""Versions of a bundle, the newest first."""


class NotFailed(BadInput):
    """A rerun of a centre that did not fail; one line for the operator."""


def office_centre(house: House) -> APIRouter:
    """The routes."""
    routes = APIRouter(prefix="/office/centres/{centre}")
    own_form = [Depends(house.own_form)]

    @routes.get("")
    def one(request: Request, centre: str) -> Response:
        return show_centre(house, request, centre)

    @routes.post("/electronic", dependencies=own_form)
    def electronic(request: Request, centre: str, yes: Annotated[str, Form()] = "") -> Response:
        """The operator's word on electronic delivery, for the address that is in force."""
        inputs, at = house.inputs, house.gate.now().isoformat(timespec="seconds")
        known(house, centre)
        confirm_electronic(house.store, centre, house.name_of(visitor_of(request)), at, yes == "yes", inputs)
        return back(centre)

    @routes.post("/rerun", dependencies=own_form)
    def rerun(request: Request, centre: str) -> Response:
        """Ask for a rerun; `serve` begins with it."""
        if known(house, centre).state is not CentreState.FAILED:
            raise NotFailed(f"中心 {centre} 上次没有失败，不用重做")
        ask_rerun(house.store, centre, visitor_of(request).who, house.gate.now().isoformat(timespec="seconds"))
        return back(centre)

    return routes


def known(house: House, centre: str) -> CentreStatus:
    """The figures of a centre; 404 when there is none of that id."""
    found = house.views.now().centres.get(centre)
    if found is None:
        raise HTTPException(404)
    return found


def show_centre(house: House, request: Request, centre: str, link: str = "") -> Response:
    """The page; with a `link` that was just made it is shown, this once."""
    known(house, centre)
    view = house.views.now()
    facts = facts_of(house, view, centre)
    asked = [one for one in requests(house.store) if one.request.centre == centre]
    there = [(centre, version) for version in journal(house.store, centre).numbers()][: -_SHOWN - 1 : -1]
    return house.page(
        request,
        "office_centre",
        view,
        facts=facts,
        words=CENTRE_WORDS,
        ways=WAY_WORDS,
        asked=asked[-1] if asked else None,
        request_words=REQUEST_WORDS,
        versions=[version for _, version in there],
        blocked={version for _, version in blocked_of(house.store, there)},
        invites=[one for one in house.gate.invites() if one.invite.centre == centre][::-1],
        invite_words=INVITE_WORDS,
        link=link,
        retakes=view.retakes(centre),
    )


def back(centre: str) -> Response:
    """To the centre's page."""
    return RedirectResponse(f"/office/centres/{centre}", 303)
