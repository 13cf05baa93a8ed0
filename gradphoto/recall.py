"""A recall: which pictures it freezes, and which bundle versions and parcels it blocks. Pure.

A picture under a wrong name is rarely alone: who stands beside it in the camera's order has most likely the
picture of the one beside them. Nothing but the decision is kept; what is blocked follows from it and from what
was packed.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import groupby

from gradphoto.bundle import Delivery
from gradphoto.decision import Decision, Standing
from gradphoto.matching.bindings import Bindings
from gradphoto.matching.kind import Classified
from gradphoto.matching.lanes import lanes
from gradphoto.matching.remade import standing
from gradphoto.matching.runs import Run, runs
from gradphoto.original import Digest
from gradphoto.packed import Packed
from gradphoto.parcels import Parcel

Version = tuple[str, int]
"""A centre's id and a version of its bundle."""


def around(capture: Digest, sessions: Mapping[str, Sequence[Classified]], bindings: Bindings) -> set[Digest]:
    """The portraits of the sitting in which a capture stands, and of the sittings beside it on that camera.

    A slate that was shown again opens another run of the same sitting; a run without a portrait is none.
    """
    found = {capture}
    for frames in sessions.values():
        for lane in lanes(standing(frames).ordered):
            sittings = [_portraits(sitting) for sitting in _sittings(runs(lane, bindings))]
            for at, sitting in enumerate(sittings):
                if capture in sitting:
                    found = found.union(*sittings[max(0, at - 1) : at + 2])
    return found


def _sittings(lane: Iterable[Run]) -> Iterator[list[Run]]:
    """Runs with portraits, those under the same code right after each other together."""
    seated = [run for run in lane if run.portraits]
    for _, each in groupby(enumerate(seated), key=lambda item: item[1].code or item[0]):
        yield [run for _, run in each]


def _portraits(sitting: Iterable[Run]) -> set[Digest]:
    return {shot.classified.frame.original.sha256 for run in sitting for shot in run.portraits}


def wrong(packed: Packed, newest: Packed | None, said: Standing) -> tuple[Delivery, ...]:
    """The portraits for which a version is blocked: recalled, and not found right since.

    Right is what somebody released and the centre's newest bundle delivers to the same student.
    """
    recalled = said.recalled
    right = {(one.student_no, one.source_sha256) for one in newest.deliveries} if newest else set()
    return tuple(
        one
        for one in packed.deliveries
        if one.source_sha256 in recalled
        and (
            one.source_sha256 in said.frozen
            or one.source_sha256 in said.rejected
            or (one.student_no, one.source_sha256) not in right
        )
    )


def again(said: Standing, student_no: str, capture: Digest) -> Decision | None:
    """The recall of that student's picture that stands already, while nobody has decided on the picture."""
    mine = (one for one in said.recalls if one.student_no == student_no and one.capture == capture)
    return next(mine, None) if capture in said.frozen else None


def in_force(parcels: Sequence[Parcel], sheeted: Collection[str], blocked: Collection[Version]) -> list[Parcel]:
    """The parcels that went or may go: those that wait and come of a blocked version do not."""
    stands = set(map(id, _not_replaced(parcels, sheeted)))
    kept = (one for one in parcels if id(one) in stands)
    return [one for one in kept if one.number in sheeted or (one.centre, one.version) not in blocked]


def kept_back(parcels: Sequence[Parcel], sheeted: Collection[str], blocked: Collection[Version]) -> list[Parcel]:
    """The parcels that wait and come of a blocked version."""
    return [
        one
        for one in _not_replaced(parcels, sheeted)
        if one.prints and one.number not in sheeted and (one.centre, one.version) in blocked
    ]


def _not_replaced(parcels: Sequence[Parcel], sheeted: Collection[str]) -> list[Parcel]:
    """Without those that wait while a later parcel carries the same print: those were held then, and opened."""
    later: set[tuple[str, str, Digest]] = set()
    stay = []
    for one in reversed(parcels):
        prints = {(one.centre, each.student_no, each.source) for each in one.prints}
        if one.number in sheeted or later.isdisjoint(prints):
            stay.append(one)
        later |= prints
    return stay[::-1]
