"""How many copies of a session are known: that of the store, and those that offloads wrote onto disks.

A picture of which there is one copy is a disk's failure away from a student who must come again.
"""

from collections.abc import Iterable

from pydantic import ValidationError

from config.frozen import Frozen
from gradphoto.adapters.journal import Journal
from gradphoto.adapters.store import DamagedObject, Store
from gradphoto.card_manifest import is_card_note
from gradphoto.matching.kind import is_scanlog
from gradphoto.original import Digest, Original
from gradphoto.records import originals


class CardCopy(Frozen):
    """One card, whole and compared on so many drives; the inbox is none of them."""

    card: Digest
    """Of its manifest."""
    drives: int
    disks: int
    """On how many disks they are."""
    files: int
    bytes: int
    contents: tuple[Digest, ...]
    """Of its files, each once, in order."""


def note_copies(store: Store, session: str, copy: CardCopy) -> None:
    """Put on record that a session's card was copied; a second time is no harm."""
    if copy not in card_copies(store, session):
        _journal(store, session).append([copy.model_dump(mode="json")])


def card_copies(store: Store, session: str) -> list[CardCopy]:
    """What is on record of a session's cards, oldest first."""
    try:
        return [CardCopy.model_validate(line) for _, lines in _journal(store, session).records() for line in lines]
    except ValidationError:
        raise DamagedObject(f"存储中的 copies/{session}：不是拷卡的记录，请从备份恢复") from None


def copies_known(store: Store, session: str) -> int:
    """On how many places each file of a session is known to stand at least, the store counting as one.

    0 when nothing of the session is known. What a desk or an offload wrote itself is not counted.
    """
    return fewest(originals(store, session), card_copies(store, session))


def fewest(files: Iterable[Original], copies: Iterable[CardCopy]) -> int:
    """The same of these files and copies of one session."""
    kept = (one.sha256 for one in files if not is_scanlog(one.path) and not is_card_note(one.path))
    places = dict.fromkeys(kept, 1)
    for sha256, disks in _disks(copies).items():
        places[sha256] = places.get(sha256, 0) + disks
    return min(places.values(), default=0)


def _disks(copies: Iterable[CardCopy]) -> dict[Digest, int]:
    """On how many disks each file stands; two offloads of one card may have met the same ones."""
    found: dict[Digest, int] = {}
    for copy in copies:
        for sha256 in copy.contents:
            found[sha256] = max(copy.disks, found.get(sha256, 0))
    return found


def _journal(store: Store, session: str) -> Journal:
    return Journal(store, f"copies/{session}")
