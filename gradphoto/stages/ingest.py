"""Taking originals in: each file's bytes into the store under their sha256, read back, then recorded.

Bytes come first and records after, a shard at a time, so whatever a kill cuts off is found and taken up
by the next run. Sources are only read. A file's trouble is named and stops nobody; the store's is an exception.
"""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from gradphoto.adapters.found import Found, StillGrowing, Unreadable, pieces
from gradphoto.adapters.inbox import Refusal, look
from gradphoto.adapters.store import Store, check
from gradphoto.adapters.whole import hold_back
from gradphoto.matching.kind import is_scanlog, is_sheet_name
from gradphoto.original import Digest, Original
from gradphoto.purge import InForce, trace
from gradphoto.purges import purged
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
    purged: tuple[str, ...] = ()
    """Paths of what was destroyed by a purge, and is not taken in again wherever it lies."""


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
    new, gone = _parted(_new(seen.files, before), source_name, purged(store))
    contents = {(original.path, original.sha256) for original in before}
    known = len(seen.files) - len(new) - len(gone)
    intake = _Intake(store, session, source_name, shard_size, contents, known)
    try:
        for done, found in enumerate(new, 1):
            intake.take(found)
            if progress:
                progress(done, len(new))
    finally:
        intake.record()  # also when the store failed or somebody pressed Ctrl-C: what is there counts
    return Ingested(
        added=tuple(intake.added),
        known=intake.known,
        refused=(*seen.refused, *intake.refused),
        growing=(*seen.growing, *intake.growing),
        purged=tuple(found.path for found in gone),
    )


def news(store: Store, session: str, source: Path, source_name: str) -> list[Found]:
    """The files of a source that are not recorded as they are now: what `ingest` would take in."""
    fresh = _new(hold_back(look(source)).files, _before(store, session, source_name))
    return _parted(fresh, source_name, purged(store))[0]


def has_news(store: Store, session: str, source: Path, source_name: str) -> bool:
    """Whether there are such files."""
    return bool(news(store, session, source, source_name))


def _before(store: Store, session: str, source_name: str) -> list[Original]:
    return _standing([original for original in recorded(store, session) if original.source == source_name])


def _standing(before: Sequence[Original]) -> list[Original]:
    """Without the earlier states of logs and sidecars: the last one counts, so one that is put back is news."""
    tables = (original for original in before if is_scanlog(original.path) or is_sheet_name(original.path))
    last = {original.path: original for original in tables}
    return [original for original in before if last.get(original.path, original) is original]


def _new(files: Sequence[Found], before: Sequence[Original]) -> list[Found]:
    states = {(original.path, original.size, original.mtime_ns) for original in before}
    return [found for found in files if (found.path, found.size, found.mtime_ns) not in states]


def _parted(files: Sequence[Found], source_name: str, force: InForce) -> tuple[list[Found], list[Found]]:
    """Files that may be taken in, and those that a purge destroyed; only what has such a size is read for it."""
    sizes = {stone.size for stone in force.dead.values()}
    gone = {found.path: found for found in files if found.size in sizes and _is_gone(found, source_name, force)}
    return [found for found in files if found.path not in gone], list(gone.values())


def _is_gone(found: Found, source_name: str, force: InForce) -> bool:
    if trace(source_name, found.path, found.size, found.mtime_ns) in force.seen:
        return True
    sha256 = hashlib.sha256()
    try:
        for piece in pieces(found):
            sha256.update(piece)
    except (Unreadable, StillGrowing):
        return False  # told of where it would be taken in
    return sha256.hexdigest() in force.dead


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
            sha256 = self._copied(found)
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

    def _copied(self, found: Found) -> Digest:
        """A file that cannot be read is tried once more, for cards and networks falter."""
        try:
            return self._copy(found)
        except Unreadable:
            return self._copy(found)

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
