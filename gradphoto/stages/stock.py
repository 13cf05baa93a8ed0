"""What is said of parcels, put on record as far as it can be: waybills, seals, sending, receipt, dates."""

from collections.abc import Callable, Iterable, Sequence
from functools import cache
from typing import NamedTuple

from gradphoto.adapters.store import Store
from gradphoto.inputs.problems import Held
from gradphoto.inputs.waybills import read_waybills
from gradphoto.packed import Packed, by_version, newest
from gradphoto.parcels import Parcel
from gradphoto.recall import wrong
from gradphoto.shipping import Act, Event, dates, progress
from gradphoto.shipping_rules import Stock, Verdict, cancel, judge, received, scans, sent, waybill_event
from gradphoto.stages.journals import decided
from gradphoto.stages.releases import parcels, sheets
from gradphoto.stages.shipping import note_events
from gradphoto.waybills import Sorted, sort_waybills


class Said(NamedTuple):
    """Who says it and when, for people only."""

    who: str
    at: str


class Imported(NamedTuple):
    """What the courier's file came to: parcels with a new number, those that had theirs, and held rows."""

    new: tuple[str, ...]
    known: tuple[str, ...]
    held: tuple[Held, ...]


def stock_of(store: Store, happened: Iterable[Event]) -> Stock:
    """All parcels after that."""
    every = {parcel.number: parcel for parcel in parcels(store)}
    return Stock(every, frozenset(sheets(store)), progress(happened), recalled_in(store))


def recalled_in(store: Store) -> Callable[[Parcel], int]:
    """Counts the prints in a parcel that were recalled since its release."""
    said = decided(store)
    by, last = cache(lambda *version: by_version(store, *version)), cache(lambda centre: newest(store, centre))

    def count(parcel: Parcel) -> int:
        if not said.recalls or not parcel.prints:
            return 0
        packed: Packed = by(parcel.centre, parcel.version)
        bad = {(one.student_no, one.source_sha256) for one in wrong(packed, last(parcel.centre), said)}
        return sum((one.student_no, one.source) in bad for one in parcel.prints)

    return count


def import_waybills(store: Store, data: bytes, name: str, said: Said) -> Imported:
    """Put the numbers of the courier's file on record; `SheetError` when it cannot be read."""
    rows, held = read_waybills(data, name)
    found = Sorted([], [], [])

    def happened(before: list[Event]) -> list[Event]:
        nonlocal found
        found = sort_waybills(rows, name, stock_of(store, before))
        return [_event("waybill", one.centre, one.parcel, said, waybill=one.waybill) for one in found.new]

    note_events(store, happened)
    every = sorted([*held, *found.held], key=lambda one: one.row)
    return Imported(tuple(one.parcel for one in found.new), tuple(found.known), tuple(every))


def set_waybill(store: Store, number: str, waybill: str, instead: str, said: Said) -> bool:
    """Put one number on record by hand; False when it stands already. `ShippingRefused` when it cannot be."""

    def happened(before: list[Event]) -> list[Event]:
        event = waybill_event(stock_of(store, before), number, waybill, instead)
        return [event.model_copy(update=said._asdict())] if event else []

    return bool(note_events(store, happened))


def seal(store: Store, one: str, two: str, said: Said) -> Verdict:
    """Compare two scans, and put on record that the parcel is closed when they belong together."""
    found = scans(one.strip(), two.strip())
    if isinstance(found, str):
        return Verdict(False, found)
    verdict = Verdict(False, "")

    def happened(before: list[Event]) -> list[Event]:
        nonlocal verdict
        stock = stock_of(store, before)
        verdict = judge(stock, found)
        if not verdict.new:
            return []
        centre = stock.parcels[found.slip].centre
        return [_event("sealed", centre, found.slip, said, waybill=found.waybill)]

    note_events(store, happened)
    return verdict


def note_sent(store: Store, numbers: Sequence[str], day: str, today: str, said: Said) -> list[str]:
    """That parcels were sent on a day; those of which that is news. All or none: `ShippingRefused` names one."""
    return _note(store, "sent", sent, numbers, day, today, said)


def note_received(store: Store, numbers: Sequence[str], day: str, today: str, said: Said) -> list[str]:
    """The same of their receipt."""
    return _note(store, "received", received, numbers, day, today, said)


def cancel_parcel(store: Store, number: str, reason: str, said: Said) -> None:
    """That a parcel does not go: what is in it is outstanding again. `ShippingRefused` when it was sent."""

    def happened(before: list[Event]) -> list[Event]:
        parcel = cancel(stock_of(store, before), number)
        return [_event("cancelled", parcel.centre, number, said, reason=reason)]

    note_events(store, happened)


def announce(store: Store, centres: Sequence[str], day: str, said: Said) -> list[str]:
    """The day on which centres get their photos, empty to take it back; those of which that is news."""

    def happened(before: list[Event]) -> list[Event]:
        now = dates(before)
        return [_event("date", one, "", said, date=day) for one in centres if now.get(one, "") != day]

    return [one.centre for one in note_events(store, happened)]


def _note(
    store: Store,
    act: Act,
    news: Callable[[Stock, str, str, str], bool],
    numbers: Sequence[str],
    day: str,
    today: str,
    said: Said,
) -> list[str]:
    def happened(before: list[Event]) -> list[Event]:
        stock = stock_of(store, before)
        new = [number for number in numbers if news(stock, number, day, today)]
        return [_event(act, stock.parcels[number].centre, number, said, date=day) for number in new]

    return [one.parcel for one in note_events(store, happened)]


def _event(act: Act, centre: str, parcel: str, said: Said, **more: str) -> Event:
    return Event.model_validate({"act": act, "centre": centre, "parcel": parcel, **said._asdict(), **more})
