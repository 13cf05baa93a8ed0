"""Render as a task: a shard of a session's chosen captures."""

from pathlib import Path

from gradphoto.adapters.store import open_store
from gradphoto.progress import begin
from gradphoto.stages.render import render_shard
from tasks.stage import stage


@stage("render", "render {session} {part}")
def render(url: str, snapshot: int, session: str, part: int, digests: list[str], workers: int) -> int:
    """Render the chosen captures of these digests; returns how many were not rendered yet."""
    return render_shard(open_store(url, Path()), snapshot, digests, workers, begin("render", 0))
