"""A centre's pages: where its students stand, who must come again, its address. No other centre, no ID numbers."""

from fastapi import APIRouter, Request, Response

from gradphoto.retakes import make_up
from gradphoto.states import STUDENT_WORDS, StudentState
from portal.address_pages import address_pages
from portal.centre_facts import facts_of
from portal.house import House, visitor_of
from portal.leaves import leaf


def centre_pages(house: House) -> APIRouter:
    """The routes."""
    routes = APIRouter()
    routes.include_router(address_pages(house))

    @routes.get("/centre")
    def home(request: Request) -> Response:
        view = house.views.now()
        return house.page(request, "centre", view, facts=facts_of(house, view, visitor_of(request).centre))

    @routes.get("/centre/again")
    def again(request: Request) -> Response:
        view, centre = house.views.now(), visitor_of(request).centre
        rows = view.retakes(centre)
        return house.page(
            request, "again", view, name=view.centres[centre].name, rows=rows, when=make_up(view.campaign)
        )

    @routes.get("/centre/students")
    def students(request: Request, state: str = "", page: str = "1") -> Response:
        view, centre = house.views.now(), visitor_of(request).centre
        every = view.students(centre)
        wanted = [each for each in every if state in ("", each.state.value)]
        states = [
            (one.value, word, sum(each.state is one for each in every)) for one, word in STUDENT_WORDS.items()
        ]
        return house.page(
            request,
            "students",
            view,
            name=view.centres[centre].name,
            leaf=leaf(wanted, page),
            states=[one for one in states if one[2]],
            state=state if state in {one.value for one in StudentState} else "",
            words=STUDENT_WORDS,
        )

    return routes
