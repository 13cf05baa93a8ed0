"""Whether records of addresses and of shipping can be read, and what they speak of is there."""

from collections.abc import Iterable

from gradphoto.addresses import AddressRecord
from gradphoto.shipping import Event
from gradphoto.stages.fsck_look import Look
from gradphoto.stages.fsck_record import Record


def check_address(look: Look, record: Record) -> None:
    """Each word was said over a snapshot, but before the first run."""
    for where, one in record.each(AddressRecord):
        if one.snapshot:
            look.refer(f"snapshots/{one.snapshot:06d}.jsonl", where)


def check_sheet(look: Look, record: Record) -> None:
    """Every parcel on a courier sheet was released."""
    _refer(look, record, [number for line in record.lines for number in line["parcels"]])


def check_shipping(look: Look, record: Record) -> None:
    """Every parcel of which something is told was released."""
    _refer(look, record, [event.parcel for _, event in record.each(Event) if event.parcel])


def _refer(look: Look, record: Record, numbers: Iterable[str]) -> None:
    unknown = dict.fromkeys(number for number in numbers if number not in look.parcels)
    if unknown and "parcels" not in look.broken:
        look.fault(f"存储中的 {record.key}：包裹 {' '.join(unknown)} 没有放行记录，请从备份恢复 parcels/")
