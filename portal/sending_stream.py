"""Bytes on their way to one client: read in threads, never ahead of what has left, closed however it ends."""

import time
from collections.abc import AsyncIterator, Callable, Generator, Mapping
from contextlib import closing

from anyio import CancelScope, CapacityLimiter, to_thread
from anyio.lowlevel import RunVar
from starlette.responses import StreamingResponse
from starlette.types import Receive, Scope, Send

from gradphoto.adapters.store import StoreTrouble

AT_ONCE = 16
"""Threads that read for downloads at any time, so that a store which hangs leaves the pages theirs."""
LOOK_AGAIN = 10.0
"""Seconds after which it is asked again whether somebody may have the rest: on a bad line it takes hours."""

_reading: RunVar[CapacityLimiter] = RunVar("gradphoto-sending")


class NoLonger(StoreTrouble):
    """Somebody may not have the rest of what is being sent."""


def while_allowed(
    pieces: Generator[bytes], allowed: Callable[[], bool], clock: Callable[[], float] = time.monotonic
) -> Generator[bytes]:
    """The pieces, for as long as they are allowed; else `NoLonger` within `LOOK_AGAIN` seconds, or one piece."""
    looked = clock()
    with closing(pieces):
        for piece in pieces:
            if clock() - looked >= LOOK_AGAIN:
                if not allowed():
                    raise NoLonger
                looked = clock()
            yield piece


class Stream(StreamingResponse):
    """Pieces that are read in threads, each when the one before has left; closed however it ends."""

    def __init__(self, pieces: Generator[bytes], status: int, headers: Mapping[str, str]) -> None:
        super().__init__(_aside(pieces), status, headers)
        self._pieces = pieces

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send it. What the store fails to give cuts the connection: nobody takes the beginning for all."""
        try:
            await super().__call__(scope, receive, send)
        except StoreTrouble:
            return
        finally:
            with CancelScope(shield=True):
                await to_thread.run_sync(self._pieces.close, limiter=_limiter())


async def _aside(pieces: Generator[bytes]) -> AsyncIterator[bytes]:
    while (piece := await to_thread.run_sync(next, pieces, b"", limiter=_limiter())) != b"":
        yield piece


def _limiter() -> CapacityLimiter:
    """One for each event loop."""
    try:
        return _reading.get()
    except LookupError:
        _reading.set(limiter := CapacityLimiter(AT_ONCE))
        return limiter
