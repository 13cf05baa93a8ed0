"""Check: a session's files where they lie, matched and judged as the night will, without a store.

What the store would have kept is kept in memory: originals, readings, what rendering said, desks' rows. Everything
from there on is the night's own `Season`.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from gradphoto.adapters.found import Found
from gradphoto.decision import Act, Decision
from gradphoto.inputs.problems import Held
from gradphoto.inputs.scanlog import read_scanlog
from gradphoto.kit import Kit
from gradphoto.matching.bindings import DeskRow
from gradphoto.matching.companions import companions
from gradphoto.matching.kind import RAW_SUFFIXES, is_scanlog, suffix
from gradphoto.matching.season import distinct
from gradphoto.original import Digest, Original
from gradphoto.reading import Reading
from gradphoto.stages.glance import Glance
from gradphoto.stages.inputs import Inputs
from gradphoto.stages.season import Season
from gradphoto.stages.sidecars import read_sidecars
from gradphoto.stages.strips import strips
from gradphoto.venue_scene import Scene

BESIDE = "beside"
"""The source of a desk's log that lies elsewhere than the pictures."""


class Lying(NamedTuple):
    """A file where it lies: in which source, and as it was found there."""

    source: str
    found: Found


Seen = Mapping[Lying, Glance]
"""Everything that was looked at and could be read."""


def needless(files: Sequence[Lying], session: str) -> set[Lying]:
    """The RAW files beside a picture of their name, of which nobody asks what is in them.

    One is looked at all the same when a file that stands alone has its size: it may be a copy of it.
    """
    originals = {lying: original_of(lying, session, "") for lying in files}
    belong = companions(list(originals.values()))
    alone = {one.size for one in originals.values() if one.place not in belong}
    return {
        lying
        for lying, one in originals.items()
        if one.place in belong and suffix(one.path) in RAW_SUFFIXES and one.size not in alone
    }


def original_of(lying: Lying, session: str, sha256: Digest) -> Original:
    """The original that ingest would record of a file."""
    found = lying.found
    return Original(
        session=session,
        source=lying.source,
        path=found.path,
        sha256=sha256,
        size=found.size,
        mtime_ns=found.mtime_ns,
        unsafe=found.unsafe,
    )


def season_of(inputs: Inputs, kit: Kit, seen: Seen) -> Season:
    """The season of one session, of what was seen of its files and what the kit knows of other days."""
    pairs = [(original_of(lying, kit.session, one.sha256), one) for lying, one in seen.items()]
    here = [original for original, _ in pairs if original.source != BESIDE]
    captures, duplicates = distinct(here)
    tables = {original.sha256: one.table for original, one in pairs}
    sidecars, unread = read_sidecars(here, lambda original: tables[original.sha256])
    rows, held = _rows(pairs, kit, inputs)
    return Season(
        inputs=inputs,
        captures=tuple(captures),
        duplicates=tuple(duplicates),
        readings=_readings(pairs),
        renders={one.sha256: one.render for _, one in pairs if one.render},
        rows=(*rows, *_bound(kit)),
        held_rows=(*held, *unread),
        decisions=tuple(_admitted(kit)),
        sidecars=sidecars,
    )


def scene_of(season: Season, kit: Kit, now: datetime) -> Scene:
    """The session of a kit in a season, as troubles are found in it; `now` in campaign time."""
    matches = {match.sha256: match for match in season.matches}
    return Scene(
        session=kit.session,
        campaign=season.inputs.campaign,
        bindings=season.bindings,
        matches=season.matches,
        strips=[[matches[one] for one in strip.frames] for strip in strips(season, kit.session)],
        candidates=season.candidates,
        good=season.chosen.keys(),
        rows=[row for row in season.rows if row.session == kit.session],
        outside=season.ineligible.keys(),
        expected=kit.students,
        photographed=kit.photographed,
        now=now,
    )


Pairs = Sequence[tuple[Original, Glance]]


def _readings(pairs: Pairs) -> dict[Digest, Reading]:
    """One content has one reading: that of its lowest place, for only a name tells a RAW file."""
    found: dict[Digest, Reading] = {}
    for original, one in sorted(pairs, key=lambda pair: pair[0].place):
        if one.reading and not is_scanlog(original.path):
            found.setdefault(original.sha256, one.reading)
    return found


def _rows(pairs: Pairs, kit: Kit, inputs: Inputs) -> tuple[list[DeskRow], list[Held]]:
    """The rows of every desk log, each content once."""
    logs = sorted((one for one in pairs if is_scanlog(one[0].path)), key=lambda pair: pair[0].place)
    once = {original.sha256: (original, one.table) for original, one in reversed(logs)}
    ordered = sorted(once.values(), key=lambda each: each[0].place)
    read = [read_scanlog(table, kit.session, one.path, inputs.campaign) for one, table in ordered]
    return [row for rows, _ in read for row in rows], [each for _, held in read for each in held]


def _bound(kit: Kit) -> Iterator[DeskRow]:
    """What was bound before; of this session's own it is not said that somebody stood at a desk then."""
    for number, each in enumerate(kit.bound, 1):
        row = (each.session, f"kit:{number}", each.at, each.code, each.student_no)
        yield DeskRow(*row, batch=each.session == kit.session, station=each.station)


def _admitted(kit: Kit) -> Iterator[Decision]:
    for number, student_no in enumerate(kit.admitted, 1):
        yield Decision(number=number, before=number - 1, act=Act.ADMIT, student_no=student_no)
