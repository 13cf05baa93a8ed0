"""Progress of the stages on standard error: a bar each, with its rate and the time left."""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock

from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    ProgressColumn,
    Task,
    TaskID,
    TextColumn,
    TimeRemainingColumn,
)
from rich.text import Text

from cli.show import err
from gradphoto import progress
from gradphoto.language import shown

WORDS = {
    "ingest": "收片",
    "read": "识读",
    "render": "制作",
    "pack": "打包",
    "prints": "排版",
    "fsck": "核验",
    "backup": "备份",
}


class _Rate(ProgressColumn):
    """Captures a second."""

    def render(self, task: Task) -> Text:
        speed = task.finished_speed or task.speed
        return Text(shown(f"{speed:.1f}/秒") if speed else "")


@contextmanager
def bars(quiet: bool) -> Iterator[None]:
    """Show a bar for each stage that says something meanwhile; nothing when quiet or not on a terminal."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), _Rate(), TimeRemainingColumn())
    with Progress(*columns, console=err, disable=quiet or not err.is_terminal) as there:
        listener = _listener(there)
        progress.listen(listener)
        try:
            yield
        finally:
            progress.ignore(listener)


def _listener(there: Progress) -> progress.Listener:
    tasks: dict[str, TaskID] = {}
    totals: dict[str, int] = {}
    lock = Lock()

    def hear(stage: str, done: int, more: int) -> None:
        with lock:  # shards tell from threads of their own
            if stage not in tasks:
                tasks[stage], totals[stage] = there.add_task(shown(WORDS.get(stage, stage)), total=0), 0
            totals[stage] += more
            there.update(tasks[stage], total=totals[stage], advance=done)

    return hear
