"""What a person held: nothing of that student is delivered until somebody chose a picture or took the hold back.

Not the one picture alone: whoever doubts it doubts most likely whose the whole run is, and the next frame of
the same run would go out in its place unseen.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from gradphoto.decision import Decision, Standing
from gradphoto.discrepancy import HELD, RECALLED, Discrepancy
from gradphoto.matching.kind import Kind
from gradphoto.matching.match import Match


def hold_back(matches: Sequence[Match], decisions: Standing) -> list[Match]:
    """The matches, with a trouble on every portrait that was held or is a held student's."""
    held = _in_force(matches, decisions)
    return [_waiting(match, _latest(held.get(owner) for owner in _owners(match))) for match in matches]


def _owners(match: Match) -> Sequence[str]:
    """Whom a word about it concerns: its students, or the capture by itself where it is nobody's."""
    return match.students or (match.sha256,)


def _latest(holds: Iterable[Decision | None]) -> Decision | None:
    return max((hold for hold in holds if hold), key=lambda hold: hold.number, default=None)


def _in_force(matches: Iterable[Match], decisions: Standing) -> dict[str, Decision]:
    """Holds by student, or by capture where it is nobody's; a later choice of any of the student's ends one."""
    if not decisions.held:
        return {}
    found: dict[str, Decision] = {}
    chosen: dict[str, int] = {}
    for match in matches:
        hold, choice = decisions.held.get(match.sha256), decisions.chosen.get(match.sha256)
        for owner in _owners(match) if hold or choice else ():
            if hold and (owner not in found or found[owner].number < hold.number):
                found[owner] = hold
            if choice:
                chosen[owner] = max(choice.number, chosen.get(owner, 0))
    return {owner: hold for owner, hold in found.items() if chosen.get(owner, 0) < hold.number}


def _waiting(match: Match, hold: Decision | None) -> Match:
    if hold is None or match.classified.kind is not Kind.PORTRAIT:
        return match
    return replace(match, troubles=(*match.troubles, Discrepancy(code=HELD, detail=hold.reason)))


def freeze(matches: Iterable[Match], decisions: Standing) -> list[Match]:
    """The matches, with a trouble on every portrait that was recalled until somebody decides on that one."""
    return [_frozen(match, decisions.frozen.get(match.sha256)) for match in matches]


def _frozen(match: Match, recall: Decision | None) -> Match:
    if recall is None or match.classified.kind is not Kind.PORTRAIT:
        return match
    return replace(match, troubles=(*match.troubles, Discrepancy(code=RECALLED, detail=recall.reason)))
