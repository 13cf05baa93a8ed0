"""Invites: links by which a centre, or an operator, signs in at the portal. Only a token's digest is ever kept.

A token is 192 random bits, so its plain sha256 says nothing of it and needs no salt, and it is looked up by that
digest: no comparison takes longer the more of it is right.
"""

import hashlib
from collections.abc import Iterable
from datetime import datetime
from typing import Literal, NamedTuple

from config.frozen import Frozen
from gradphoto.original import Digest

OPERATOR = ""
"""The centre of an operator's invite."""
State = Literal["valid", "expired", "revoked"]
INVITE_WORDS: dict[State, str] = {"valid": "有效", "expired": "已过期", "revoked": "已撤销"}


class Invite(Frozen):
    """A link that was made. Its number is that of its record, and what the access log calls whoever uses it."""

    number: int
    centre: str
    """An id, or `OPERATOR`."""
    token: Digest
    """The sha256 of the token."""
    made: datetime
    expires: datetime
    """From then on it admits nobody; both with their offset from UTC."""


class Revoked(Frozen):
    """That an invite admits nobody any more, from now on and for good."""

    invite: int
    at: datetime


class Standing(NamedTuple):
    """An invite as it stands now."""

    invite: Invite
    state: State


def token_digest(token: str) -> Digest:
    """What of a token is kept and looked up.

    >>> token_digest("x")[:8]
    '2d711642'
    """
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def standing(said: Iterable[Invite | Revoked], now: datetime) -> list[Standing]:
    """Every invite with its state at `now`, in order of number; a revocation wins over an expiry."""
    invites: dict[int, Invite] = {}
    gone: set[int] = set()
    for one in said:
        if isinstance(one, Invite):
            invites[one.number] = one
        else:
            gone.add(one.invite)
    return [Standing(invite, _state(invite, number in gone, now)) for number, invite in sorted(invites.items())]


def _state(invite: Invite, revoked: bool, now: datetime) -> State:
    if revoked:
        return "revoked"
    return "valid" if now < invite.expires else "expired"
