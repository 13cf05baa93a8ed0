"""Read as a task: a shard of a session's captures."""

from pathlib import Path

from gradphoto.adapters.store import open_store
from gradphoto.matching.season import distinct
from gradphoto.progress import begin
from gradphoto.records import originals
from gradphoto.stages.portraits import look_of
from gradphoto.stages.read import read_shard
from tasks.stage import stage


@stage("read", "read {session} {part}")
def read(url: str, snapshot: int, session: str, part: int, digests: list[str], workers: int) -> int:
    """Read the captures of these digests; returns how many had no reading yet. It needs no season for that."""
    store = open_store(url, Path())
    wanted, (captures, _) = set(digests), distinct(originals(store, session))
    shard = [one for one in captures if one.sha256 in wanted]
    return read_shard(store, look_of(store, snapshot), shard, workers, begin("read", 0))
