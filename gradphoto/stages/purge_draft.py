"""A purge as it is drawn up from a store: contents, keys and records, before anybody was asked. Writes nothing."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from gradphoto.adapters.journal import Journal, Line
from gradphoto.adapters.store import Store, content_key, digest, fetch
from gradphoto.inputs.scanlog_purge import redact_scanlog
from gradphoto.layout import RECORDS
from gradphoto.matching.kind import is_scanlog
from gradphoto.original import Digest, Original
from gradphoto.packed import Packed, journal
from gradphoto.purge import Purge, Scope, Tombstone, mark, traces
from gradphoto.purge_cover import Cover, codes_of, cover
from gradphoto.purge_rules import redacted
from gradphoto.records import originals, sessions_with_originals
from gradphoto.stages.consign import bundles_of
from gradphoto.stages.pack import bundle_key
from gradphoto.stages.purge_scope import students_of
from gradphoto.stages.season import Season

COUNTED = ("readings", "renders", "decisions")
"""Records of which the lines are counted."""


@dataclass
class Draft:
    """One purge; its parts follow from each other."""

    store: Store
    season: Season
    scope: Scope
    rows: int = field(init=False, default=0)
    """Of desks' logs that go."""

    @cached_property
    def students(self) -> frozenset[str]:
        return students_of(self.season, self.scope)

    @cached_property
    def places(self) -> list[Original]:
        """Every file however often its content came in."""
        return [one for session in sessions_with_originals(self.store) for one in originals(self.store, session)]

    @cached_property
    def codes(self) -> frozenset[str]:
        return codes_of(self.students, self.season.bindings.students)

    @cached_property
    def covered(self) -> Cover:
        """The files that go."""
        return cover(self.season.matches, self.places, self.students, self.codes)

    @cached_property
    def purge(self) -> Purge:
        """All of it."""
        records = dict(self._records())
        portraits = [key for key in self.store.keys("portraits") if key.rpartition("/")[2][:64] in self._dead]
        gone = [content_key("originals", sha256) for sha256 in self._dead]
        counts = {
            "files": len(self.covered.files),
            "originals": len(self.covered.contents),
            **{kind: sum(lines for key, lines in records.items() if key.startswith(kind)) for kind in COUNTED},
            "portraits": len(portraits),
            "bundles": len(self._zips),
            "desk_rows": self.rows,
        }
        delete = tuple(sorted([*gone, *portraits, *self._zips]))
        more = {
            "counts": counts,
            "delete": delete,
            "redact": tuple(sorted(records)),
            "repack": tuple(self._repack()),
        }
        return self._rules.model_copy(update=more)

    @cached_property
    def _rules(self) -> Purge:
        """As much of it as says which lines of a record go."""
        covered = {one.sha256: Tombstone(sha256=one.sha256, size=one.size) for one in self.covered.files}
        stones = covered | self._logs()
        return Purge(
            scope=self.scope,
            snapshot=self.season.inputs.number,
            marks=tuple(sorted(self._marks)),
            seen=traces(one for one in self.places if one.sha256 in stones),
            tombstones=tuple(stones[sha256] for sha256 in sorted(stones)),
        )

    @cached_property
    def _marks(self) -> frozenset[Digest]:
        return frozenset(map(mark, self.students | self.codes))

    @cached_property
    def _dead(self) -> frozenset[Digest]:
        return frozenset(stone.sha256 for stone in self._rules.tombstones)

    def _logs(self) -> dict[Digest, Tombstone]:
        """A tombstone for each log and sidecar that speaks of them."""
        logs = {one.sha256: one for one in self.places if is_scanlog(one.path) or self._is_sidecar(one)}
        found: dict[Digest, Tombstone] = {}
        for sha256, one in logs.items():
            made = redact_scanlog(fetch(self.store, "originals", sha256), self._marks)
            if made:
                self.rows += made.rows
                found[sha256] = _stone(one, made.data)
        return found

    def _is_sidecar(self, one: Original) -> bool:
        """Also an earlier state of one that grew."""
        return one.place in self.season.sidecars.places

    @cached_property
    def _versions(self) -> dict[str, Packed]:
        """Every version of every bundle by its key, also those that are gone."""
        centres = (centre.id for centre in self.season.inputs.campaign.centres)
        records = (lines for centre in centres for _, lines in journal(self.store, centre).records())
        found = (Packed.from_lines(lines) for lines in records)
        return {bundle_key(packed.centre, packed.version): packed for packed in found}

    @cached_property
    def _holding(self) -> set[str]:
        """The keys of the bundles that hold a portrait of theirs: of a purged centre all of them."""
        return {key for key, packed in self._versions.items() if self._holds(packed)}

    @cached_property
    def _zips(self) -> list[str]:
        """Those of them that are still there."""
        return sorted(filter(self.store.exists, self._holding))

    def _holds(self, packed: Packed) -> bool:
        if self.scope.centre:
            return packed.centre == self.scope.centre and (
                bool(packed.deliveries) or self.store.exists(packed.path)
            )
        return any(one.student_no in self.students or one.source_sha256 in self._dead for one in packed.deliveries)

    def _repack(self) -> Iterator[str]:
        """The living centres that lose their newest bundle, or whose list of those without a portrait changes."""
        register, campaign = self.season.inputs.register.students, self.season.inputs.campaign
        homes = {register[no].centre for no in self.students}
        for centre, packed in bundles_of(self.store, campaign).items():
            if not self.scope.centre and (centre in homes or packed.path in self._holding):
                yield centre

    def _records(self) -> Iterator[tuple[str, int]]:
        """The records that lose lines, and how many each."""
        for kind in RECORDS:
            for key in self.store.keys(kind):
                lines = _lines(self.store, key)
                stay = redacted(self._rules, key, lines)
                if self._changes(key, lines, stay):
                    yield key, sum(line not in stay for line in lines)

    def _changes(self, key: str, lines: Sequence[Line], stay: Sequence[Line]) -> bool:
        """A version that stays keeps its record as it is, for its lists name who had no portrait then."""
        if key.startswith("packed/"):
            return Packed.from_lines(lines).path in self._holding
        if key.startswith("parcels/"):
            parcels = [line["parcel"] for line in lines]
            held = {bundle_key(parcel["centre"], parcel["version"]) for parcel in parcels}
            return stay != lines or not self._holding.isdisjoint(held)
        return stay != lines


def _stone(original: Original, successor: bytes | None) -> Tombstone:
    stone = Tombstone(sha256=original.sha256, size=original.size)
    if successor is None:
        return stone
    return stone.model_copy(update={"successor": digest(successor), "successor_size": len(successor)})


def _lines(store: Store, key: str) -> list[Line]:
    prefix, _, name = key.rpartition("/")
    return Journal(store, prefix).record(int(name.partition(".")[0]))
