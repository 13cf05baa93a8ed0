"""Whether a record of an export is one, and what it speaks of is there."""

from gradphoto.adapters.store import content_key
from gradphoto.exports import Exported
from gradphoto.stages.fsck_look import Look
from gradphoto.stages.fsck_record import Record
from gradphoto.stages.pack import bundle_key


def check_export(look: Look, record: Record) -> None:
    """`ValueError` or a lookup's error when it is no record of ours."""
    exported = Exported.from_lines(record.lines)
    for one in exported.bundles:
        look.refer(bundle_key(one.centre, one.version), record.key)
    for number, photo in enumerate(exported.photos, 3):
        look.refer(content_key("originals", photo.source), f"{record.key} 第{number}行")
