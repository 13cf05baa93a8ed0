"""Alarms of a season's sessions."""

from collections import defaultdict
from collections.abc import Iterable

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
    outside = season.ineligible.keys() | season.withdrawn
    at_home: dict[str, list[str]] = defaultdict(list)
    for no, student in season.inputs.register.students.items():
        at_home[student.centre].append(no)
    scenes = (
        Scene(
            session=session,
            matches=matches[session],
            rows=season.rows_by_session.get(session, ()),
            bindings=season.bindings,
            campaign=season.inputs.campaign,
            candidates=season.candidates,
            outside=outside,
            at_home=at_home,
        )
        for session in sessions
        if session in known
    )
    return [alarm for scene in scenes for alarm in session_alarms(scene)]
