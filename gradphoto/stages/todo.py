"""What is still to be done: shards to read and to render, and the centres that a session touches."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from typing import NamedTuple

from config.campaign import EVERY_CENTRE, Campaign
from gradphoto.matching.kind import is_scanlog
from gradphoto.original import Digest
from gradphoto.packed import Packed
from gradphoto.stages.season import Season


class Shard(NamedTuple):
    """Some captures of one session, at most `shard_size`, numbered from 1."""

    session: str
    part: int
    digests: list[Digest]


def to_read(season: Season, sessions: Iterable[str], shard_size: int) -> list[Shard]:
    """Shards of the captures that have no reading yet; a desk's log is no picture."""
    wanted = set(sessions)
    lacking = (
        (one.session, one.sha256)
        for one in season.captures
        if one.session in wanted and one.sha256 not in season.readings and not is_scanlog(one.path)
    )
    return _shards(lacking, shard_size)


def to_render(season: Season, centres: Collection[str], shard_size: int) -> list[Shard]:
    """Shards of the chosen captures of some centres' students that were not rendered yet."""
    register = season.inputs.register.students
    lacking = (
        (one.match.classified.frame.original.session, one.match.sha256)
        for student_no, one in season.chosen.items()
        if register[student_no].centre in centres and one.match.sha256 not in season.renders
    )
    return _shards(dict.fromkeys(lacking), shard_size)  # one picture may serve two registrations


def centres_of(season: Season, sessions: Iterable[str], bundles: Iterable[Packed]) -> list[str]:
    """The centres with a window in one of the sessions, and those of students photographed there.

    Also those whose newest bundle, of `bundles`, holds a portrait taken there: its student may have moved to
    another centre since, or it may have turned out to be another's.
    """
    wanted = set(sessions)
    found = {centre for session in wanted for centre in expected(season.inputs.campaign, session)}
    register = season.inputs.register.students
    here = [match for match in season.matches if match.classified.frame.original.session in wanted]
    found |= {register[no].centre for match in here for no in match.candidates if no in register}
    sources = {match.sha256 for match in here}
    found |= {one.centre for one in bundles if any(each.source_sha256 in sources for each in one.deliveries)}
    return [centre.id for centre in season.inputs.campaign.centres if centre.id in found]


def expected(campaign: Campaign, session: str) -> set[str]:
    """The centres with a window in a session: all of them when the make-up window is there."""
    centres = {window.centre for window in campaign.session(session).windows}
    return {centre.id for centre in campaign.centres} if EVERY_CENTRE in centres else centres


def sessions_of(campaign: Campaign, centre: str) -> list[str]:
    """The sessions in which a centre has a window, the make-up one among them."""
    return [session.id for session in campaign.sessions if centre in expected(campaign, session.id)]


def _shards(captures: Iterable[tuple[str, Digest]], shard_size: int) -> list[Shard]:
    sessions: dict[str, list[Digest]] = defaultdict(list)
    for session, sha256 in captures:
        sessions[session].append(sha256)
    return [
        Shard(session, start // shard_size + 1, digests[start : start + shard_size])
        for session, digests in sorted(sessions.items())
        for start in range(0, len(digests), shard_size)
    ]
