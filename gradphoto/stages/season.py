"""The season: every record read, matched and put into its ledger. All of it follows from the records."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from gradphoto.adapters.journal import Line, dump_lines
from gradphoto.adapters.store import digest
from gradphoto.decision import Decision, Standing, standing
from gradphoto.eligibility import outside
from gradphoto.inputs.problems import Held
from gradphoto.matching.bindings import Bindings, DeskRow, bind
from gradphoto.matching.choose import Candidate, best, weigh
from gradphoto.matching.entry import Entry, state_of
from gradphoto.matching.kind import Kind
from gradphoto.matching.ledger import Ledger, close_ledger
from gradphoto.matching.match import Match
from gradphoto.matching.season import decide, hold_ineligible, match_season
from gradphoto.matching.sidecars import NO_SIDECARS, Sidecars
from gradphoto.matching.unmet import unmet
from gradphoto.matching.withdrawn import hold_withdrawn
from gradphoto.original import Digest, Original
from gradphoto.packed import Packed
from gradphoto.photo_names import photo_name, photo_names
from gradphoto.portrait import Render
from gradphoto.purge import NONE, InForce
from gradphoto.reading import Reading
from gradphoto.stages.inputs import Inputs
from gradphoto.stages.sidecars import unplaced
from gradphoto.states import FileState
from gradphoto.versions import READER, RECIPE


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
    undecided: "Season | None" = field(default=None, init=False, compare=False, repr=False)
    """The same but for renders and decisions."""
    weighed: dict[Digest, tuple[Match, Render | None, Candidate]] = field(
        default_factory=dict, init=False, compare=False, repr=False
    )
    """The candidates of every season of which this is the `unrendered` one, with what they were made of."""

    asked: list[tuple[tuple[Packed, ...], Ledger]] = field(
        default_factory=list, init=False, compare=False, repr=False
    )
    """The ledger that somebody asked for last, with its bundles."""

    @cached_property
    def held(self) -> tuple[Held, ...]:
        """Rows of rosters, mailing list, desk logs and sidecars that were not used."""
        files = (*self.captures, *self.duplicates)
        return (*self.inputs.held, *self.held_rows, *unplaced(self.sidecars, files, self.bindings))

    @property
    def last_decision(self) -> int:
        """The number of the newest decision; 0 when there is none."""
        return self.decisions[-1].number if self.decisions else 0

    @cached_property
    def standing(self) -> Standing:
        """The decisions in force."""
        return standing(self.decisions)

    @cached_property
    def bindings(self) -> Bindings:
        """Whose code is whose."""
        if self._before:
            return self._before.bindings
        return bind(self.inputs.register.students, self.rows, self.inputs.campaign)

    @cached_property
    def ineligible(self) -> Mapping[str, str]:
        """Why a student is outside the campaign's groups, by student number; admitted ones are not here."""
        if self.unrendered:
            return self.unrendered.ineligible
        return outside(self.inputs.register.students.values(), self.inputs.campaign, self.standing.admitted)

    @cached_property
    def withdrawn(self) -> frozenset[str]:
        """The students whose pictures were destroyed, by number."""
        return self.purged.withdrawn(self.inputs.register.students.values())

    @cached_property
    def matches(self) -> list[Match]:
        """Every capture with whose it is; duplicates are not here."""
        if self.unrendered:
            return self.unrendered.matches
        decided = decide(self.found, self.standing, self.bindings)
        return hold_withdrawn(hold_ineligible(decided, self.ineligible), self.withdrawn)

    @cached_property
    def found(self) -> list[Match]:
        """The same by the evidence alone, before anybody decides."""
        if self._before:
            return self._before.found
        told = (self.readings, self.bindings, self.rows, self.inputs.campaign)
        return match_season(self.captures, *told, duplicates=self.duplicates, sidecars=self.sidecars)

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
        alive = (one for sha256, one in self.candidates.items() if sha256 not in self.standing.rejected)
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
    def rows_by_session(self) -> Mapping[str, Sequence[DeskRow]]:
        """The rows of each session's desks."""
        found: dict[str, list[DeskRow]] = defaultdict(list)
        for one in self.rows:
            found[one.session].append(one)
        return found

    @cached_property
    def photo_names(self) -> Mapping[str, str]:
        """What each student's portrait is called in a bundle, by student number, as far as no session is in it."""
        if self._before:
            return self._before.photo_names
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
        return digest(dump_lines([{"rows": rows}, {"decisions": [decision.says for decision in self.decisions]}]))

    @cached_property
    def unpacked(self) -> Ledger:
        """The ledger as if nothing were packed yet: what every centre's packing begins with."""
        return self._ledger(())

    def ledger(self, packed: Iterable[Packed | None]) -> Ledger:
        """The state of every file and student, given the newest bundles; asked again for the same, it is there."""
        bundles = tuple(one for one in packed if one)
        for of, ledger in self.asked:
            if of == bundles:
                return ledger
        ledger = self._ledger(bundles)
        self.asked[:] = [(bundles, ledger)]
        return ledger

    def _ledger(self, bundles: Sequence[Packed]) -> Ledger:
        delivered = {
            delivery.student_no: delivery.source_sha256
            for bundle in bundles
            for delivery in bundle.deliveries
            if self._centre(delivery.student_no) == bundle.centre
        }
        entries = [
            *(state_of(match, self.candidates, self.chosen, self.standing, delivered) for match in self.matches),
            *(Entry(original, FileState.DUPLICATE) for original in self.duplicates),
        ]
        return close_ledger(entries, self.matches, self.inputs.register.students, self.ineligible, self.withdrawn)

    @property
    def _before(self) -> "Season | None":
        return self.unrendered or self.undecided

    def _weighed(self, match: Match) -> Candidate:
        """Weighed once as long as nothing that it is made of changed."""
        kept, render = (self.unrendered or self).weighed, self.renders.get(match.sha256)
        before = kept.get(match.sha256)
        if before and before[0] is match and before[1] is render:
            return before[2]
        candidate = weigh(match, self.inputs.spec, self.renders, self.standing)
        kept[match.sha256] = (match, render, candidate)
        return candidate

    def _centre(self, student_no: str) -> str:
        """A student who moved is delivered when the new centre's bundle has the portrait."""
        student = self.inputs.register.students.get(student_no)
        return student.centre if student else ""
