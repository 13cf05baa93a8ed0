"""The forecast of the make-up window from a season's records."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime

from gradphoto.adapters.store import Store
from gradphoto.forecast import Forecast, Times, forecast, pace
from gradphoto.matching.kind import Kind
from gradphoto.matching.ledger import Ledger
from gradphoto.stages.close import closed_sessions
from gradphoto.stages.season import Season


def makeup_of(store: Store, season: Season, ledger: Ledger) -> Forecast | None:
    """Who will need the make-up window, as of the sessions that were closed; None when nothing can be said."""
    campaign = season.inputs.campaign
    closed = closed_sessions(store, [session.id for session in campaign.sessions])
    return forecast(campaign, ledger.students.values(), closed, _slates(season), _desk(season), ledger.unread)


def seconds_measured(store: Store, season: Season) -> float | None:
    """Seconds from one student to the next in the sessions that were closed; None where nothing was measured."""
    closed = closed_sessions(store, [session.id for session in season.inputs.campaign.sessions])
    if not closed:
        return None
    taken = ({session: times[session] for session in sorted(times.keys() & closed)} for times in _sources(season))
    return next(filter(None, (pace(times.values()) for times in taken)), None)


def _sources(season: Season) -> Iterable[Times]:
    """By the pictures, and where there are too few by the desks."""
    yield _slates(season)
    yield _desk(season)


def _slates(season: Season) -> Times:
    """When each code was photographed first."""
    frames = (match.classified for match in season.matches if match.classified.kind is Kind.SLATE)
    told = ((one.frame.original.session, one.code or "", one.frame.reading) for one in frames)
    return _first((s, code, datetime.fromisoformat(r.taken)) for s, code, r in told if r and r.taken)


def _desk(season: Season) -> Times:
    """When each code was scanned first; what was bound beforehand was no scan."""
    return _first((row.session, row.code, row.at) for row in season.rows if not row.batch)


def _first(seen: Iterable[tuple[str, str, datetime]]) -> Times:
    first: dict[str, dict[str, datetime]] = defaultdict(dict)
    for session, code, at in sorted(seen):
        first[session].setdefault(code, at)
    return {session: list(times.values()) for session, times in first.items()}
