"""Nothing of a withdrawn student is delivered: what comes in after the purge waits for a person."""

from collections.abc import Collection, Iterable
from dataclasses import replace

from gradphoto.discrepancy import WITHDRAWN, Discrepancy
from gradphoto.matching.kind import Kind
from gradphoto.matching.match import Match


def hold_withdrawn(matches: Iterable[Match], withdrawn: Collection[str]) -> list[Match]:
    """The matches, each portrait of a withdrawn student with that trouble."""
    return [_held(match) if match.student_no in withdrawn else match for match in matches]


def _held(match: Match) -> Match:
    if match.classified.kind is not Kind.PORTRAIT:
        return match
    return replace(match, troubles=(*match.troubles, Discrepancy(code=WITHDRAWN)))
