"""What CHSI sent back becomes decisions: the picture is refused, and none of the student's others goes out unseen.

A return is a person's `reject` with the other captures of the student beside it. So the student comes again, or a
person chooses one of them; `undo` takes all of it back; and what was replaced since leaves its successor alone.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from gradphoto.adapters.store import Store
from gradphoto.decision import Act
from gradphoto.exports import exports
from gradphoto.inputs.problems import Held
from gradphoto.inputs.returns import ReturnRow, held_at
from gradphoto.original import Digest
from gradphoto.rejection import as_returned
from gradphoto.returns import AGAIN, Doubt, Gone, is_name, meant, returned_before, same_reason_before
from gradphoto.stages.decide import take_decision
from gradphoto.stages.recall import every_version
from gradphoto.stages.review import What
from gradphoto.stages.season import Season

RETURNED_, REPLACED, KNOWN = "returned", "replaced", "known"
WORDS = {RETURNED_: "须重拍", REPLACED: "已换过照片", KNOWN: "已处理过"}


class Outcome(NamedTuple):
    """What became of a row that was understood; `decision` is 0 where none was made."""

    row: int
    student_no: str
    reason: str
    outcome: str
    sha256: Digest
    """Of the original."""
    says: str = ""
    decision: int = 0


class Sorted(NamedTuple):
    """A list looked at, before anything is kept: rows with their outcome, decisions to take, what is held."""

    outcomes: list[Outcome]
    due: dict[Digest, What]
    held: list[Held]


def sort_returns(store: Store, season: Season, file: str, rows: Iterable[ReturnRow]) -> Sorted:
    """What each row comes to. Rows that mean one picture are one decision with all their reasons."""
    out = _History(store, season)
    found = Sorted([], {}, [])
    together: dict[Digest, list[ReturnRow]] = defaultdict(list)
    for row in rows:
        target = out.target(row)
        if isinstance(target, Doubt):
            found.held.append(held_at(file, row.number, target.key, target.says))
        else:
            together[target].append(row)
    for target, same in together.items():
        _sort(out, file, target, same, found)
    found.outcomes.sort()
    found.held.sort(key=lambda one: one.row)
    return found


def take_returns(store: Store, season: Season, who: str, at: str, sorted_: Sorted) -> list[Outcome]:
    """Keep the decisions; `Overtaken` when somebody decided on one of the pictures meanwhile: the rest is kept."""
    last = season.last_decision
    made = {capture: take_decision(store, who, at, after=last, **what) for capture, what in sorted_.due.items()}
    return [one._replace(decision=made.get(one.sha256, 0)) for one in sorted_.outcomes]


def _sort(out: "_History", file: str, target: Digest, same: Sequence[ReturnRow], found: Sorted) -> None:
    reason = as_returned(row.reason for row in same)
    first, doubt = same[0], out.doubt(same, target)
    if doubt:
        found.held.extend(held_at(file, row.number, doubt.key, doubt.says) for row in same)
        return
    outcome, says = out.outcome(first.student_no, target, reason)
    for row in same:
        found.outcomes.append(Outcome(row.number, row.student_no, row.reason, outcome, target, says))
    if outcome != KNOWN:
        others = out.others(first.student_no, target) if outcome == RETURNED_ else ()
        found.due[target] = {
            "act": Act.REJECT,
            "capture": target,
            "student_no": first.student_no,
            "captures": others,
            "reason": reason,
        }


class _History:
    """What went out under each number, and what people said of it."""

    def __init__(self, store: Store, season: Season) -> None:
        self._season, self._register = season, season.inputs.register.students
        self._rejected = season.standing.rejected
        self._portraits: dict[str, list[Digest]] = defaultdict(list)
        for sha256, candidate in season.candidates.items():
            for no in candidate.match.students:
                self._portraits[no].append(sha256)
        self._gone: dict[str, list[Gone]] = defaultdict(list)
        self._uploaded: dict[str, list[Digest]] = defaultdict(list)
        for every in every_version(store, season).values():
            for packed in every:
                for one in packed.deliveries:
                    gone = Gone(packed.centre, packed.version, one.source_sha256, one.sha256)
                    self._gone[one.student_no].append(gone)
        for exported in exports(store).values():
            for photo in exported.photos if exported.uploaded else ():
                self._uploaded[photo.student_no].append(photo.source)

    def target(self, row: ReturnRow) -> Digest | Doubt:
        """The picture that a row means, or why that is not certain."""
        student = self._register.get(row.student_no)
        if student is None:
            return Doubt("student_no", "名册中没有这个学号，请核对")
        if row.student_no in self._season.withdrawn:
            return Doubt("student_no", "该学生已撤回，照片已销毁")
        if not is_name(row.name, student.name):
            return Doubt("name", "与名册中该学号的姓名不符，请核对")
        gone, uploaded = self._gone[row.student_no], self._uploaded[row.student_no]
        target = meant(row, gone, uploaded, self._rejected)
        if isinstance(target, str) and target not in self._season.candidates:
            return Doubt("student_no", "退回的照片已不在，或不再是人像，请核对")
        return target

    def doubt(self, same: Sequence[ReturnRow], target: Digest) -> Doubt | None:
        """Whether these rows may be old ones that mean a picture before this one."""
        vague = [row for row in same if not row.version and not row.sha256]
        decisions = self._season.decisions
        if target in self._rejected or not vague:
            return None
        again = (same_reason_before(row.student_no, row.reason, target, decisions) for row in vague)
        return Doubt("student_no", AGAIN) if any(again) else None

    def outcome(self, student_no: str, target: Digest, reason: str) -> tuple[str, str]:
        """What is to be done about a picture, and what is to be said of that."""
        if target in self._rejected:
            return KNOWN, f"这张照片已经退回（决定 {self._rejected[target].number}）"
        before = [one for one in returned_before(target, self._season.decisions) if one.reason == reason]
        if before:
            said = f"此前已导入（决定 {before[-1].number}），后来有人恢复了这张照片"
            return KNOWN, f"{said}；又被退回请用 review reject"
        mine = self._season.chosen.get(student_no)
        if mine and mine.match.sha256 != target:
            return REPLACED, "退回的是以前的一张，现在选用的照片不受影响"
        shared = [no for no in self._owners(target) if no != student_no]
        return RETURNED_, f"这张照片也用于学号 {'、'.join(shared)}" if shared else ""

    def others(self, student_no: str, target: Digest) -> tuple[Digest, ...]:
        """The student's other pictures that nobody refused yet."""
        mine = (one for one in self._portraits.get(student_no, ()) if one not in self._rejected)
        return tuple(sorted({*mine} - {target}))

    def _owners(self, target: Digest) -> Sequence[str]:
        return self._season.candidates[target].match.students
