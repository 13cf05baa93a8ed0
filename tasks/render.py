"""Render as a task: a shard of a session's chosen captures."""

from pathlib import Path

from prefect import task

from gradphoto.adapters.store import open_store
from gradphoto.progress import begin
from gradphoto.stages.render import render_shard
from tasks.trouble import DELAYS, RETRIES, worth_another_try


@task(
    name="render",
    task_run_name="render {session} {part}",
    tags=["render"],
    retries=RETRIES,
    retry_delay_seconds=DELAYS,
    retry_condition_fn=worth_another_try,
)
def render(url: str, snapshot: int, session: str, part: int, digests: list[str], workers: int) -> int:
    """Render the chosen captures of these digests; returns how many were not rendered yet."""
    return render_shard(open_store(url, Path()), snapshot, digests, workers, begin("render", 0))
