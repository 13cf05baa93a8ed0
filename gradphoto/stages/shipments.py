"""How every centre's delivery stands: read from bundles, releases, courier sheets and what happened to parcels."""

from collections.abc import Mapping

from config.campaign import Campaign
from gradphoto.adapters.store import Store
from gradphoto.packed import Packed
from gradphoto.parcels import Parcel, by_centre, outstanding
from gradphoto.shipment import ParcelStanding, Shipment
from gradphoto.shipping import NOTHING, Progress, dates, progress
from gradphoto.stages.consign import going
from gradphoto.stages.releases import Released, releases, sheets
from gradphoto.stages.shipping import events
from gradphoto.stages.stock import recalled_in


def shipments_of(store: Store, campaign: Campaign, bundles: Mapping[str, Packed]) -> dict[str, Shipment]:
    """The delivery of every centre, in the campaign's order; `bundles` are the newest."""
    happened, every, on_sheet = events(store), releases(store), sheets(store)
    far, days = progress(happened), dates(happened)
    stay = by_centre(going(store, [parcel for parcel, _ in every]))
    recalled = recalled_in(store)
    standings: dict[str, list[ParcelStanding]] = {}
    for parcel, released in every:
        stands = far.get(parcel.number, NOTHING)
        one = _standing(parcel, released, on_sheet.get(parcel.number, 0), stands, recalled(parcel))
        standings.setdefault(parcel.centre, []).append(one)
    return {
        centre.id: Shipment(
            date=days.get(centre.id),
            outstanding=_outstanding(bundles.get(centre.id), stay.get(centre.id, [])),
            parcels=tuple(standings.get(centre.id, ())),
        )
        for centre in campaign.centres
    }


def _outstanding(packed: Packed | None, going: list[Parcel]) -> int:
    return len(outstanding(packed.deliveries, going)) if packed else 0


def _standing(parcel: Parcel, released: Released, sheet: int, stands: Progress, recalled: int) -> ParcelStanding:
    return ParcelStanding(
        **parcel.model_dump(include={"number", "kind", "version"}),
        students=len(parcel.prints),
        released=released.at,
        sheet=sheet,
        **stands.model_dump(),
        recalled=recalled,
    )
