"""A centre's address: shown, confirmed or changed, each time as a new word with who signs for it."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Form, Request, Response
from fastapi.responses import RedirectResponse

from config.frozen import Frozen
from gradphoto.address_check import NAME_MOST, NOTE_MOST, AddressRefused
from gradphoto.addresses import WAY_WORDS, AddressSaid, Known, contents
from gradphoto.inputs.mailing import LONG, SHORT
from gradphoto.stages.addresses import addresses_now, say_address
from portal.house import House, visitor_of

PAGE = "/centre/address"
OVERTAKEN = "在您填写期间，地址已有新的登记（见上面“现在的登记”）：请核对后再提交"


_Text = Annotated[str, Form()]


class Filled(Frozen):
    """The form as it was filled in, whatever that is; what it must be is asked when it goes on record."""

    contact: str = ""
    phone: str = ""
    mobile: str = ""
    address: str = ""
    electronic: str = ""
    note: str = ""
    signature: str = ""
    seen: str = ""
    """What of the address in force the page showed."""


def filled_in(
    contact: _Text = "",
    phone: _Text = "",
    mobile: _Text = "",
    address: _Text = "",
    electronic: _Text = "",
    note: _Text = "",
    signature: _Text = "",
    seen: _Text = "",
) -> Filled:
    """The form that was posted."""
    return Filled(**locals())


def address_pages(house: House) -> APIRouter:
    """The routes."""
    routes = APIRouter()

    def show(request: Request, filled: Filled | None = None, status: int = 200, **more: Any) -> Response:
        view, centre = house.views.now(), visitor_of(request).centre
        known = addresses_now(house.store, house.inputs).get(centre)
        told = {"faults": {}, "problem": "", "saved": False, **more}
        told |= {"name": view.centres[centre].name, "known": known, "filled": filled or _filled(known)}
        told |= {"seen": contents(known.address) if known else "", "ways": WAY_WORDS, "most": _MOST}
        return house.page(request, "address", view, status=status, **told)

    @routes.get(PAGE)
    def address(request: Request, saved: str = "") -> Response:
        return show(request, saved=saved == "1")

    @routes.post(PAGE, dependencies=[Depends(house.own_form)])
    def said(request: Request, filled: Annotated[Filled, Depends(filled_in)]) -> Response:
        visitor = visitor_of(request)
        known = addresses_now(house.store, house.inputs).get(visitor.centre)
        if filled.seen != (contents(known.address) if known else ""):
            return show(request, filled, 409, problem=OVERTAKEN)
        if filled.electronic not in ("yes", "no"):
            return show(request, filled, 422, faults={"electronic": "请选择要不要电子数据"})
        try:
            say_address(house.store, house.inputs, _said(filled, visitor.centre, visitor.who, house))
        except AddressRefused as trouble:
            return show(request, filled, 422, faults=dict(trouble.faults))
        return RedirectResponse(f"{PAGE}?saved=1", 303)

    return routes


_MOST = {
    "contact": SHORT,
    "phone": SHORT,
    "mobile": SHORT,
    "address": LONG,
    "note": NOTE_MOST,
    "signature": NAME_MOST,
}


def _filled(known: Known | None) -> Filled:
    """What stands in the form at first: the address in force, and who signs left to be written."""
    if known is None:
        return Filled()
    one = known.address
    return Filled(
        contact=one.contact,
        phone=one.phone,
        mobile=one.mobile,
        address=one.address,
        electronic="yes" if one.electronic else "no",
        note=known.said.note if known.said else "",
    )


def _said(filled: Filled, centre: str, who: str, house: House) -> AddressSaid:
    return AddressSaid(
        centre=centre,
        **filled.model_dump(include={"contact", "phone", "mobile", "address", "note", "signature"}),
        electronic=filled.electronic == "yes",
        way="portal",
        who=who,
        at=house.gate.now().isoformat(timespec="seconds"),
    )
