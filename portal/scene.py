"""A season with everything that the review page looks up for each of its captures."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from gradphoto.matching.entry import Entry
from gradphoto.matching.ledger import Ledger
from gradphoto.matching.match import Match
from gradphoto.original import Digest
from gradphoto.stages.season import Season
from gradphoto.stages.strips import Strip
from gradphoto.states import FileState
from gradphoto.suggest import Around, Waiting
from portal.cards import Cards


class Scene(NamedTuple):
    """A season with what is looked up for each of its captures."""

    season: Season
    entries: dict[Digest, Entry]
    matches: dict[Digest, Match]
    cards: Cards
    waiting: Waiting


def scene_of(season: Season, ledger: Ledger) -> Scene:
    """The scene of a season; duplicates are left out, for their capture is there."""
    entries = {one.original.sha256: one for one in ledger.entries if one.state is not FileState.DUPLICATE}
    cards = Cards(season, ledger)
    return Scene(season, entries, {match.sha256: match for match in season.matches}, cards, cards.waiting)


def around(scene: Scene, strip: Strip, at: int) -> Around:
    """What is known round one capture of a strip."""
    before, after = reversed(strip.frames[:at]), strip.frames[at + 1 :]
    return Around(
        before=next(_owned(scene, before), None),
        after=next(_owned(scene, after), None),
        rows=scene.season.rows_by_session.get(strip.session, ()),
        windows=scene.season.inputs.campaign.session(strip.session).windows,
        waiting=scene.waiting,
    )


def _owned(scene: Scene, digests: Iterable[Digest]) -> Iterator[Match]:
    return (match for sha256 in digests if (match := scene.matches[sha256]).student_no)
