"""Whether the records of planning can be read: told slots and signatures. They refer to nothing in the store."""

from gradphoto.readiness import Signature
from gradphoto.slots_told import Told
from gradphoto.stages.fsck_look import Look
from gradphoto.stages.fsck_record import Record


def check_told(look: Look, record: Record) -> None:
    """A centre's slots stand below its own id."""
    told = Told.from_lines(record.lines)
    if told.centre != record.name:
        look.fault(f"存储中的 {record.key}：说的是 {told.centre}，应为 {record.name}")


def check_signoff(_: Look, record: Record) -> None:
    """Each line is a signature; the session's id may be gone from the campaign since."""
    list(record.each(Signature))
