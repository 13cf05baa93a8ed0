"""Decisions in force that no longer meet a portrait: named, for a person's word must not be lost in silence.

A capture may have been destroyed, a newer reader may see a slate in it, or it may be a broken file by now.
"""

from collections.abc import Iterable, Iterator

from gradphoto.decision import Decision, Standing
from gradphoto.matching.kind import Kind
from gradphoto.matching.match import Match


def unmet(decisions: Standing, matches: Iterable[Match]) -> list[Decision]:
    """Those about a capture that is no portrait among `matches`, in order of their numbers."""
    portraits = {match.sha256 for match in matches if match.classified.kind is Kind.PORTRAIT}
    found = {one.number: one for one in _about_captures(decisions) if one.capture not in portraits}
    return [found[number] for number in sorted(found)]


def unmet_text(decision: Decision) -> str:
    """The line for a person."""
    capture = (decision.capture or "")[:12]
    return f"决定 {decision.number}：照片不在或不再是人像（{capture}），请核对后撤销或重新决定"


def _about_captures(decisions: Standing) -> Iterator[Decision]:
    for kind in (decisions.assigned, decisions.chosen, decisions.rejected, decisions.held):
        yield from kind.values()
    for also in decisions.also.values():
        yield from also.values()
