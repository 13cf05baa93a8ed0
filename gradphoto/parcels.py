"""Parcels: which portraits' prints the operator has released to the courier, and which are still to go.

Before its first release a centre is 暂不寄; its first parcel is 首寄, every later one 补寄. A parcel is never
changed. Prints are crops of the original, so a picture is told by its source: other tags or another
version of the bundle are no reason to send it again, another picture of the student is.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from config.campaign import PARCEL_PREFIX
from config.frozen import Frozen
from gradphoto.bundle import Delivery
from gradphoto.original import Digest
from gradphoto.packed import Packed

UNRELEASED = "暂不寄"
FIRST = "首寄"
LATER = "补寄"


class Print(Frozen):
    """The prints of one student: whose, and the original that they were made from."""

    student_no: str
    source: Digest


class Parcel(Frozen):
    """What one waybill carries to one centre; `version` is the bundle whose portraits it was released from."""

    number: str
    """内部包裹号, also the courier's order number, which it takes only once."""
    centre: str
    kind: str
    version: int
    portraits: int
    """How many that bundle holds."""
    prints: tuple[Print, ...]
    waybill: str = ""

    @property
    def students(self) -> tuple[str, ...]:
        """The numbers of the students whose prints are in it."""
        return tuple(item.student_no for item in self.prints)


def parcels_to(centre: str, parcels: Iterable[Parcel]) -> list[Parcel]:
    """The parcels of one centre, in the order of their release."""
    return [parcel for parcel in parcels if parcel.centre == centre]


def by_centre(parcels: Iterable[Parcel]) -> Mapping[str, list[Parcel]]:
    """The parcels of each centre that has any, in the order of their release."""
    found: dict[str, list[Parcel]] = defaultdict(list)
    for parcel in parcels:
        found[parcel.centre].append(parcel)
    return found


def outstanding(deliveries: Iterable[Delivery], parcels: Iterable[Parcel]) -> tuple[Print, ...]:
    """The portraits of one centre that none of its `parcels` carries: new ones and replaced ones.

    By centre, because a student who moved needs prints where they now belong; a picture that came back
    after a replacement is at the centre already and does not go again.
    """
    gone = {item for parcel in parcels for item in parcel.prints}
    here = (Print(student_no=delivery.student_no, source=delivery.source_sha256) for delivery in deliveries)
    return tuple(sorted((item for item in here if item not in gone), key=lambda item: item.student_no))


def released(
    packed: Packed,
    earlier: Sequence[Parcel],
    going: Sequence[Parcel] | None = None,
    prefix: str = PARCEL_PREFIX,
) -> Parcel | None:
    """The next parcel of a bundle's centre after its `earlier` ones; None when nothing is outstanding.

    `going` are those of them that went or may go, by default all: what a recall keeps back was not sent. `prefix`
    is the campaign's.
    """
    going = earlier if going is None else going
    prints = outstanding(packed.deliveries, going)
    if not prints:
        return None
    return Parcel(
        number=f"{prefix}-{packed.centre}-{len(earlier) + 1:04d}",
        centre=packed.centre,
        kind=LATER if going else FIRST,
        version=packed.version,
        portraits=len(packed.deliveries),
        prints=prints,
    )
