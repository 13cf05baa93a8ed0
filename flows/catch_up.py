"""Catching up: whether a session is closed and changed since its last good run, and nobody has begun with it.

An event is lost when no server hears it, and a machine sleeps. The markers in the store are not lost. Whoever
looks must not get in the way: what still changes is let alone until it stood still from one look to the next, and
the same inputs are tried once, so that a night that cannot succeed is not done all day.
"""

import json
from dataclasses import dataclass, field

from flows.asked import changed, closed
from gradphoto.adapters.store import digest
from gradphoto.stages.inputs_found import inputs_now
from gradphoto.stages.place import Place
from gradphoto.stages.runs import session_digest
from gradphoto.stages.seasons import build_season


@dataclass
class CatchUp:
    """What one watcher has seen and begun."""

    seen: str | None = None
    """What was due at the last look; None before the first, when nothing waits to stand still."""
    begun: set[str] = field(default_factory=set)

    def due(self, place: Place) -> str:
        """What a sweep is to be started for now, to be added to `begun` once it is; empty when there is nothing.

        `BadInput`, `StoreTrouble` or `OSError` when nobody can say.
        """
        now = due(place)
        still = self.seen in (None, now)
        self.seen = now
        return now if still and now not in self.begun else ""


def due(place: Place) -> str:
    """A digest of the closed sessions that changed and of what they are now; empty when there are none."""
    over = closed(place, place.campaign_now)
    if not over:
        return ""
    season = build_season(place.store, inputs_now(place.folder, place.settings))
    found = [
        [session, session_digest(season, session), [(one.path, one.size, one.mtime_ns) for one in new]]
        for session, new in changed(place, season, over).items()
    ]
    return digest(json.dumps(found).encode()) if found else ""
