"""One run as log and metrics are told of it: when it began, how long it was at each stage, what it came to."""

import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from gradphoto.adapters.store import Store, StoreTrouble
from gradphoto.log import since, tell
from gradphoto.run import Run
from gradphoto.stages.metrics import write_metrics


@dataclass
class Watch:
    """A run on its way."""

    flow: str
    begin: float = field(default_factory=time.monotonic)
    seconds: dict[str, float] = field(default_factory=dict)
    """By stage, how long the run was at it."""

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Within it the run is at that stage."""
        begin = time.monotonic()
        yield
        self.seconds[name] = since(begin)

    def ended(self, store: Store, workspace: Path, number: int, run: Run) -> None:
        """Tell what it came to. That nobody could be told is no trouble of the run."""
        found = Counter(outcome.result for outcome in run.centres)
        counts = {name: found[name] for name in ("packaged", "unchanged", "failed")}
        tell("run-ended", flow=self.flow, run=number, seconds=since(self.begin), **counts)
        with suppress(StoreTrouble, OSError, ValueError):
            write_metrics(store, workspace, {**self.seconds, "all": since(self.begin)})


@contextmanager
def watched(flow: str, snapshot: int, sessions: Sequence[str], centres: Sequence[str]) -> Iterator[Watch]:
    """Tell that a run begins, and that it failed if it does."""
    watch = Watch(flow)
    tell("run-begun", flow=flow, snapshot=snapshot, sessions=tuple(sessions), centres=tuple(centres))
    try:
        yield watch
    except BaseException as trouble:
        tell("run-failed", flow=flow, seconds=since(watch.begin), trouble=type(trouble).__name__)
        raise
