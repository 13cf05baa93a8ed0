"""Taking originals in: each file's bytes into the store under their sha256, read back, then recorded.

Bytes come first and records after, a shard at a time, so whatever a kill cuts off is found and taken up
by the next run. Sources are only read. A file's trouble is named and stops nobody; the store's is an exception.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from gradphoto.adapters.found import Found, StillGrowing, Unreadable, pieces
from gradphoto.adapters.inbox import Refusal, look
from gradphoto.adapters.store import Store, check
from gradphoto.adapters.whole import hold_back
from gradphoto.original import Digest, Original
from gradphoto.records import ingests, recorded

Progress = Callable[[int, int], None]
"""Called after each new file: how many are done, how many there are."""


@dataclass(frozen=True, slots=True)
class Ingested:
    """What became of each file of a source."""

    added: tuple[Original, ...]
    known: int
    """Files that were recorded before."""
    refused: tuple[Refusal, ...]
    growing: tuple[str, ...]
    """Not whole yet: the next run takes them."""


def ingest(
    store: Store,
    session: str,
    source: Path,
    source_name: str,
    shard_size: int = 200,
    progress: Progress | None = None,
) -> Ingested:
    """Take in what is new in `source`, which the records call `source_name`.

    `SourceError` when the folder cannot be opened, `StoreTrouble` when the store fails; what was taken in
    until then is recorded.
    """
    seen = hold_back(look(source))
    before = _before(store, session, source_name)
    new = _new(seen.files, before)
    contents = {(original.path, original.sha256) for original in before}
    intake = _Intake(store, session, source_name, shard_size, contents, known=len(seen.files) - len(new))
    try:
        for done, found in enumerate(new, 1):
            intake.take(found)
            if progress:
                progress(done, len(new))
    finally:
        intake.record()  # also when the store failed or somebody pressed Ctrl-C: what is there counts
    return Ingested(
        tuple(intake.added), intake.known, (*seen.refused, *intake.refused), (*seen.growing, *intake.growing)
    )


def has_news(store: Store, session: str, source: Path, source_name: str) -> bool:
    """Whether a source holds files that are not recorded as they are now."""
    return bool(_new(hold_back(look(source)).files, _before(store, session, source_name)))


def _before(store: Store, session: str, source_name: str) -> list[Original]:
    return [original for original in recorded(store, session) if original.source == source_name]


def _new(files: Sequence[Found], before: Sequence[Original]) -> list[Found]:
    states = {(original.path, original.size, original.mtime_ns) for original in before}
    return [found for found in files if (found.path, found.size, found.mtime_ns) not in states]


@dataclass(slots=True)
class _Intake:
    """One run over one source: what became of its files so far, and how much of it is recorded."""

    store: Store
    session: str
    source: str
    shard_size: int
    contents: set[tuple[str, Digest]]
    known: int
    added: list[Original] = field(default_factory=list)
    recorded: int = 0
    refused: list[Refusal] = field(default_factory=list)
    growing: list[str] = field(default_factory=list)

    def take(self, found: Found) -> None:
        try:
            sha256 = self._copy(found)
        except Unreadable as trouble:
            self.refused.append(Refusal(found.path, str(trouble)))
        except StillGrowing:
            self.growing.append(found.path)
        else:
            self._add(found, sha256)

    def record(self) -> None:
        shard = self.added[self.recorded :]
        if shard:
            lines = [original.model_dump(mode="json") for original in shard]
            ingests(self.store, self.session).append(lines)
            self.recorded = len(self.added)

    def _copy(self, found: Found) -> Digest:
        """Copy a file into the store in one pass, then read back what the store holds of it."""
        sha256 = self.store.keep_from("originals", pieces(found)).sha256
        check(self.store, "originals", sha256)
        return sha256

    def _add(self, found: Found, sha256: Digest) -> None:
        if (found.path, sha256) in self.contents:
            self.known += 1
            return
        self.added.append(_original(self.session, self.source, found, sha256))
        if len(self.added) - self.recorded >= self.shard_size:
            self.record()


def _original(session: str, source: str, found: Found, sha256: Digest) -> Original:
    return Original(
        session=session,
        source=source,
        path=found.path,
        sha256=sha256,
        size=found.size,
        mtime_ns=found.mtime_ns,
        unsafe=found.unsafe,
    )
