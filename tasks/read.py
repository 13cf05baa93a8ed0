"""Read as a task: a shard of a session's captures."""

from pathlib import Path

from gradphoto.adapters.store import open_store
from gradphoto.progress import begin
from gradphoto.stages.read import read_shard
from gradphoto.stages.season import load_season
from tasks.stage import stage


@stage("read", "read {session} {part}")
def read(url: str, snapshot: int, session: str, part: int, digests: list[str], workers: int) -> int:
    """Read the captures of these digests; returns how many had no reading yet."""
    store = open_store(url, Path())
    wanted = set(digests)
    captures = [one for one in load_season(store, snapshot).captures if one.sha256 in wanted]
    return read_shard(store, captures, workers, begin("read", 0))
