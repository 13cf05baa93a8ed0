"""The inputs of a run: kept in the store by digest and numbered, so that a worker needs only the store."""

from functools import lru_cache
from pathlib import Path

from config.frozen import Frozen
from config.settings import Settings
from gradphoto.adapters.journal import Journal
from gradphoto.adapters.store import Store, digest, fetch, keep
from gradphoto.stages.inputs import Inputs, InputTrouble, parse_inputs
from gradphoto.stages.inputs_found import files_there, inputs_now, usable_files


class InputFile(Frozen):
    """One file of the workspace as a run found it."""

    kind: str
    """`campaign`, `spec`, `settings`, `roster` or `mailing`."""
    name: str
    sha256: str


def take_snapshot(store: Store, workspace: Path, settings: Settings, accept_missing: bool = False) -> int:
    """Keep the workspace's inputs; returns the number of their snapshot, that of the newest if nothing changed.

    `InputTrouble` when a file cannot be used, or a roster that was there last time is gone and that was
    not accepted; then nothing is recorded.
    """
    snapshots = _snapshots(store)
    while True:
        last = snapshots.last()  # before the files: whoever looked at them earlier must not get the higher number
        found = usable_files(workspace, settings)
        files = [
            InputFile(kind=kind, name=name, sha256=digest(data)) for (kind, name), data in sorted(found.items())
        ]
        before = read_snapshot(store, last) if last else []
        if files == before:
            return last
        if not accept_missing:
            _refuse_missing(before, files)
        for data in found.values():
            keep(store, "inputs", data)
        if snapshots.take(last + 1, [file.model_dump() for file in files]):
            return last + 1


def is_current(store: Store, workspace: Path, settings: Settings) -> bool:
    """Whether the newest snapshot is what stands in the workspace now; writes nothing."""
    found = sorted(files_there(workspace, settings), key=lambda one: one[:2])
    files = [InputFile(kind=kind, name=name, sha256=digest(data)) for kind, name, data in found]
    last = _snapshots(store).last()
    return last > 0 and files == read_snapshot(store, last)


def newest_snapshot(store: Store) -> int:
    """The number of the newest snapshot, 0 before the first run."""
    return _snapshots(store).last()


def read_snapshot(store: Store, number: int) -> list[InputFile]:
    """The files of one snapshot."""
    return [InputFile.model_validate(line) for line in _snapshots(store).record(number)]


def current_inputs(store: Store, workspace: Path, settings: Settings) -> Inputs:
    """Those of the newest snapshot; before the first run those that stand in the workspace, not recorded."""
    number = newest_snapshot(store)
    return load_inputs(store, number) if number else inputs_now(workspace, settings)


@lru_cache(maxsize=4)
def load_inputs(store: Store, number: int) -> Inputs:
    """The parsed inputs of one snapshot."""
    files = read_snapshot(store, number)
    return parse_inputs(number, {(file.kind, file.name): fetch(store, "inputs", file.sha256) for file in files})


def _snapshots(store: Store) -> Journal:
    return Journal(store, "snapshots")


def _refuse_missing(before: list[InputFile], files: list[InputFile]) -> None:
    gone = {file.name for file in before if file.kind == "roster"} - {file.name for file in files}
    if gone:
        names = "、".join(sorted(gone))
        raise InputTrouble(
            f"名册 {names} 上次还在，现在不见了：请放回 rosters/，或加 --accept-missing-roster 确认"
        )
