"""Troubles of frames at the venue: frames that wait for a person, portraits that fail, broken files. Pure."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from gradphoto.discrepancy import FILE, MATCHING, TEXTS, Discrepancy
from gradphoto.matching.choose import Candidate
from gradphoto.matching.match import Match
from gradphoto.venue import Kind, Person, Trouble
from gradphoto.venue_scene import Scene, Sitting, clock, name_of, path_of, taken_of
from gradphoto.venue_words import todo, words

_SLATE = ("slate-unreadable", "two-codes")
_DOUBTS = (
    "run-long", "run-pause", "scan-between", "number-missing", "appearance-changed", "no-slate", "after-break",
    "unclassified",
)  # fmt: skip


def frame_troubles(scene: Scene) -> list[Trouble]:
    """Every trouble of a frame, in no order."""
    return [*_waiting_frames(scene), *_failing(scene), *_broken(scene)]


def _waiting_frames(scene: Scene) -> Iterator[Trouble]:
    """A trouble for each sitting and cause."""
    for sitting in scene.sittings:
        causes: dict[str, list[Match]] = defaultdict(list)
        for match in sitting.portraits:
            if match.troubles:
                causes[_cause(match, sitting).code].append(match)
        for code, matches in causes.items():
            if code == "ineligible" and {match.student_no for match in matches} <= set(scene.good):
                continue
            yield _held(code, matches, sitting, scene)


def _cause(match: Match, sitting: Sitting) -> Discrepancy:
    """What came first: of what follows a break, the break's own trouble."""
    first = match.troubles[0]
    told = sitting.opener.classified.trouble if sitting.opener else None
    return told if first.code == "after-break" and told else first


def _held(code: str, matches: Sequence[Match], sitting: Sitting, scene: Scene) -> Trouble:
    cause = _cause(matches[0], sitting)
    opener = sitting.opener if code in _SLATE or code in FILE or code == "unclassified" else None
    numbers = {no for match in matches for no in match.candidates}
    owners = {match.student_no for match in matches if match.student_no}
    people = scene.people(owners if code == "ineligible" else numbers)
    shown = [opener, *matches] if opener else list(matches)
    return Trouble(
        kind=kind_of(code),
        code=code,
        person=people[0] if len(people) == 1 else None,
        may_be=people if len(people) > 1 else (),
        files=tuple(map(path_of, shown)),
        at=_time(shown),
        says=_says(cause, matches, opener, scene),
        todo=todo([code]),
        pictures=tuple(match.sha256 for match in shown),
    )


def kind_of(code: str) -> Kind:
    """The kind of a trouble by its code."""
    if code in _SLATE:
        return "slate"
    if code in _DOUBTS:
        return "forgotten"
    if code in FILE:
        return "file"
    return "whose" if code in MATCHING else "check"


def _says(cause: Discrepancy, matches: Sequence[Match], opener: Match | None, scene: Scene) -> str:
    if opener:
        return f"{name_of(opener)}：{TEXTS[cause.code]}；其后 {len(matches)} 张人像不知是谁：{_names(matches)}"
    told = TEXTS[cause.code] if cause.code in _DOUBTS or _tells_of_the_good(cause, scene) else cause.text
    return f"{told}：{_names(matches)}"


def _tells_of_the_good(cause: Discrepancy, scene: Scene) -> bool:
    """Whether a detail names somebody who is in no trouble."""
    return any(no in cause.detail for no in scene.good)


def _failing(scene: Scene) -> Iterator[Trouble]:
    """A trouble for each student whose every portrait fails."""
    frames: dict[str, list[Candidate]] = defaultdict(list)
    for match in (match for strip in scene.strips for match in strip):
        candidate = scene.candidates.get(match.sha256)
        if candidate and candidate.troubles and match.student_no and not match.troubles:
            frames[match.student_no].append(candidate)
    for student_no, failed in frames.items():
        if student_no not in scene.good:
            yield _fails(scene.person(student_no), failed)


def _fails(person: Person, failed: Sequence[Candidate]) -> Trouble:
    troubles = list({each.code: each for one in failed for each in one.troubles}.values())
    matches = [one.match for one in failed]
    return Trouble(
        kind="check",
        code=troubles[0].code,
        person=person,
        files=tuple(map(path_of, matches)),
        at=_time(matches),
        says=words(troubles),
        todo=todo(each.code for each in troubles),
        pictures=tuple(match.sha256 for match in matches),
    )


def _broken(scene: Scene) -> Iterator[Trouble]:
    """Files of the camera that nobody can use, and behind which no frame waits."""
    followed = {
        one.opener.sha256 for one in scene.sittings if one.opener and any(m.troubles for m in one.portraits)
    }
    for match in (match for strip in scene.strips for match in strip):
        if match.classified.useless and match.sha256 not in followed and match.classified.trouble:
            people = scene.people(match.candidates)
            yield Trouble(
                kind="file",
                code=match.classified.trouble.code,
                person=people[0] if len(people) == 1 else None,
                may_be=people if len(people) > 1 else (),
                files=(path_of(match),),
                at=_time([match]),
                says=f"{name_of(match)}：{match.classified.trouble.text}",
                todo=todo([match.classified.trouble.code]),
                pictures=(match.sha256,),
            )


def _time(matches: Iterable[Match]) -> str:
    return clock(next(filter(None, map(taken_of, matches)), None))


def _names(matches: Sequence[Match]) -> str:
    names = list(map(name_of, matches))
    return "、".join(names) if len(names) <= 3 else f"{names[0]} 至 {names[-1]} 共 {len(names)} 张"
