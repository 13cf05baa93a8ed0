"""What the portal says on every answer, and the few answers that say nothing of what was asked for.

Whatever is not there and whatever is not theirs gets the same bytes, so that nobody learns which of the two it
was.
"""

from functools import cache

from starlette.responses import HTMLResponse, JSONResponse, Response

from gradphoto.language import spoken
from portal.templating import template

HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' blob:; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    "Cache-Control": "no-store",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "X-Robots-Tag": "noindex, nofollow",
}
"""On every answer. Other sites hear no address of ours; with `no-referrer` a form's Origin would be `null`."""


def nothing_here() -> Response:
    """What is not there, or not yours."""
    return HTMLResponse(
        _plain("没有此页", "没有这一页，或者这一页不给您看。登录过期后也会这样：请再次打开邀请链接。"), 404
    )


def not_from_here() -> Response:
    """Something was posted, and by no page of ours."""
    return HTMLResponse(
        _plain("请求没有接受", "只接受本网站页面发来的请求。请返回，重新载入页面后再试一次。"), 403
    )


def no_such_token() -> Response:
    """To a program whose token admits nobody, whatever it asked for."""
    return JSONResponse(
        {"problem": "链接无效、已过期或已撤销，请向采集中心要一个新的"}, 401, {"WWW-Authenticate": "Bearer"}
    )


def too_often(seconds: float) -> Response:
    """Too many wrong tries."""
    after = str(max(1, int(seconds) + 1))
    return HTMLResponse(
        _plain("请稍后再试", f"试错的次数太多，请 {after} 秒后再试。"), 429, {"Retry-After": after}
    )


def too_large() -> Response:
    """More was posted than any form of ours holds."""
    return HTMLResponse(_plain("内容太长", "提交的内容太长，请写短些再试。"), 413)


def out_of_order() -> Response:
    """The machine cannot do it now."""
    return HTMLResponse(_plain("暂时无法使用", "系统暂时无法使用，请稍后再试；一直如此请联系采集中心。"), 503)


def _plain(title: str, words: str) -> str:
    return _filled(title, words, spoken())


@cache
def _filled(title: str, words: str, _language: str) -> str:
    return template("portal/plain.html").render(title=title, words=words)
