"""What must become of a plan's files: the rules of the house said a second time, in terms of what was done.

Nothing of `gradphoto.matching` is used here, or a mistake there would be the truth. A forgotten slate is
noticed by the number of frames alone when both sittings have two or more; the first frame after a slate is
the slate's own even then.
"""

from collections.abc import Iterator

from gradphoto.demo.plan import Card, Plan, Sitting
from gradphoto.demo.takes import Take, beside, copied, takes
from gradphoto.demo.truth import Expected, Truth
from gradphoto.roster import Student
from gradphoto.states import FileState, StudentState

Judged = list[tuple[Take, Expected]]


def expectation(plan: Plan) -> Truth:
    """The truth of a plan."""
    judged = [each for day in plan.days for card in day.cards for each in _pictures(day.session, card)]
    files = [*_chosen(judged), *_others(plan)]
    students = {one.student_no: _standing(one, judged) for roster in plan.rosters for one in roster.students}
    return Truth(files=tuple(sorted(files, key=lambda file: file.place)), students=dict(sorted(students.items())))


def _pictures(session: str, card: Card) -> Iterator[tuple[Take, Expected]]:
    """Each picture of a card; a good one is `superseded` until the best is chosen."""
    lost = _lost(card)
    for take in takes(card):
        own = take.frame == 0 or (take.frame == 1 and take.sitting.slate)
        nobodys = id(take.sitting) in lost and not own and take.frame not in take.sitting.cut
        reason = lost[id(take.sitting)] if nobodys else _reason(take)
        yield (
            take,
            Expected(
                session=session,
                path=min(copied(card, take.path)),
                state=FileState.PENDING if nobodys else _state(take, reason),
                student_no=take.sitting.student.student_no,
                reason=reason,
            ),
        )


def _lost(card: Card) -> dict[int, str]:
    """The sittings about a forgotten slate, each with the reason that must be given; empty: any."""
    found: dict[int, str] = {}
    before: Sitting | None = None
    for _, sitting in card.turns:
        if sitting.slate is None:
            many = before is not None and min(before.frames, sitting.frames) > 1
            reason = "run-long" if many else "" if before else "no-slate"
            found |= {id(one): reason for one in (before, sitting) if one}
        before = sitting
    return found


def _reason(take: Take) -> str:
    """Why a picture cannot be used as it is; empty for a good one."""
    sitting = take.sitting
    unreadable = sitting.slate is not None and not sitting.slate.readable
    if take.frame == 0:
        return "slate-unreadable" if unreadable else ""
    if take.frame in sitting.cut:
        return "truncated"
    broken = unreadable or any(cut < take.frame for cut in sitting.cut)
    return "after-break" if broken else sitting.held


def _state(take: Take, reason: str) -> FileState:
    if take.frame in take.sitting.cut:
        return FileState.QUARANTINED
    if reason:
        return FileState.PENDING
    return FileState.SUPERSEDED if take.frame else FileState.SLATE


def _chosen(judged: Judged) -> Iterator[Expected]:
    """The pictures with each student's last good one `delivered`."""
    last: dict[str | None, Take] = {}
    for take, file in sorted(judged, key=lambda item: item[0].taken):
        if file.state is FileState.SUPERSEDED:
            last[file.student_no] = take
    for take, file in judged:
        best = last.get(file.student_no) is take
        yield file.model_copy(update={"state": FileState.DELIVERED}) if best else file


def _others(plan: Plan) -> Iterator[Expected]:
    """The logs, what the cameras wrote beside the pictures, and second copies."""
    for day in plan.days:
        yield Expected(session=day.session, path="scanlog-1.csv", state=FileState.COMPANION)
        for card in day.cards:
            for take in takes(card):
                for path in (take.path, *beside(take)):
                    first, *again = sorted(copied(card, path))
                    yield from (_plain(day.session, one, FileState.DUPLICATE) for one in again)
                    if path != take.path:
                        yield _plain(day.session, first, FileState.COMPANION)


def _plain(session: str, path: str, state: FileState) -> Expected:
    return Expected(session=session, path=path, state=state)


def _standing(student: Student, judged: Judged) -> StudentState:
    mine = [(take.sitting, file.state) for take, file in judged if file.student_no == student.student_no]
    if any(sitting.held == "ineligible" for sitting, _ in mine):
        return StudentState.INELIGIBLE
    states = {state for _, state in mine}
    if FileState.SUPERSEDED in states:
        return StudentState.DELIVERED
    return StudentState.PENDING if FileState.PENDING in states else StudentState.MISSING
