"""The season as the store has it: every record read, matched and put into its ledger.

All of it follows from the records, so it is made anew whenever one was added, and kept in memory until then.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache

from gradphoto.adapters.journal import Journal, Line, dump_lines
from gradphoto.adapters.store import Store, digest, fetch
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
from gradphoto.photo_names import photo_name, photo_names
from gradphoto.portrait import Render
from gradphoto.purge import NONE, InForce
from gradphoto.purges import purged
from gradphoto.reading import Reading
from gradphoto.records import each_once, recorded, sessions_with_originals
from gradphoto.stages.known import Keys, era_of, first_by, forget, keys_of, lines_of, shelf
from gradphoto.stages.portraits import look_named
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
    unrendered: "Season | None" = field(default=None, init=False, compare=False, repr=False)
    """The same but for the renders: what does not follow from those is made there, once."""
    weighed: dict[Digest, tuple[Match, Render | None, Candidate]] = field(
        default_factory=dict, init=False, compare=False, repr=False
    )
    """The candidates of every season of which this is the `unrendered` one, with what they were made of."""

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
        if self.unrendered:
            return self.unrendered.bindings
        return bind(self.inputs.register.students, self.rows, self.inputs.campaign)

    @cached_property
    def ineligible(self) -> Mapping[str, str]:
        """Why a student is outside the campaign's groups, by student number; admitted ones are not here."""
        if self.unrendered:
            return self.unrendered.ineligible
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
        if self.unrendered:
            return self.unrendered.matches
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
        portraits = (match for match in self.matches if match.classified.kind is Kind.PORTRAIT)
        return {match.sha256: self._weighed(match) for match in portraits}

    @cached_property
    def chosen(self) -> Mapping[str, Candidate]:
        """For each student who has one the capture that is delivered, by student number."""
        rejected = self.standing.rejected
        alive = (one for sha256, one in self.candidates.items() if sha256 not in rejected)
        return dict(sorted(best(alive).items()))

    @cached_property
    def chosen_by_centre(self) -> Mapping[str, Mapping[str, Candidate]]:
        """The same by the student's centre."""
        found: dict[str, dict[str, Candidate]] = defaultdict(dict)
        for student_no, one in self.chosen.items():
            found[self.inputs.register.students[student_no].centre][student_no] = one
        return found

    @cached_property
    def captures_by_session(self) -> Mapping[str, Sequence[Original]]:
        """The captures of each session, in order of place."""
        found: dict[str, list[Original]] = defaultdict(list)
        for one in self.captures:
            found[one.session].append(one)
        return found

    @cached_property
    def photo_names(self) -> Mapping[str, str]:
        """What each student's portrait is called in a bundle, by student number, as far as no session is in it."""
        if self.unrendered:
            return self.unrendered.photo_names
        return photo_names(self.inputs.delivery.photo_name, self.inputs.register.students.values())

    def photo_name(self, student_no: str) -> str:
        """What the portrait of a student who has one is called in a bundle."""
        template = self.inputs.delivery.photo_name
        if "{session}" not in template:
            return self.photo_names[student_no]
        session = self.chosen[student_no].match.classified.frame.original.session
        return photo_name(template, self.inputs.register.students[student_no], session=session)

    @cached_property
    def digest(self) -> Digest:
        """Of everything that decides what a bundle holds; where files lay and when they came does not count."""
        if self.unrendered:
            return self.unrendered.digest
        captures = sorted((one.session, one.path, one.sha256) for one in self.captures)
        lines: list[Line] = [
            {"inputs": self.inputs.digest, "reader": READER, "recipe": RECIPE},
            *({"capture": capture} for capture in captures),
            *({"decision": decision.says} for decision in self.decisions),
        ]
        return digest(dump_lines(lines))

    @cached_property
    def words_digest(self) -> Digest:
        """Of what desks and people said: every session's part of the bundles follows from all of it."""
        if self.unrendered:
            return self.unrendered.words_digest
        rows = sorted(
            (row.ref, row.code, row.student_no or "", row.at.isoformat(), *(["batch"] if row.batch else []))
            for row in self.rows
        )
        decisions = [decision.says for decision in self.decisions]
        return digest(dump_lines([{"rows": rows}, {"decisions": decisions}]))

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

    def _weighed(self, match: Match) -> Candidate:
        """Weighed once as long as nothing that it is made of changed."""
        kept, render = (self.unrendered or self).weighed, self.renders.get(match.sha256)
        before = kept.get(match.sha256)
        if before and before[0] is match and before[1] is render:
            return before[2]
        candidate = weigh(match, self.inputs.spec, self.renders, self.standing)
        kept[match.sha256] = (match, render, candidate)
        return candidate

    def _centre(self, student_no: str) -> str | None:
        """A student who moved is delivered when the new centre's bundle has the portrait."""
        student = self.inputs.register.students.get(student_no)
        return student.centre if student else None


def readings_journal(store: Store) -> Journal:
    """The records of readings; of two for one content the earlier counts."""
    return Journal(store, f"readings/{READER}")


def look_name(inputs: Inputs) -> str:
    """What portraits of one recipe and one profile are kept under."""
    return look_named(inputs.spec_digest)


def renders_journal(store: Store, inputs: Inputs) -> Journal:
    """The records of rendering with the snapshot's profile."""
    return Journal(store, f"renders/{look_name(inputs)}")


def decisions_journal(store: Store) -> Journal:
    """The records of decisions, one a record; the record's number is the decision's."""
    return Journal(store, "decisions")


def load_season(store: Store, snapshot: int) -> Season:
    """The season with the inputs of one snapshot; whatever did not change since the last time is not made again.

    A purge puts other lines under keys that stay, so its own records count too.
    """
    told = (keys_of(store, "ingests"), keys_of(store, f"readings/{READER}"), keys_of(store, "decisions"))
    return _load(store, snapshot, era_of(store), told, keys_of(store, "renders"))


def forget_seasons() -> None:
    """Read everything again the next time: between its record and its receipt a purge rewrites others."""
    forget()
    for remembered in (_load, _unrendered, _intake_of):
        remembered.cache_clear()


def build_season(store: Store, inputs: Inputs) -> Season:
    """The season with these inputs, read from the records as they stand now."""
    return replace(
        _intake(store, inputs),
        readings=load_readings(store),
        renders=first_by(lambda one: one.source, lines_of(renders_journal(store, inputs), Render)),
        decisions=load_decisions(store),
    )


def load_decisions(store: Store) -> tuple[Decision, ...]:
    """Every decision, in order."""
    records = decisions_journal(store).records()
    return tuple(Decision.model_validate(line) for _, lines in records for line in lines)


def load_readings(store: Store) -> dict[Digest, Reading]:
    """The kept reading of every original that was read: the first."""
    return first_by(lambda one: one.sha256, lines_of(readings_journal(store), Reading))


@lru_cache(maxsize=2)
def _load(store: Store, snapshot: int, era: Keys, told: tuple[Keys, ...], _renders: Keys) -> Season:
    before = _unrendered(store, snapshot, era, told)
    lines = lines_of(renders_journal(store, before.inputs), Render, shelf(store, era))
    season = replace(before, renders=first_by(lambda one: one.source, lines))
    object.__setattr__(season, "unrendered", before)
    return season


@lru_cache(maxsize=2)
def _unrendered(store: Store, snapshot: int, era: Keys, told: tuple[Keys, ...]) -> Season:
    """The season as if nothing were rendered yet."""
    intake = _intake_of(store, snapshot, era, told[0])
    readings = first_by(lambda one: one.sha256, lines_of(readings_journal(store), Reading, shelf(store, era)))
    return replace(intake, readings=readings, decisions=load_decisions(store))


@lru_cache(maxsize=2)
def _intake_of(store: Store, snapshot: int, _era: Keys, _ingests: Keys) -> Season:
    return _intake(store, load_inputs(store, snapshot))


def _intake(store: Store, inputs: Inputs) -> Season:
    """What came in, before anything was read or decided."""
    force = purged(store)
    everything = [one for session in sessions_with_originals(store) for one in recorded(store, session)]
    captures, duplicates = distinct(one for one in each_once(everything) if _stands(one, force))
    rows, held = _desk_rows(store, force, inputs, everything)
    sidecars, unread = _sidecars(store, force, inputs, everything)
    return Season(
        inputs=inputs,
        captures=tuple(captures),
        duplicates=tuple(duplicates),
        readings={},
        renders={},
        rows=rows,
        held_rows=(*held, *unread),
        decisions=(),
        purged=force,
        sidecars=sidecars,
    )


Recorded = Iterable[Original]
"""Every line of the records of ingest, session by session in the order in which they were taken in."""


def _desk_rows(
    store: Store, force: InForce, inputs: Inputs, everything: Recorded
) -> tuple[tuple[DeskRow, ...], tuple[Held, ...]]:
    """The rows of every desk log; of a log that grew, the one taken in last counts."""
    logs = {one.place: one for one in everything if is_scanlog(one.path) and _stands(one, force)}
    rows: dict[tuple[str, Digest], tuple[list[DeskRow], list[Held]]] = {}
    for original in sorted(logs.values(), key=lambda one: one.place):
        data = fetch(store, "originals", original.sha256)
        read = read_scanlog(data, original.session, original.path, inputs.campaign)
        rows.setdefault((original.session, original.sha256), _without_purged(*read, force, inputs))
    return (
        tuple(row for found, _ in rows.values() for row in found),
        tuple(each for _, held in rows.values() for each in held),
    )


def _sidecars(store: Store, force: InForce, inputs: Inputs, everything: Recorded) -> tuple[Sidecars, list[Held]]:
    sidecars, held = load_sidecars(store, (one for one in everything if _stands(one, force)))
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
