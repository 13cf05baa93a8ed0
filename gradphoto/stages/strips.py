"""Strips: the frames of each camera body in shooting order, as a person wants to see them beside each other."""

from collections.abc import Iterator
from typing import NamedTuple

from gradphoto.matching.lanes import Lane, lanes
from gradphoto.matching.places import frames_by_session
from gradphoto.matching.remade import standing
from gradphoto.original import Digest
from gradphoto.reading import Reading
from gradphoto.stages.season import Season


class Strip(NamedTuple):
    """One body's frames of one session; each content once, where the camera took it."""

    session: str
    body: str
    """Model and serial number, as far as the frames say; empty when none does."""
    frames: tuple[Digest, ...]


def strips(season: Season, only: str | None = None) -> list[Strip]:
    """The strips of every session, or of one, in order of session and body."""
    known = {session.id for session in season.inputs.campaign.sessions}
    told = (season.captures, season.duplicates, season.readings, season.inputs.campaign)
    found = frames_by_session(*told)
    return [
        _strip(session, lane)
        for session, frames in sorted(found.items())
        if session in known and only in (None, session)
        for lane in lanes(standing(frames).ordered)
    ]


def _strip(session: str, lane: Lane) -> Strip:
    frames = [shot.classified.frame for shot in lane if not shot.echo]
    digests = dict.fromkeys(frame.original.sha256 for frame in frames)
    bodies = (name for frame in frames if frame.reading for name in _names(frame.reading))
    return Strip(session, next(bodies, ""), tuple(digests))


def _names(reading: Reading) -> Iterator[str]:
    parts = [part for part in (reading.camera, reading.serial) if part]
    if parts:
        yield " ".join(parts)
