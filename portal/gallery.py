"""Looking through a centre's portraits (快速翻看): which stand on which page, and what was looked at already."""

from collections import defaultdict
from collections.abc import Sequence
from threading import Lock
from typing import Any

from gradphoto.bundle import Delivery
from gradphoto.original import Digest
from gradphoto.packed import newest
from gradphoto.stages.looks import looks, note_look, portraits_digest, portraits_of, reviewed
from portal.office import Office

A_PAGE = 24
"""Portraits."""
Portraits = tuple[Delivery, ...]


class Gallery:
    """Every centre's portraits as one operator has them before them. What was seen is kept when all of it was."""

    def __init__(self, office: Office) -> None:
        self._office = office
        self._lists: dict[Digest, Portraits] = {}
        self._seen: dict[str, set[tuple[str, Digest]]] = defaultdict(set)
        self._turn = Lock()

    def centres(self) -> list[dict[str, Any]]:
        """Every centre with a bundle or something chosen for the next one, in the campaign's order."""
        season = self._office.fresh()
        counts: dict[str, int] = defaultdict(int)
        for student_no in season.chosen:
            counts[season.inputs.register.students[student_no].centre] += 1
        centres = (centre for centre in season.inputs.campaign.centres if counts[centre.id])
        return [self._centre(centre.id, centre.name, counts[centre.id]) for centre in centres]

    def portraits(self, centre: str) -> dict[str, Any]:
        """A centre's portraits as they stand now, exactly as they will be delivered."""
        season = self._office.fresh()
        found = portraits_of(self._office.store, season, centre)
        digest = portraits_digest(found)
        self._lists[digest] = found
        register = season.inputs.register.students
        waiting = sum(register[no].centre == centre for no in season.chosen) - len(found)
        return {
            "name": season.inputs.campaign.centre(centre).name,
            "portraits": digest,
            "after": season.last_decision,
            "waiting": waiting,
            "reviewed": self._is_reviewed(centre, digest),
            "students": [_shown(one) for one in found],
        }

    def seen(self, centre: str, portraits: Digest, page: int) -> dict[str, Any]:
        """A page was looked at. Once all were, that is put on record, of those that are not held meanwhile."""
        shown = self._lists.get(portraits)
        if shown is None:
            return {"reviewed": False, "stale": True, "left": 0}
        with self._turn:
            seen = self._seen[centre]
            seen |= _pairs(shown[page * A_PAGE : (page + 1) * A_PAGE])
            left = len(_pairs(shown) - seen)
            if left:
                return {"reviewed": False, "stale": False, "left": left}
            return self._all_seen(centre, seen)

    def _all_seen(self, centre: str, seen: set[tuple[str, Digest]]) -> dict[str, Any]:
        office = self._office
        now = portraits_of(office.store, office.fresh(), centre)
        if not now or _pairs(now) - seen:
            return {"reviewed": False, "stale": True, "left": len(_pairs(now) - seen)}
        if not self._is_reviewed(centre, portraits_digest(now)):
            note_look(office.store, centre, now, office.who, office.now)
        return {"reviewed": True, "stale": False, "left": 0}

    def _is_reviewed(self, centre: str, digest: Digest) -> bool:
        return any(look.portraits == digest for look in looks(self._office.store, centre))

    def _centre(self, centre: str, name: str, count: int) -> dict[str, Any]:
        packed = newest(self._office.store, centre)
        seen = bool(packed and reviewed(self._office.store, {centre: packed}))
        return {"id": centre, "name": name, "count": count, "reviewed": seen}


def _pairs(portraits: Sequence[Delivery]) -> set[tuple[str, Digest]]:
    return {(one.student_no, one.sha256) for one in portraits}


def _shown(one: Delivery) -> dict[str, str]:
    return {"student_no": one.student_no, "name": one.name, "source": one.source_sha256}
