"""By what a card is known again: a few of its largest files, its anchors.

Two cards never share a picture, whatever its name; a card keeps most of its pictures until it is formatted.
"""

import hashlib
from collections.abc import Iterable
from functools import cache
from itertools import islice

from gradphoto.adapters.found import Found, StillGrowing, Unreadable, pieces
from gradphoto.card_manifest import Listed
from gradphoto.natural import natural_key
from gradphoto.original import Digest

_MANY = 3
"""Anchors of a card; one that is still there is enough."""


class Card:
    """The files of a card, each content read at most once to know the card by it."""

    def __init__(self, files: Iterable[Found]) -> None:
        self._files = {found.path: found for found in files}
        self._digest = cache(_digest)

    @property
    def anchors(self) -> tuple[Listed, ...]:
        """The largest files that can be read; none when nothing can."""
        ordered = sorted(self._files.values(), key=lambda found: (-found.size, natural_key(found.path)))
        read = ((found, self._digest(found)) for found in ordered if found.size)
        return tuple(islice((Listed(found.path, found.size, digest) for found, digest in read if digest), _MANY))

    def has(self, listed: Listed) -> bool:
        """Whether exactly that file is on the card."""
        found = self._files.get(listed.path)
        return found is not None and found.size == listed.size and self._digest(found) == listed.sha256


def _digest(found: Found) -> Digest | None:
    sha256 = hashlib.sha256()
    try:
        for piece in pieces(found):
            sha256.update(piece)
    except (Unreadable, StillGrowing):
        return None
    return sha256.hexdigest()
