"""How the delivery of each centre stands, as `status` and `shipments list` tell it. Pure; it names nobody."""

from config.frozen import Frozen
from gradphoto.shipping import UNANNOUNCED


class ParcelStanding(Frozen):
    """One parcel. Days are `2023-08-01`, empty before their time; `released` and `sealed` are moments."""

    number: str
    kind: str
    version: int
    students: int
    released: str = ""
    sheet: int = 0
    """Of which courier sheet it is; 0 before it is on one."""
    waybill: str = ""
    sealed: str = ""
    sent: str = ""
    received: str = ""
    cancelled: bool = False
    reason: str = ""
    """Why it was cancelled."""
    recalled: int = 0
    """Prints in it that were recalled since."""

    @property
    def word(self) -> str:
        """In Chinese the last thing that happened to it."""
        steps = (
            (self.cancelled, "已取消"),
            (self.received, "已收到"),
            (self.sent, "已寄出"),
            (self.sealed, "已封箱"),
            (self.waybill, "待封箱"),
            (self.sheet, "待运单号"),
        )
        return next((word for done, word in steps if done), "已放行")


class Shipment(Frozen):
    """What goes to one centre: when, what is still to be released, and every parcel in order of release."""

    date: str | None = None
    """The day that was announced."""
    outstanding: int = 0
    """Students whose prints were not released yet."""
    parcels: tuple[ParcelStanding, ...] = ()

    @property
    def word(self) -> str:
        """In Chinese when the centre gets its photos."""
        return f"定于 {self.date} 下发" if self.date else UNANNOUNCED

    @property
    def going(self) -> tuple[ParcelStanding, ...]:
        """The parcels that were not cancelled."""
        return tuple(one for one in self.parcels if not one.cancelled)
