"""Alarms of a season's sessions."""

from collections import defaultdict
from collections.abc import Iterable, Sequence

from gradphoto.alarm import Alarm, Scene
from gradphoto.alarms import session_alarms
from gradphoto.matching.match import Match
from gradphoto.stages.season import Season


def alarms_of(season: Season, sessions: Iterable[str]) -> list[Alarm]:
    """The alarms of these sessions, in that order; a session that left the campaign has none."""
    known = {session.id for session in season.inputs.campaign.sessions}
    matches: dict[str, list[Match]] = defaultdict(list)
    for match in season.matches:
        matches[match.classified.frame.original.session].append(match)
    wanted = (session for session in sessions if session in known)
    return [alarm for session in wanted for alarm in session_alarms(_scene(season, session, matches[session]))]


def _scene(season: Season, session: str, matches: Sequence[Match]) -> Scene:
    return Scene(
        session=session,
        matches=matches,
        rows=[row for row in season.rows if row.session == session],
        bindings=season.bindings,
        campaign=season.inputs.campaign,
        candidates=season.candidates,
        outside=season.ineligible.keys() | season.withdrawn,
    )
