"""Handing out bundles: to the operator, and to a centre that asked for the files and was confirmed."""

import re
from functools import partial
from typing import Any

from fastapi import APIRouter, HTTPException, Request, Response
from fastapi.responses import JSONResponse

from gradphoto.packed import Packed
from gradphoto.stages.addresses import may_download
from gradphoto.stages.blocked import BLOCKED
from portal.house import House, visitor_of
from portal.noted import Noted
from portal.sending import send_bundle
from portal.visitor import Visitor

NOT_ELECTRONIC = "没有申请电子数据，或采集中心尚未确认；照片冲印件会寄到登记的地址"
NO_BUNDLE = "还没有照片包"
RECALLED = f"照片包{BLOCKED}，已停止下载，新的照片包备好后再来"


def handing(house: House) -> APIRouter:
    """The routes."""
    routes, noted = APIRouter(), Noted(house.store)

    @routes.api_route("/bundles/{centre}/{version}", methods=["GET", "HEAD"])
    def bundle(request: Request, centre: str, version: str) -> Response:
        visitor = visitor_of(request)
        if not may_have(house, visitor, centre):
            raise HTTPException(404)
        packed = house.bundles.version(centre, int(version)) if re.fullmatch("[1-9][0-9]{0,5}", version) else None
        if packed is None:
            raise HTTPException(404)
        request.scope["what"] = f"{packed.centre}/{packed.version}"
        if house.bundles.recalled(packed):
            return house.page(request, "problem", status=409, problem=RECALLED)
        if request.method == "GET":
            noted.note(visitor, packed, house.gate.now())
        name = house.inputs.campaign.centre(centre).name
        filename = f"{name}-第{packed.version}版.zip"
        may = partial(_still, house, visitor, packed)
        return send_bundle(request, house.store, packed, filename, house.settings.portal_s3, may)

    @routes.get("/api/bundle")
    def which(request: Request, centre: str = "") -> Response:
        """The newest bundle of a centre: its own, or for the operator that of `centre`."""
        visitor = visitor_of(request)
        wanted = centre if visitor.operator else visitor.centre
        if (centre and centre != wanted) or not is_centre(house, wanted):
            raise HTTPException(404)
        if not may_have(house, visitor, wanted):
            return JSONResponse({"problem": NOT_ELECTRONIC}, 403)
        packed = house.bundles.newest(wanted)
        if packed is None:
            return JSONResponse({"problem": NO_BUNDLE}, 409)
        if house.bundles.recalled(packed):
            return JSONResponse({"problem": RECALLED}, 409)
        return JSONResponse(_told(packed))

    return routes


def _still(house: House, visitor: Visitor, packed: Packed) -> bool:
    """Whether they may have the rest of what they are being sent."""
    return may_have(house, visitor, packed.centre) and not house.bundles.recalled(packed)


def may_have(house: House, visitor: Visitor, centre: str) -> bool:
    """Whether they may fetch that centre's files. Whose it is is asked before anything is read."""
    if visitor.operator:
        return is_centre(house, centre)
    return centre == visitor.centre and may_download(house.store, house.inputs, centre)


def is_centre(house: House, centre: str) -> bool:
    """Whether the campaign has a centre of that id."""
    return any(one.id == centre for one in house.inputs.campaign.centres)


def _told(packed: Packed) -> dict[str, Any]:
    return {
        "centre": packed.centre,
        "version": packed.version,
        "sha256": packed.sha256,
        "bytes": packed.bytes,
        "path": f"/bundles/{packed.centre}/{packed.version}",
    }
