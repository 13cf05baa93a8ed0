"""A bundle over HTTP: whole or from where a cut left it, in constant memory, or by a link to S3 itself.

Who may have it is asked by the route before, for every request anew: a range of it is as much as the whole.
What the bytes are is known from the record of the bundle, so the entity tag is its sha256, and never changes.
"""

from collections.abc import Callable, Mapping
from pathlib import PurePosixPath
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import Response

from gradphoto.adapters.s3_store import S3Store
from gradphoto.adapters.store import Store, damaged
from gradphoto.packed import Packed
from portal.sending_range import Part, Unsatisfiable, names, part_of
from portal.sending_stream import Stream, while_allowed

LINK_SECONDS = 60
"""How long a link to S3 may be opened; what was begun with it goes on."""
_ATTR_CHARS = "!#$&+-.^_`|~"
"""What RFC 5987 leaves as it is, besides letters and digits."""


def send_bundle(
    request: Request,
    store: Store,
    packed: Packed,
    filename: str,
    direct: str = "",
    allowed: Callable[[], bool] = lambda: True,
) -> Response:
    """The answer to a GET or HEAD for a bundle, after all checks; call it from a plain `def` route.

    `filename` is the name for people, in any script. `direct` is the address at which clients reach the store's
    S3 service: they are sent there with a link of `LINK_SECONDS`; empty, or another store: the bytes pass through
    here. `allowed` is asked again while they do, and whoever may not have the rest is cut off.
    Raises `MissingObject` when the bundle is gone, and any `StoreTrouble`.
    """
    headers = _headers(packed, filename)
    refused = _refused(request, headers)
    if refused:
        return Response(status_code=refused, headers=headers if refused == 304 else None)
    if store.size(packed.path) != packed.bytes:
        raise damaged(packed.path)
    try:
        part = _part(request, packed, headers["ETag"])
    except Unsatisfiable:
        return Response(status_code=416, headers={"Content-Range": f"bytes */{packed.bytes}"})
    if direct and isinstance(store, S3Store) and request.method == "GET":
        return _elsewhere(store, packed, headers, direct)
    return _here(request, store, packed, headers, part, allowed)


def disposition(packed: Packed, filename: str) -> str:
    """The Content-Disposition of a bundle: its name for people, and the bag's own for who reads ASCII only."""
    plain = PurePosixPath(packed.path).name
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(filename, safe=_ATTR_CHARS)}"


def _headers(packed: Packed, filename: str) -> dict[str, str]:
    return {
        "ETag": f'"{packed.sha256}"',
        "Accept-Ranges": "bytes",
        "Cache-Control": "no-store",
        "Content-Disposition": disposition(packed, filename),
        "Content-Type": "application/zip",
        "X-Content-Type-Options": "nosniff",
    }


def _refused(request: Request, headers: Mapping[str, str]) -> int:
    """The status by which a condition of the request ends it; 0 when none does."""
    etag = headers["ETag"]
    match, none_match = (_joined(request, name) for name in ("if-match", "if-none-match"))
    if match is not None and not names(match, etag, weak=False):
        return 412
    return 304 if names(none_match, etag, weak=True) else 0


def _part(request: Request, packed: Packed, etag: str) -> Part | None:
    """What is asked for of it; all, when If-Range names other bytes than these."""
    only_if = request.headers.get("if-range")
    if request.method != "GET" or (only_if is not None and only_if.strip() != etag):
        return None
    return part_of(_joined(request, "range"), packed.bytes)


def _joined(request: Request, name: str) -> str | None:
    said = request.headers.getlist(name)
    return ", ".join(said) if said else None


def _elsewhere(store: S3Store, packed: Packed, headers: Mapping[str, str], direct: str) -> Response:
    """A link to the object itself. The entity tag is said here, for that of S3 is another one."""
    shown = {name: headers[name] for name in ("ETag", "Cache-Control")}
    url = store.link(packed.path, direct, LINK_SECONDS, headers["Content-Disposition"])
    return Response(status_code=307, headers={**shown, "Location": url})


def _here(
    request: Request,
    store: Store,
    packed: Packed,
    headers: dict[str, str],
    part: Part | None,
    allowed: Callable[[], bool],
) -> Response:
    start, stop = part or (0, packed.bytes)
    headers = {**headers, "Content-Length": str(stop - start)}
    if part:
        headers["Content-Range"] = f"bytes {start}-{stop - 1}/{packed.bytes}"
    if request.method == "HEAD":
        return Response(headers=headers)
    pieces = while_allowed(store.pieces(packed.path, start, stop), allowed)
    return Stream(pieces, 206 if part else 200, headers)
