"""What happens to parcels and when a centre gets its photos: events in the order of their records. Pure.

A parcel gets the courier's number, is sealed after slip and waybill were compared, is sent and received; before
it is sent it may be cancelled, and its prints are then to be sent again. When a centre gets its photos the capture
centre announces (notice, section 4); until then nobody knows.
"""

import re
from collections.abc import Iterable, Mapping
from typing import Literal

from config.frozen import Frozen

Act = Literal["date", "waybill", "sealed", "sent", "received", "cancelled"]
WAYBILL = re.compile(r"SF[0-9]{12,13}|[0-9]{12}|[0-9]{15}")
"""What SF Express's numbers look like. Public tools that check them take `SF` and 13 figures, or 12 figures; some
`SF` and 12, or 15 figures. A wrong figure shows when the waybill is scanned."""
PARCEL = re.compile(r"[A-Z0-9]{1,8}-[a-z0-9][a-z0-9-]{0,39}-[0-9]{4,}")
"""What our own numbers look like, by which the barcode of a packing slip is known."""
UNANNOUNCED = "下发时间待通知"


class Event(Frozen):
    """One thing that happened. `date` is a day, `2023-08-01`; `at` and `who` are for people only."""

    act: Act
    centre: str
    parcel: str = ""
    """Empty for a delivery date."""
    waybill: str = ""
    date: str = ""
    """Of a delivery (empty: it was taken back), sending or receipt."""
    reason: str = ""
    who: str
    at: str = ""


class Progress(Frozen):
    """How far one parcel is. Days, but for `sealed`, the moment."""

    waybill: str = ""
    sealed: str = ""
    sent: str = ""
    received: str = ""
    cancelled: bool = False
    reason: str = ""
    """Why it was cancelled."""

    @property
    def word(self) -> str:
        """In Chinese the last thing that happened; empty before the first."""
        steps = (
            (self.cancelled, "已取消"),
            (self.received, f"{self.received} 收到"),
            (self.sent, f"{self.sent} 寄出"),
            (self.sealed, "已封箱"),
            (self.waybill, "已有运单号"),
        )
        return next((word for done, word in steps if done), "")


NOTHING = Progress()


def progress(events: Iterable[Event]) -> dict[str, Progress]:
    """How far each parcel is, by its number. Of two words on one thing the later counts."""
    found: dict[str, Progress] = {}
    for one in events:
        if one.parcel:
            before = found.get(one.parcel, NOTHING)
            found[one.parcel] = before.model_copy(update=_changed(one))
    return found


def dates(events: Iterable[Event]) -> dict[str, str]:
    """By centre the day on which it gets its photos, as it was announced last; only centres that have one."""
    announced = {one.centre: one.date for one in events if one.act == "date"}
    return {centre: date for centre, date in announced.items() if date}


def cancelled(events: Iterable[Event]) -> frozenset[str]:
    """The numbers of the parcels that never went."""
    return frozenset(one.parcel for one in events if one.act == "cancelled")


def _changed(one: Event) -> Mapping[str, object]:
    """Another waybill was compared with nothing yet, so the parcel must be sealed anew."""
    changes: dict[str, Mapping[str, object]] = {
        "waybill": {"waybill": one.waybill, "sealed": ""},
        "sealed": {"sealed": one.at or "是"},
        "sent": {"sent": one.date},
        "received": {"received": one.date},
        "cancelled": {"cancelled": True, "reason": one.reason},
    }
    return changes[one.act]
