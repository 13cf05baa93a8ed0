"""The gate: whom a token or a seat admits. It asks the store anew for every request."""

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import NamedTuple

from gradphoto.adapters.store import Store
from gradphoto.invites import OPERATOR, Standing, token_digest
from gradphoto.stages.invites import Invites, new_token
from portal.seats import Seat, Seats, nonce
from portal.visitor import Visitor

FOLDER = ".portal"
START = "start"
"""What the operator is called who came by the link that is shown when the portal starts."""
_LONGEST_TOKEN = 100


class Admitted(NamedTuple):
    """Whom a token admits, and until when."""

    visitor: Visitor
    until: datetime
    invite: str
    """As a seat names it."""


class Gate:
    """`now` is campaign time with its offset, `hours` how long a seat is kept at most."""

    def __init__(self, store: Store, workspace: Path, now: Callable[[], datetime], hours: int) -> None:
        self.seats, self.now = Seats(workspace / FOLDER), now
        self._invites, self._hours = Invites(store), hours
        self._start_token, self._start = new_token(), f"s{nonce().replace('-', '').replace('_', '').lower()[:12]}"

    @property
    def start_token(self) -> str:
        """Admits the operator for as long as this program runs; to be shown on this machine's terminal only."""
        return self._start_token

    def admits(self, token: str) -> Admitted | None:
        """Whom a token admits; None when nobody."""
        now = self.now()
        end = now + timedelta(hours=self._hours)
        if len(token) > _LONGEST_TOKEN:
            return None
        if token_digest(token) == token_digest(self._start_token):
            return Admitted(Visitor(START, OPERATOR), end, self._start)
        invite = self._invites.by_token(token, now)
        if invite is None:
            return None
        return Admitted(Visitor(str(invite.number), invite.centre), min(end, invite.expires), str(invite.number))

    def invites(self) -> list[Standing]:
        """Every invite with its state, in order of number."""
        return self._invites.standing(self.now())

    def sit(self, admitted: Admitted) -> str:
        """The cookie of a new seat."""
        return self.seats.take(admitted.invite, admitted.until)

    def seated(self, cookie: str) -> tuple[Visitor, Seat] | None:
        """Who sits there; None when nobody does, or their invite admits nobody any more."""
        now = self.now()
        seat = self.seats.read(cookie, now)
        if seat is None:
            return None
        if seat.invite == self._start:
            return Visitor(START, OPERATOR, seat.nonce), seat
        invite = self._invites.by_number(int(seat.invite), now) if seat.invite.isdecimal() else None
        return (Visitor(seat.invite, invite.centre, seat.nonce), seat) if invite else None
