"""Where a content stands in its camera's order, when the same bytes came in several times.

A card is copied twice, a part of it into another folder, or into another session's. The capture keeps its
lowest place in every list; its order is read where the camera's own order is best kept. A slate or break
counts at its other places too: whatever follows it there follows it.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from config.campaign import Campaign
from gradphoto.matching.companions import companions
from gradphoto.matching.kind import Classified, Frame, Place, classify, parted
from gradphoto.original import Digest, Original
from gradphoto.reading import Reading

Folder = tuple[str, str, str]
DCF_FOLDER = re.compile(r"[1-9][0-9]{2}[0-9a-z_]{5}")
DCF_NAME = re.compile(r"[0-9a-z_]{4}[0-9]{4}\.[0-9a-z]+")
"""How cameras name folders and files (JEITA CP-3461), in lower case."""


def folder(original: Original) -> Folder:
    """Session, source and folder of a file."""
    return original.session, original.source, parted(original.path)[0]


def frames_by_session(
    captures: Iterable[Original],
    duplicates: Iterable[Original],
    readings: Mapping[Digest, Reading],
    campaign: Campaign,
    sidecars: Collection[Place] = (),
) -> dict[str, list[Classified]]:
    """The frames of each session: every capture where it stands, and an echo of it at each other place.

    `sidecars` are companions too.
    """
    places: dict[Digest, list[Original]] = {original.sha256: [original] for original in captures}
    for copy in duplicates:
        places[copy.sha256].append(copy)
    every = [place for each in places.values() for place in each]
    scene = _Scene(
        companions(every).union(sidecars),
        Counter(map(folder, every)),
        {session.id: session.date.isoformat() for session in campaign.sessions},
    )
    found: dict[str, list[Classified]] = defaultdict(list)
    for sha256, each in places.items():
        for item in _classified(each, readings.get(sha256), scene):
            found[item.frame.spot.session].append(item)
    return found


@dataclass(frozen=True, slots=True)
class _Scene:
    """What is known of all places."""

    companions: frozenset[Place]
    sizes: Mapping[Folder, int]
    days: Mapping[str, str]
    """The date of each session of the campaign."""


def _classified(places: Sequence[Original], reading: Reading | None, scene: _Scene) -> Iterator[Classified]:
    """The capture first, then its echoes; it is a companion when it is one at any of its places."""
    original = places[0]
    stands = min(places, key=lambda place: _order(place, reading, scene)) if len(places) > 1 else original
    told = places if original.size else [original]  # all empty files are one content
    belongs = any(place.place in scene.companions for place in told)
    yield classify(Frame(original, reading, stands), belongs)
    for place in places:
        if place is not stands:
            yield classify(Frame(original, reading, place, echo=True), place.place in scene.companions)


def _order(place: Original, reading: Reading | None, scene: _Scene) -> tuple[object, ...]:
    """A safe name; a known session, that of the day; a camera's own folder, the fuller one; its own name."""
    day = reading.taken[:10] if reading and reading.taken else ""
    holder, name = parted(place.path.lower())
    return (
        place.unsafe,
        place.session not in scene.days,
        scene.days.get(place.session) != day,
        not DCF_FOLDER.fullmatch(parted(holder)[1]),
        -scene.sizes[folder(place)],
        not DCF_NAME.fullmatch(name),
        place.place,
    )
