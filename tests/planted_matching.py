"""Bugs on purpose in the matching: each a tiny patch in this process only, and a law that it breaks.

A law that none of them broke would be worth nothing. `sentence` says the bug, `bug` makes the wrong function of
the right one, `law` is a season with its truth kept apart, or a card written down in words.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import gradphoto.matching.bindings
import gradphoto.matching.claims
import gradphoto.matching.desk
import gradphoto.matching.doubts
import gradphoto.matching.lanes
import gradphoto.matching.match
import gradphoto.matching.places
import gradphoto.matching.rolls
import gradphoto.matching.runs
from gradphoto.matching.bindings import Bindings, Owner
from gradphoto.matching.kind import Classified, Frame, Kind
from gradphoto.matching.lanes import Shot
from tests.a_night import START, Night, number, scanned, told
from tests.season_sim import Rates, judge, season
from tests.test_season_sim import CLEAN

matching = gradphoto.matching
Law = Callable[[], None]


@dataclass(frozen=True)
class Planted:
    """One bug; `where` and `name` say what is exchanged."""

    sentence: str
    where: Any
    name: str
    bug: Callable[[Any], Any]
    law: Law

    @contextmanager
    def planted(self) -> Iterator[None]:
        """Within it the matching has the bug."""
        right = vars(self.where)[self.name]
        setattr(self.where, self.name, self.bug(right))
        try:
            yield
        finally:
            setattr(self.where, self.name, right)


# ---- The laws


def nobody_is_misled(seed: int, captures: int = 2_000, **rates: float) -> Law:
    """In a season with these faults alone nobody owns another's portrait, and who is clean is delivered."""

    def law() -> None:
        found = judge(*season(captures, Rates(**(vars(CLEAN) | rates)), seed))
        assert ((), (), 0) == (found.wrong, found.misfiled, found.clean_not_delivered)

    return law


def says(script: str, expected: str, scans: str = "", **roll: Any) -> Law:
    """A card in words, a desk's log beside it, and what becomes of each frame."""

    def law() -> None:
        assert expected == told(script, scanned(scans), **roll)

    return law


def copies_change_nothing() -> None:
    night = Night()
    night.roll("A p p B p p C p p D p p")
    before = night.words()
    night.copy(night.originals[3:6], "the copy")
    assert before == night.words()


def two_folders_of_one_body_are_in_the_order_of_their_times() -> None:
    night = Night()
    digests = [
        *night.roll("p p", folder="a", prefix="A_", at=START + timedelta(seconds=20)),
        *night.roll("A", folder="b"),
    ]
    owners = {match.sha256: match.student_no for match in night.matches()}
    assert [number("A")] * 3 == [owners[digest] for digest in digests]


def a_named_file_is_not_anothers() -> None:
    night = Night()
    night.roll("A p")
    night.roll("p", prefix=f"IMG_2_{number('B')}_", at=START + timedelta(seconds=30))
    assert "A A name-disagrees" == night.words()


# ---- The bugs


def _passed_over(classify: Callable[[Frame, bool], Classified]) -> Callable[[Frame, bool], Classified]:
    def bug(frame: Frame, belongs: bool) -> Classified:
        right = classify(frame, belongs)
        unreadable = right.trouble is not None and right.trouble.code == "slate-unreadable"
        return replace(right, kind=Kind.ASIDE) if unreadable else right

    return bug


def _first_code(classify: Callable[[Frame, bool], Classified]) -> Callable[[Frame, bool], Classified]:
    def bug(frame: Frame, belongs: bool) -> Classified:
        right = classify(frame, belongs)
        both = right.trouble is not None and right.trouble.code == "two-codes"
        return Classified(frame, Kind.SLATE, code=min(right.codes)) if both else right

    return bug


def _nothing(_: Any) -> Callable[..., list[Any]]:
    return lambda *_: []


def _taken(frame: Frame) -> Frame:
    return replace(frame, echo=False)


def _kept(owner: Callable[..., Owner]) -> Callable[..., Owner]:
    def bug(opener: Shot | None, bindings: Bindings, before: frozenset[str]) -> Owner:
        right = owner(opener, bindings, before)
        unknown = right.trouble is not None and right.trouble.code == "code-unknown"
        return Owner(min(before), candidates=before) if unknown and before else right

    return bug


def _claimed(trouble: str) -> Callable[[Callable[..., Owner]], Callable[..., Owner]]:
    def planted(owner: Callable[..., Owner]) -> Callable[..., Owner]:
        def bug(self: Bindings, code: str) -> Owner:
            right = owner(self, code)
            held = right.trouble is not None and right.trouble.code == trouble
            return Owner(min(right.candidates), candidates=right.candidates) if held else right

        return bug

    return planted


def _furthest(_: Any) -> Callable[[Sequence[timedelta]], tuple[timedelta, timedelta]]:
    desk = matching.desk

    def bug(seen: Sequence[timedelta]) -> tuple[timedelta, timedelta]:
        if not seen:
            return -desk.SLACK, desk.SOON
        near = [distance for distance in seen if abs(distance - max(seen)) <= desk.UNSURE]
        return min(near) - max(desk.SLACK, 3 * (max(near) - min(near))), max(near) + desk.UNSURE

    return bug


BUGS = {
    each.sentence: each
    for each in (
        Planted(
            "a slate that nobody can read does not break the run",
            matching.places, "classify", _passed_over, says("A p ? p", "A A slate-unreadable after-break"),
        ),
        Planted(
            "of two codes in one picture the first opens its student",
            matching.places, "classify", _first_code, says("C p A+B p", "C C two-codes after-break"),
        ),
        Planted(
            "other clothes are no sign of a forgotten slate",
            matching.doubts, "_changes", _nothing, nobody_is_misled(1, forgotten=0.1, no_desk=1),
        ),
        Planted(
            "a scan without a slate is no sign of a forgotten one",
            matching.doubts, "_scans", _nothing, nobody_is_misled(2, forgotten=0.1, alike=1),
        ),
        Planted(
            "however many portraits follow, one slate is enough",
            matching.doubts, "_long", _nothing, nobody_is_misled(2, forgotten=0.1, unseen_looks=1),
        ),
        Planted(
            "a pause is no sign of a forgotten slate",
            matching.doubts, "_pauses", _nothing, nobody_is_misled(2, stranger=0.1),
        ),
        Planted(
            "the camera's clock says nothing of the order",
            matching.lanes, "taken_of", lambda _: lambda _: None,
            two_folders_of_one_body_are_in_the_order_of_their_times,
        ),
        Planted(
            "0001 comes before 9999, also when the counter has turned over",
            matching.rolls, "_turned", lambda _: lambda roll: roll,
            says("A p p B p p", "A A A B B B", at=None, first=9998),
        ),
        Planted(
            "two bodies are one camera",
            matching.lanes, "bodies", lambda _: lambda roll: [frozenset({"one"})] * len(roll), nobody_is_misled(2),
        ),
        Planted(
            "a portrait that came in twice was taken twice",
            matching.match, "standing",
            lambda right: lambda frames: right([replace(one, frame=_taken(one.frame)) for one in frames]),
            copies_change_nothing,
        ),
        Planted(
            "a code that nobody has leaves the student before it in the seat",
            matching.runs, "_owner", _kept, nobody_is_misled(2, foreign=0.1),
        ),
        Planted(
            "of two students with one code the first has it",
            matching.bindings.Bindings, "owner", _claimed("code-two-students"),
            says("A p B p", ". code-two-students B B", "A=C B"),
        ),
        Planted(
            "a student may have two codes",
            matching.bindings.Bindings, "owner", _claimed("student-two-codes"),
            says("A p U p B p", ". student-two-codes . student-two-codes B B", "U=A"),
        ),
        Planted(
            "how far desk and camera are apart says whoever waited longest",
            matching.desk, "_apart", _furthest,
            says(
                f"B p p C p p E p p F p p {'~ ' * 12} A p p",
                "B B scan-between C C scan-between E E scan-between F F scan-between A A A",
                "A B C D E F",
                step=20,
            ),
        ),
        Planted(
            "the name of a file counts for nothing",
            matching.match, "disagreements", _nothing, a_named_file_is_not_anothers,
        ),
    )
}  # fmt: skip
