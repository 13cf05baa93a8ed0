"""Match as a task: whose the sessions' captures are, and so which centres have something to pack."""

from pathlib import Path

from gradphoto.adapters.store import open_store
from gradphoto.stages.consign import bundles_of
from gradphoto.stages.seasons import load_season
from gradphoto.stages.todo import centres_of
from tasks.stage import stage


@stage("match")
def match(url: str, snapshot: int, sessions: list[str]) -> list[str]:
    """The centres that these sessions touch. The matches follow from the records and are kept nowhere."""
    store = open_store(url, Path())
    season = load_season(store, snapshot)
    return centres_of(season, sessions, bundles_of(store, season.inputs.campaign).values())
