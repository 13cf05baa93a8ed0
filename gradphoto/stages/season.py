"""The season as the store has it: every record read, matched and put into its ledger.

All of it follows from the records, so it is made anew whenever one was added, and kept in memory until then.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache

from gradphoto.adapters.journal import Journal
from gradphoto.adapters.store import Store, fetch
from gradphoto.decision import Decision, Standing, standing
from gradphoto.eligibility import eligibility
from gradphoto.inputs.problems import Held
from gradphoto.inputs.scanlog import read_scanlog
from gradphoto.matching.bindings import Bindings, DeskRow, bind
from gradphoto.matching.choose import Candidate, best, weigh
from gradphoto.matching.kind import Kind, is_scanlog
from gradphoto.matching.ledger import Entry, Ledger, close_ledger, state_of
from gradphoto.matching.match import Match
from gradphoto.matching.season import decide, distinct, hold_ineligible, match_season
from gradphoto.matching.sidecars import NO_SIDECARS, Sidecars
from gradphoto.matching.unmet import unmet
from gradphoto.matching.withdrawn import hold_withdrawn
from gradphoto.original import Digest, Original
from gradphoto.packed import Packed
from gradphoto.portrait import Render
from gradphoto.purge import NONE, InForce
from gradphoto.purges import purged
from gradphoto.reading import Reading
from gradphoto.records import originals, recorded, sessions_with_originals
from gradphoto.stages.sidecars import load_sidecars, unplaced
from gradphoto.stages.snapshot import Inputs, load_inputs
from gradphoto.states import FileState
from gradphoto.versions import READER, RECIPE

PURGED_ROW = "该学生已撤回，这一行没有使用，请从日志中删去"


@dataclass(frozen=True)
class Season:
    """Everything that is known of a campaign at one moment."""

    inputs: Inputs
    captures: tuple[Original, ...]
    duplicates: tuple[Original, ...]
    readings: Mapping[Digest, Reading]
    renders: Mapping[Digest, Render]
    rows: tuple[DeskRow, ...]
    held_rows: tuple[Held, ...]
    decisions: tuple[Decision, ...]
    purged: InForce = NONE
    sidecars: Sidecars = NO_SIDECARS

    @cached_property
    def held(self) -> tuple[Held, ...]:
        """Rows of rosters, mailing list, desk logs and sidecars that were not used."""
        files = (*self.captures, *self.duplicates)
        return (*self.inputs.held, *self.held_rows, *unplaced(self.sidecars, files, self.bindings))

    @cached_property
    def standing(self) -> Standing:
        """The decisions in force."""
        return standing(self.decisions)

    @cached_property
    def bindings(self) -> Bindings:
        """Whose code is whose."""
        return bind(self.inputs.register.students, self.rows, self.inputs.campaign)

    @cached_property
    def ineligible(self) -> Mapping[str, str]:
        """Why a student is outside the campaign's groups, by student number; admitted ones are not here."""
        found = {}
        for no, student in self.inputs.register.students.items():
            judged = eligibility(student, self.inputs.campaign)
            if not judged.eligible and no not in self.standing.admitted:
                found[no] = judged.reason
        return found

    @cached_property
    def withdrawn(self) -> frozenset[str]:
        """The students whose pictures were destroyed, by number."""
        return self.purged.withdrawn(self.inputs.register.students.values())

    @cached_property
    def matches(self) -> list[Match]:
        """Every capture with whose it is; duplicates are not here."""
        told = (self.readings, self.bindings, self.rows, self.inputs.campaign)
        found = match_season(self.captures, *told, duplicates=self.duplicates, sidecars=self.sidecars)
        decided = decide(found, self.standing, self.bindings)
        return hold_withdrawn(hold_ineligible(decided, self.ineligible), self.withdrawn)

    @cached_property
    def unmet(self) -> list[Decision]:
        """Decisions in force whose capture is not there, or is no portrait any more."""
        return unmet(self.standing, self.matches)

    @cached_property
    def candidates(self) -> Mapping[Digest, Candidate]:
        """Every portrait, weighed."""
        spec, renders, decided = self.inputs.spec, self.renders, self.standing
        portraits = (match for match in self.matches if match.classified.kind is Kind.PORTRAIT)
        return {match.sha256: weigh(match, spec, renders, decided) for match in portraits}

    @cached_property
    def chosen(self) -> Mapping[str, Candidate]:
        """For each student who has one the capture that is delivered, by student number."""
        rejected = self.standing.rejected
        alive = (one for sha256, one in self.candidates.items() if sha256 not in rejected)
        return dict(sorted(best(alive).items()))

    @cached_property
    def unpacked(self) -> Ledger:
        """The ledger as if nothing were packed yet: what every centre's packing begins with."""
        return self.ledger(())

    def ledger(self, packed: Iterable[Packed | None]) -> Ledger:
        """The state of every file and student, given the newest bundles."""
        delivered = {
            delivery.student_no: delivery.source_sha256
            for bundle in packed
            if bundle
            for delivery in bundle.deliveries
            if self._centre(delivery.student_no) == bundle.centre
        }
        entries = [
            *(state_of(match, self.candidates, self.chosen, self.standing, delivered) for match in self.matches),
            *(Entry(original, FileState.DUPLICATE) for original in self.duplicates),
        ]
        register = self.inputs.register.students
        return close_ledger(entries, self.matches, register, self.ineligible, self.withdrawn)

    def _centre(self, student_no: str) -> str | None:
        """A student who moved is delivered when the new centre's bundle has the portrait."""
        student = self.inputs.register.students.get(student_no)
        return student.centre if student else None


def readings_journal(store: Store) -> Journal:
    """The records of readings; of two for one content the earlier counts."""
    return Journal(store, f"readings/{READER}")


def look_name(inputs: Inputs) -> str:
    """What portraits of one recipe and one profile are kept under."""
    return f"{READER}-{RECIPE}-{inputs.spec_digest}"


def renders_journal(store: Store, inputs: Inputs) -> Journal:
    """The records of rendering with the snapshot's profile."""
    return Journal(store, f"renders/{look_name(inputs)}")


def decisions_journal(store: Store) -> Journal:
    """The records of decisions, one a record; the record's number is the decision's."""
    return Journal(store, "decisions")


def load_season(store: Store, snapshot: int) -> Season:
    """The season with the inputs of one snapshot; read again only when a record was added since.

    A purge puts other lines under keys that stay, so its own records count too.
    """
    prefixes = ("ingests", f"readings/{READER}", "renders", "decisions", "purges", "receipts")
    return _load(store, snapshot, tuple(key for prefix in prefixes for key in store.keys(prefix)))


def forget_seasons() -> None:
    """Read everything again the next time: between its record and its receipt a purge rewrites others."""
    _load.cache_clear()


@lru_cache(maxsize=2)
def _load(store: Store, snapshot: int, _keys: tuple[str, ...]) -> Season:
    return build_season(store, load_inputs(store, snapshot))


def build_season(store: Store, inputs: Inputs) -> Season:
    """The season with these inputs, read from the records."""
    force = purged(store)
    everything = [
        each
        for session in sessions_with_originals(store)
        for each in originals(store, session)
        if _stands(each, force)
    ]
    captures, duplicates = distinct(everything)
    rows, held = _desk_rows(store, force, inputs)
    sidecars, unread = _sidecars(store, force, inputs)
    return Season(
        inputs=inputs,
        captures=tuple(captures),
        duplicates=tuple(duplicates),
        readings=load_readings(store),
        renders=_renders(store, inputs),
        rows=rows,
        held_rows=(*held, *unread),
        decisions=load_decisions(store),
        purged=force,
        sidecars=sidecars,
    )


def load_decisions(store: Store) -> tuple[Decision, ...]:
    """Every decision, in order."""
    records = decisions_journal(store).records()
    return tuple(Decision.model_validate(line) for _, lines in records for line in lines)


def load_readings(store: Store) -> dict[Digest, Reading]:
    """The kept reading of every original that was read: the first."""
    found: dict[Digest, Reading] = {}
    for _, lines in readings_journal(store).records():
        for line in lines:
            found.setdefault(line["sha256"], Reading.model_validate(line))
    return found


def _renders(store: Store, inputs: Inputs) -> dict[Digest, Render]:
    found: dict[Digest, Render] = {}
    for _, lines in renders_journal(store, inputs).records():
        for line in lines:
            found.setdefault(line["source"], Render.model_validate(line))
    return found


def _desk_rows(store: Store, force: InForce, inputs: Inputs) -> tuple[tuple[DeskRow, ...], tuple[Held, ...]]:
    """The rows of every desk log; of a log that grew, the one taken in last counts."""
    logs: dict[tuple[str, str, str], Original] = {}
    for session in sessions_with_originals(store):
        logs |= {
            one.place: one for one in recorded(store, session) if is_scanlog(one.path) and _stands(one, force)
        }
    rows: dict[tuple[str, Digest], tuple[list[DeskRow], list[Held]]] = {}
    for original in sorted(logs.values(), key=lambda one: one.place):
        data = fetch(store, "originals", original.sha256)
        read = read_scanlog(data, original.session, original.path, inputs.campaign)
        rows.setdefault((original.session, original.sha256), _without_purged(*read, force, inputs))
    return (
        tuple(row for found, _ in rows.values() for row in found),
        tuple(each for _, held in rows.values() for each in held),
    )


def _sidecars(store: Store, force: InForce, inputs: Inputs) -> tuple[Sidecars, list[Held]]:
    every = (one for session in sessions_with_originals(store) for one in recorded(store, session))
    sidecars, held = load_sidecars(store, (one for one in every if _stands(one, force)))
    barred = [row for row in sidecars.rows if force.bars(row, inputs.register.students)]
    more = [Held(file=row.place[2], row=row.number, message=PURGED_ROW) for row in barred]
    return replace(sidecars, rows=tuple(row for row in sidecars.rows if row not in barred)), [*held, *more]


def _stands(original: Original, force: InForce) -> bool:
    stone = force.dead.get(original.sha256)
    return stone is None or stone.successor is not None


def _without_purged(
    rows: list[DeskRow], held: list[Held], force: InForce, inputs: Inputs
) -> tuple[list[DeskRow], list[Held]]:
    """A log that comes again with rows of the purged: they are not used, and said to be so by their row."""
    barred = [row for row in rows if force.bars(row, inputs.register.students)]
    refs = (row.ref.rpartition(":") for row in barred)
    more = [Held(file=file, row=int(number), message=PURGED_ROW) for file, _, number in refs]
    return [row for row in rows if row not in barred] if barred else rows, [*held, *more]
