"""The invites of a store: made, revoked, and looked up for every request."""

import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from threading import Lock

from config.bad_input import BadInput
from gradphoto.adapters.journal import Journal, Line
from gradphoto.adapters.store import Store
from gradphoto.invites import Invite, Revoked, Standing, standing, token_digest

_TOKEN_BYTES = 24


class InviteTrouble(BadInput):
    """An invite that cannot be made or revoked; one line for the operator."""


class Invites:
    """What is known of a store's invites. A record never changes, so each is read once; keys are listed anew."""

    def __init__(self, store: Store) -> None:
        self._journal = invites_journal(store)
        self._read: dict[int, Invite | Revoked] = {}
        self._turn = Lock()

    def standing(self, now: datetime) -> list[Standing]:
        """Every invite with its state, in order of number."""
        with self._turn:
            for number in self._journal.numbers():
                if number not in self._read:
                    (line,) = self._journal.record(number)
                    self._read[number] = said(line)
            return standing([self._read[number] for number in sorted(self._read)], now)

    def valid(self, now: datetime) -> dict[str, Invite]:
        """Those that admit somebody at `now`, by the digest of their token."""
        return {one.invite.token: one.invite for one in self.standing(now) if one.state == "valid"}

    def by_token(self, token: str, now: datetime) -> Invite | None:
        """The invite of a token; None when it admits nobody, whatever the reason is."""
        return self.valid(now).get(token_digest(token))

    def by_number(self, number: int, now: datetime) -> Invite | None:
        """The same for the number of one that somebody came in by."""
        return next((one for one in self.valid(now).values() if one.number == number), None)


def new_token() -> str:
    """192 bits, in letters, digits, `-` and `_`."""
    return secrets.token_urlsafe(_TOKEN_BYTES)


def make_invite(store: Store, centre: str, days: int, now: datetime) -> tuple[Invite, str]:
    """Put an invite on record; the invite, and its token, which nobody will know again."""
    journal, token = invites_journal(store), new_token()
    while True:
        number = journal.last() + 1
        invite = Invite(
            number=number,
            centre=centre,
            token=token_digest(token),
            made=now,
            expires=now + timedelta(days=days),
        )
        if journal.take(number, [{"invite": invite.model_dump(mode="json")}]):
            return invite, token


def revoke_invites(store: Store, numbers: Sequence[int], now: datetime) -> list[int]:
    """Revoke these; the numbers of those that were valid. `InviteTrouble` when there is none of a number."""
    known = {one.invite.number: one for one in Invites(store).standing(now)}
    for number in numbers:
        if number not in known:
            raise InviteTrouble(f"没有编号为 {number} 的邀请：gradphoto portal invites 列出全部")
    wanted = [number for number in dict.fromkeys(numbers) if known[number].state == "valid"]
    for number in wanted:
        gone = Revoked(invite=number, at=now)
        invites_journal(store).append([{"revoked": gone.model_dump(mode="json")}])
    return wanted


def said(line: Line) -> Invite | Revoked:
    """What the one line of a record says."""
    return Invite.model_validate(line["invite"]) if "invite" in line else Revoked.model_validate(line["revoked"])


def invites_journal(store: Store) -> Journal:
    """The records of invites, one a record; the record's number is the invite's."""
    return Journal(store, "invites")
