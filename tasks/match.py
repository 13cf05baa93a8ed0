"""Match as a task: whose the sessions' captures are, and so which centres have something to pack."""

from pathlib import Path

from gradphoto.adapters.store import open_store
from gradphoto.stages.season import load_season
from gradphoto.stages.todo import centres_of
from tasks.stage import stage


@stage("match")
def match(url: str, snapshot: int, sessions: list[str]) -> list[str]:
    """The centres that these sessions touch. The matches follow from the records and are kept nowhere."""
    return centres_of(load_season(open_store(url, Path()), snapshot), sessions)
