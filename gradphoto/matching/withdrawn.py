"""Nothing of a withdrawn student is delivered: what comes in after the purge waits for a person."""

from collections.abc import Collection, Iterable

from gradphoto.discrepancy import WITHDRAWN, Discrepancy
from gradphoto.matching.kind import Kind
from gradphoto.matching.match import Match
from gradphoto.matching.shares import without


def hold_withdrawn(matches: Iterable[Match], withdrawn: Collection[str]) -> list[Match]:
    """The matches, each portrait of a withdrawn student with that trouble."""
    barred = dict.fromkeys(withdrawn, Discrepancy(code=WITHDRAWN))
    return [without(match, barred) if match.classified.kind is Kind.PORTRAIT else match for match in matches]
