"""Seats: who is signed in, without a list of them.

A seat is a cookie that names its invite and its end and is signed with the workspace's own key, so it outlasts a
restart in the middle of a download. Only seats that somebody left before their end are written down.
"""

import base64
import hmac
import json
import os
import re
import secrets
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from tempfile import NamedTemporaryFile
from threading import Lock
from typing import NamedTuple

from gradphoto.adapters.durable import private, private_folder, settle

_KEY_BYTES = 32
_FORM = re.compile(
    r"(?P<invite>[a-z0-9]{1,20})\.(?P<until>[0-9]{1,12})\.(?P<nonce>[\w-]{22})\.(?P<mac>[\w-]{43})", re.A
)


class Seat(NamedTuple):
    """One sign-in: by which invite, until when (seconds since 1970), and what tells it from others."""

    invite: str
    until: int
    nonce: str


class Seats:
    """The seats of one workspace; key and what was left stand in `folder`."""

    def __init__(self, folder: Path) -> None:
        private_folder(folder)
        self._key, self._file = _key(folder / "key"), folder / "left.jsonl"
        self._left = _read(self._file)
        self._turn = Lock()

    def take(self, invite: str, until: datetime) -> str:
        """A new seat; the cookie's value."""
        seat = Seat(invite, int(until.timestamp()), nonce())
        return f"{_words(seat)}.{self._sign('seat', _words(seat))}"

    def read(self, cookie: str, now: datetime) -> Seat | None:
        """The seat of a cookie; None when it is none of ours, over, or was left."""
        found = _FORM.fullmatch(cookie)
        if not found:
            return None
        seat = Seat(found["invite"], int(found["until"]), found["nonce"])
        signed = hmac.compare_digest(found["mac"], self._sign("seat", _words(seat)))
        with self._turn:
            there = seat.nonce not in self._left
        return seat if signed and there and now.timestamp() < seat.until else None

    def leave(self, seat: Seat, now: datetime) -> None:
        """Nobody sits there any more, also after a restart; `OSError` when that cannot be written."""
        line = json.dumps({"nonce": seat.nonce, "until": seat.until}).encode() + b"\n"
        with self._turn, open(self._file, "ab", buffering=0, opener=private) as file:
            file.write(line)
            self._left[seat.nonce] = seat.until
            self._left = {one: until for one, until in self._left.items() if until > now.timestamp()}

    def form(self, nonce: str) -> str:
        """What a form of a seat, or of a browser that has none yet, must carry."""
        return self._sign("form", nonce)

    def is_form(self, nonce: str, said: str) -> bool:
        """Whether a form carries that."""
        return hmac.compare_digest(said.encode("utf-8", "replace"), self.form(nonce).encode())

    def _sign(self, what: str, words: str) -> str:
        mac = hmac.digest(self._key, f"{what}:{words}".encode(), "sha256")
        return base64.urlsafe_b64encode(mac).decode().rstrip("=")


def nonce() -> str:
    """128 random bits."""
    return secrets.token_urlsafe(16)


def _words(seat: Seat) -> str:
    return f"{seat.invite}.{seat.until}.{seat.nonce}"


def _key(path: Path) -> bytes:
    """Made once, whole or not at all; whoever loses reads the winner's."""
    if not path.exists():
        with NamedTemporaryFile(dir=path.parent, prefix=".key-") as file, suppress(FileExistsError):
            file.write(secrets.token_bytes(_KEY_BYTES))
            settle(file)
            os.link(file.name, path)
    return path.read_bytes()


def _read(path: Path) -> dict[str, int]:
    """Those that were left; a line that a crash cut off is no seat."""
    found: dict[str, int] = {}
    for line in path.read_bytes().splitlines() if path.exists() else []:
        try:
            said = json.loads(line)
            found[str(said["nonce"])] = int(said["until"])
        except (ValueError, LookupError, TypeError):
            continue
    return found
