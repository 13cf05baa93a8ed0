"""What a centre's first page says: its figures, where and when, its files, its prints."""

from typing import NamedTuple

from config.campaign import Session, Window
from config.lookup import windows_of
from gradphoto.addresses import Known
from gradphoto.language import shown
from gradphoto.packed import Packed
from gradphoto.parcels import Parcel, parcels_to
from gradphoto.shipping import NOTHING, UNANNOUNCED, Progress, dates, progress
from gradphoto.stages.addresses import addresses_now
from gradphoto.stages.releases import parcels
from gradphoto.stages.shipping import events
from gradphoto.status import CentreStatus
from portal.house import House
from portal.view import View


class Files(NamedTuple):
    """The newest bundle, and whether the centre may fetch it now."""

    packed: Packed | None
    asked: bool
    """Whether the centre asked for electronic data."""
    confirmed: bool
    """Whether the operator confirmed that."""
    recalled: bool

    @property
    def ready(self) -> bool:
        """Whether there is something to fetch."""
        return bool(self.packed and self.asked and self.confirmed and not self.recalled)


class Parcelled(NamedTuple):
    """A parcel of prints and how far it is."""

    parcel: Parcel
    far: Progress


class Facts(NamedTuple):
    """Everything of the page."""

    centre: CentreStatus
    again: int
    """How many must come again."""
    windows: list[str]
    address: Known | None
    files: Files
    prints: list[Parcelled]
    date: str


def facts_of(house: House, view: View, centre: str) -> Facts:
    """The facts of one centre as they are now."""
    known = addresses_now(house.store, house.inputs).get(centre)
    happened = events(house.store)
    return Facts(
        centre=view.centres[centre],
        again=len(view.retakes(centre)),
        windows=windows(view, centre),
        address=known,
        files=files_of(house, centre, known),
        prints=prints_of(house, centre),
        date=dates(happened).get(centre, UNANNOUNCED),
    )


def windows(view: View, centre: str) -> list[str]:
    """When and where a centre is photographed, in words."""
    return [_window(at, one) for at, one in windows_of(view.campaign, centre)]


def _window(at: Session, one: Window) -> str:
    start, end = f"{one.start:%H:%M}", f"{one.end:%H:%M}"
    said = shown("{month}月{day}日 {start}—{end} {place}")
    return said.format(month=one.start.month, day=one.start.day, start=start, end=end, place=at.address)


def files_of(house: House, centre: str, known: Known | None) -> Files:
    """A centre's files."""
    there = house.bundles.newest(centre)
    asked = bool(known and known.address.electronic)
    recalled = bool(there and house.bundles.recalled(there))
    return Files(there, asked, bool(known and known.confirmed), recalled)


def prints_of(house: House, centre: str) -> list[Parcelled]:
    """The parcels of one centre that were released and not cancelled, in order."""
    far = progress(events(house.store))
    found = [(one, far.get(one.number, NOTHING)) for one in parcels_to(centre, parcels(house.store))]
    return [Parcelled(one, steps) for one, steps in found if one.prints and not steps.cancelled]
