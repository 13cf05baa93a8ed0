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
    RECALL = "recall"
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
    captures: tuple[Digest, ...] = ()
    """What a recall froze: the pictures round `capture`, and itself. What a return from CHSI keeps back with
    `capture`: the student's other pictures, so that none of them goes out unseen."""
    reason: str = ""
    without_code: bool = False
    also: bool = False
    """Whether the student is added to those whom the capture serves, and it stays whose it is."""
    undone: int | None = None
    who: str = ""
    at: str = ""
    """When, for people only: the order of decisions is their number's."""

    @property
    def says(self) -> str:
        """The decision without who and when: what a bundle may depend on."""
        fields = {"also": self.also, "captures": self.captures}
        silent = {name for name, said in fields.items() if not said}  # as it was before there was such a field
        return self.model_dump_json(exclude={"who", "at", "before"} | silent)


class Standing(NamedTuple):
    """The decisions in force, the latest for each capture or student."""

    assigned: dict[Digest, Decision]
    chosen: dict[Digest, Decision]
    rejected: dict[Digest, Decision]
    admitted: dict[str, Decision]
    held: dict[Digest, Decision]
    also: dict[Digest, dict[str, Decision]]
    """By student number; whoever assigns the capture anew ends them."""
    frozen: dict[Digest, Decision]
    """What was recalled and nobody has decided on since."""
    recalls: list[Decision]

    @property
    def recalled(self) -> frozenset[Digest]:
        """Every capture that a recall in force froze, also those that somebody decided on since."""
        return frozenset(capture for recall in self.recalls for capture in recall.captures)


def standing(decisions: Iterable[Decision]) -> Standing:
    """What is in force after all `decisions`; an undone decision counts as never taken."""
    ordered = sorted(decisions, key=lambda decision: decision.number)
    undone = _undone(ordered)
    held = Standing({}, {}, {}, {}, {}, {}, {}, [])
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
    if decision.act is Act.RECALL:
        _recall(held, decision)
        return
    if decision.act is Act.REJECT:
        _reject(held, decision)
        return
    capture = decision.capture or ""
    if decision.act is not Act.HOLD and not decision.also:
        held.frozen.pop(capture, None)
    if decision.act is Act.HOLD:
        held.chosen.pop(capture, None)
        held.held[capture] = decision
    elif decision.act is Act.CHOOSE:
        held.rejected.pop(capture, None)
        held.held.pop(capture, None)
        held.chosen[capture] = decision
    else:
        held.rejected.pop(capture, None)
        _assign(held, capture, decision)


def _reject(held: Standing, decision: Decision) -> None:
    for capture in (decision.capture or "", *decision.captures):
        held.frozen.pop(capture, None)
        held.chosen.pop(capture, None)
        held.held.pop(capture, None)
        held.rejected[capture] = decision


def _recall(held: Standing, decision: Decision) -> None:
    held.recalls.append(decision)
    for capture in decision.captures:
        held.chosen.pop(capture, None)
        held.frozen[capture] = decision


def _assign(held: Standing, capture: Digest, decision: Decision) -> None:
    if decision.also:
        held.also.setdefault(capture, {})[decision.student_no or ""] = decision
    else:
        held.also.pop(capture, None)
        held.assigned[capture] = decision
