"""What a night or a rerun is asked to do, as a plan: the same for the commands and for the deployed flows.

Plain functions of a workspace. What cannot be asked is `BadInput` in one line, and then no run began.
"""

from collections.abc import Collection, Iterable, Sequence
from typing import NamedTuple

from config.bad_input import BadInput
from config.campaign import Campaign
from flows.plan import Plan
from gradphoto.adapters.found import Found
from gradphoto.adapters.room import refuse_shortage
from gradphoto.records import originals
from gradphoto.stages.close import closed_sessions
from gradphoto.stages.ingest import news
from gradphoto.stages.place import Place
from gradphoto.stages.purge_papers import complete_purges
from gradphoto.stages.room import night_needs
from gradphoto.stages.runs import good_inputs, last_outcomes, runs, session_digest
from gradphoto.stages.season import Season
from gradphoto.stages.seasons import load_season
from gradphoto.stages.snapshot import newest_snapshot, take_snapshot
from gradphoto.stages.todo import sessions_of


class Asked(NamedTuple):
    """What is to be done; None when there is nothing. `open` are sessions that are over and not closed."""

    plan: Plan | None
    open: tuple[str, ...] = ()


def night_asked(
    place: Place, sessions: Iterable[str] = (), drill: Iterable[str] = (), accept_missing: bool = False
) -> Asked:
    """These sessions, closed or not; without any, the closed ones that changed. `drill` are centres."""
    drilled = [place.centre(centre) for centre in drill]
    wanted = [place.session(session) for session in dict.fromkeys(sessions)]
    for session in wanted:
        _refuse_empty(place, session)
    complete_purges(place.store, place.papers)
    _refuse_shortage(place, wanted or closed(place, place.campaign_now))
    snapshot = take_snapshot(place.store, place.folder, place.settings, accept_missing)
    left: tuple[str, ...] = ()
    if not wanted:
        season = load_season(place.store, snapshot)
        left = _left_open(place, season.inputs.campaign)
        wanted = list(changed(place, season, closed(place, season.inputs.campaign)))
    return Asked(_plan(place, snapshot, wanted, drill=drilled) if wanted else None, left)


def echo_asked(place: Place, session: str) -> Asked:
    """What an event asks of one session: nothing when it is closed and did not change since its last good run."""
    if session not in closed(place, place.campaign_now):
        return night_asked(place, [session])
    _refuse_shortage(place, [session])
    snapshot = take_snapshot(place.store, place.folder, place.settings)
    news = changed(place, load_season(place.store, snapshot), [session])
    return Asked(_plan(place, snapshot, [session]) if news else None)


def failed_of(place: Place, centres: Iterable[str] = ()) -> list[str]:
    """Those of the centres, or of all, whose last outcome was a failure."""
    asked = [place.centre(centre) for centre in dict.fromkeys(centres)]
    complete_purges(place.store, place.papers)
    outcomes = last_outcomes(runs(place.store))
    every = asked or [centre.id for centre in place.campaign_now.centres]
    return [one for one in every if one in outcomes and outcomes[one].result == "failed"]


def rerun_asked(place: Place, failed: Sequence[str], accept_missing: bool = False) -> Plan:
    """These centres again, with every session that has a window of theirs and files."""
    now = place.campaign_now
    _refuse_shortage(place, {session for centre in failed for session in sessions_of(now, centre)}, failed)
    snapshot = take_snapshot(place.store, place.folder, place.settings, accept_missing)
    campaign = load_season(place.store, snapshot).inputs.campaign
    sessions = {session for centre in failed for session in sessions_of(campaign, centre)}
    wanted = [one.id for one in campaign.sessions if one.id in sessions and _has_files(place, one.id)]
    return _plan(place, snapshot, wanted, centres=failed)


def repack_asked(place: Place, centres: Sequence[str]) -> Plan:
    """Some centres from what the store holds, with the inputs of the last run."""
    return _plan(place, newest_snapshot(place.store), (), centres=centres)


def changed(place: Place, season: Season, sessions: Collection[str]) -> dict[str, list[Found]]:
    """Those of the sessions whose inputs differ from their last good run, in the campaign's order.

    Each with the files of its inbox that are new.
    """
    done = good_inputs(runs(place.store))
    ordered = (session.id for session in season.inputs.campaign.sessions if session.id in sessions)
    found = {session: _news(place, session) for session in ordered}
    return {one: new for one, new in found.items() if new or done.get(one) != session_digest(season, one)}


def closed(place: Place, campaign: Campaign) -> set[str]:
    """The sessions of a campaign that are over."""
    return closed_sessions(place.store, [session.id for session in campaign.sessions])


def _plan(place: Place, snapshot: int, sessions: Sequence[str], **more: Sequence[str]) -> Plan:
    return Plan(
        workspace=str(place.papers),
        store=place.store_url,
        snapshot=snapshot,
        sessions=tuple(sessions),
        workers=place.settings.workers,
        shard_size=place.settings.shard_size,
        **{key: tuple(value) for key, value in more.items()},
    )


def _left_open(place: Place, campaign: Campaign) -> tuple[str, ...]:
    over, now = closed(place, campaign), place.local_time.replace(tzinfo=None)
    return tuple(
        session.id
        for session in campaign.sessions
        if session.id not in over and max((window.end for window in session.windows), default=now) < now
    )


def _refuse_empty(place: Place, session: str) -> None:
    if not _has_files(place, session):
        raise BadInput(f"场次 {session} 没有文件：请先把存储卡的内容放进 inbox/{session}/")


def _refuse_shortage(place: Place, sessions: Collection[str], centres: Sequence[str] = ()) -> None:
    """Before anything is written, the snapshot too."""
    refuse_shortage(night_needs(place.store, place.campaign_now, place.folder, sessions, centres))


def _has_files(place: Place, session: str) -> bool:
    return place.inbox(session).is_dir() or bool(originals(place.store, session))


def _news(place: Place, session: str) -> list[Found]:
    inbox = place.inbox(session)
    return news(place.store, session, inbox, f"inbox/{session}") if inbox.is_dir() else []
