"""What a person decided: kept in order, replayed on every later run."""

from collections.abc import Iterable
from enum import StrEnum
from typing import NamedTuple

from config.frozen import Frozen
from gradphoto.original import Digest


class Act(StrEnum):
    """The kinds of decision, by the name of their command."""

    ASSIGN = "assign"
    CHOOSE = "choose"
    REJECT = "reject"
    HOLD = "hold"
    ADMIT = "admit"
    UNDO = "undo"
    PURGED = "purged"
    """What is left of a decision about somebody whose pictures were destroyed: its place among the others."""


class Decision(Frozen):
    """One decision; which fields are set depends on `act`. `before` is the number of the one before it."""

    number: int
    before: int
    act: Act
    capture: Digest | None = None
    student_no: str | None = None
    reason: str = ""
    without_code: bool = False
    undone: int | None = None
    who: str = ""
    at: str = ""
    """When, for people only: the order of decisions is their number's."""

    @property
    def says(self) -> str:
        """The decision without who and when: what a bundle may depend on."""
        return self.model_dump_json(exclude={"who", "at", "before"})


class Standing(NamedTuple):
    """The decisions in force, the latest for each capture or student."""

    assigned: dict[Digest, Decision]
    chosen: dict[Digest, Decision]
    rejected: dict[Digest, Decision]
    admitted: dict[str, Decision]
    held: dict[Digest, Decision]


def standing(decisions: Iterable[Decision]) -> Standing:
    """What is in force after all `decisions`; an undone decision counts as never taken."""
    ordered = sorted(decisions, key=lambda decision: decision.number)
    undone = _undone(ordered)
    held = Standing({}, {}, {}, {}, {})
    for decision in ordered:
        if decision.number not in undone and decision.act not in (Act.UNDO, Act.PURGED):
            _apply(held, decision)
    return held


def _undone(ordered: list[Decision]) -> set[int]:
    """Numbers of decisions taken back. An undo may itself be undone, so the last word is read first."""
    undone: set[int] = set()
    for decision in reversed(ordered):
        if decision.act is Act.UNDO and decision.number not in undone and decision.undone is not None:
            undone |= {decision.undone} if decision.undone < decision.number else set()
    return undone


def _apply(held: Standing, decision: Decision) -> None:
    if decision.act is Act.ADMIT:
        held.admitted[decision.student_no or ""] = decision
        return
    capture = decision.capture or ""
    if decision.act is Act.REJECT:
        held.chosen.pop(capture, None)
        held.held.pop(capture, None)
        held.rejected[capture] = decision
    elif decision.act is Act.HOLD:
        held.chosen.pop(capture, None)
        held.held[capture] = decision
    elif decision.act is Act.CHOOSE:
        held.rejected.pop(capture, None)
        held.held.pop(capture, None)
        held.chosen[capture] = decision
    else:
        held.rejected.pop(capture, None)
        held.assigned[capture] = decision
