"""In what order one camera took its frames."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from gradphoto.matching.bodies import bodies
from gradphoto.matching.kind import Classified, Kind
from gradphoto.matching.rolls import Roll, rolls
from gradphoto.matching.strands import Body, taken_of


@dataclass(frozen=True, slots=True)
class Shot:
    """A frame in its place: `taken` is its own time or that of its neighbour, None in a lane without times."""

    classified: Classified
    taken: datetime | None
    timed: bool
    """Whether the time is its own."""
    echo: bool = False
    """Whether it only keeps the order here, and has its match elsewhere."""


Lane = tuple[Shot, ...]
_Spot = tuple[datetime, int, int]
"""Time, roll and place in it."""


def lanes(frames: Iterable[Classified]) -> list[Lane]:
    """The frames of one session, a lane for each camera body, each in order (time, natural path).

    A frame without a time of its own (cut off, not read, stripped) takes it from the frame before it in
    its roll, so that it breaks the run that it stood in. When several bodies may have taken it, it is a
    lane by itself and breaks all of theirs.
    """
    found: dict[Body, list[tuple[_Spot, Shot]]] = defaultdict(list)
    for number, roll in enumerate(rolls(item for item in frames if item.kind is not Kind.ASIDE)):
        for body, place, shot in _placed(roll):
            found[body].append(((shot.taken or datetime.min, number, place), shot))
    ordered = (sorted(shots, key=lambda item: item[0]) for _, shots in sorted(found.items()))
    return [_once([shot for _, shot in shots]) for shots in ordered]


def _placed(roll: Roll) -> Iterator[tuple[Body, int, Shot]]:
    """Each frame with its body; times are borrowed within a body, forwards, and back for the first ones."""
    found: dict[Body, list[tuple[int, Classified]]] = defaultdict(list)
    for place, (item, owners) in enumerate(zip(roll, bodies(roll), strict=True)):
        if len(owners) == 1:
            found[next(iter(owners))].append((place, item))
            continue
        found[f"stray:{item.frame.spot.place}"].append((place, item))
        if item.kind is not Kind.PORTRAIT:
            for body in owners:
                found[body].append((place, _ghost(item)))
    for body, members in found.items():
        taken = next((own for _, item in members if (own := taken_of(item))), None)
        for place, item in members:
            own = taken_of(item)
            taken = own or taken
            yield body, place, Shot(item, taken, timed=own is not None, echo=item.frame.echo)


def _ghost(item: Classified) -> Classified:
    """A break in the place of a frame that stands elsewhere."""
    return replace(item, kind=Kind.BREAK, frame=replace(item.frame, echo=True))


def _once(shots: Sequence[Shot]) -> Lane:
    """Without the echoes of frames that are in the lane themselves, at the one moment when they were taken."""
    here = {shot.classified.frame.original.sha256 for shot in shots if not shot.echo}
    return tuple(
        shot for shot in shots if not (shot.echo and shot.timed and shot.classified.frame.original.sha256 in here)
    )
