"""What a portal answers, read without trusting it: a document, where a part begins, why it is refused."""

import re
from typing import Any

import httpx

from gradphoto.adapters.portal_trouble import Cut, NothingOffered, NotPermitted, PortalRefused, WrongToken
from gradphoto.portal_offer import Offer

_BUSY = (408, 425, 429, 500, 502, 503, 504)
_MOST = 1 << 16
"""Bytes of an answer that is no bundle."""
_CONTENT_RANGE = re.compile("bytes ([0-9]{1,18})-([0-9]{1,18})/([0-9]{1,18})")


class NotThoseBytes(PortalRefused):
    """The portal has no such part of the bundle, or another part came."""


def document(answer: httpx.Response) -> dict[str, Any]:
    """What an answer says as JSON; empty when it is none."""
    data = b""
    for piece in answer.iter_raw():
        data += piece
        if len(data) > _MOST:
            return {}
    try:
        said = httpx.Response(200, content=data).json()
    except ValueError:
        return {}
    return said if isinstance(said, dict) else {}


def begins(answer: httpx.Response, offer: Offer, start: int) -> int:
    """Where what comes begins: at `start`, or at 0 when all of it comes. `NotThoseBytes` when elsewhere."""
    if answer.status_code == 200:
        return 0
    said = _CONTENT_RANGE.fullmatch(answer.headers.get("content-range", ""))
    if said is None or (start, offer.bytes - 1, offer.bytes) != tuple(map(int, said.groups())):
        raise NotThoseBytes("门户给的不是要的那一段内容")
    return start


def refusal(answer: httpx.Response, problem: str) -> Exception | None:
    """Why a portal does not give what was asked for, with its own words for it; None when no portal says such."""
    status = answer.status_code
    if status in _BUSY:
        return Cut("门户繁忙" if status == 429 else "门户出错", _wait(answer))
    if status == 401:
        return WrongToken("令牌无效、已过期或已撤销：请向采集中心要一个新的链接")
    if status == 403 and problem:
        return NotPermitted(f"不能下载：{problem}")
    if status in (409, 410) or (status in (403, 404, 412) and answer.url.path != "/api/bundle"):
        return NothingOffered(f"现在没有可下载的照片包：{problem or '请稍后再试，或联系采集中心'}")
    return None


def _wait(answer: httpx.Response) -> float:
    said = answer.headers.get("retry-after", "")
    return float(said) if re.fullmatch("[0-9]{1,4}", said) else 0.0
