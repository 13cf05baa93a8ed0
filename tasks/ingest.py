"""Ingest as a task: one session's folder, or the folders that were given for it."""

from pathlib import Path

from gradphoto.adapters.store import open_store
from gradphoto.progress import counter
from gradphoto.run import SessionOutcome
from gradphoto.stages.ingest import ingest as ingest_source
from tasks.stage import stage


@stage("ingest", "ingest {session}")
def ingest(url: str, workspace: str, session: str, shard_size: int) -> SessionOutcome:
    """Take in what is new in the session's inbox; a session without one adds nothing."""
    source = Path(workspace) / "inbox" / session
    if not source.is_dir():
        return SessionOutcome(session=session)
    store = open_store(url, Path(workspace))
    taken = ingest_source(store, session, source, f"inbox/{session}", shard_size, counter("ingest"))
    return SessionOutcome(
        session=session,
        added=len(taken.added),
        refused=tuple(f"{refusal.path}：{refusal.reason}" for refusal in taken.refused),
        growing=taken.growing,
    )
