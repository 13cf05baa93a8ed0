"""Whether every record can be read, and what it speaks of is there."""

from collections.abc import Callable
from re import Match
from typing import Any

from gradphoto.adapters.journal import Journal
from gradphoto.adapters.store import content_key, damaged
from gradphoto.copies import CardCopy
from gradphoto.decision import Decision
from gradphoto.downloads import Download
from gradphoto.layout import kind_of
from gradphoto.original import Original
from gradphoto.packed import Packed
from gradphoto.parcels import Parcel
from gradphoto.portrait import Draft, Render
from gradphoto.prints import Printed
from gradphoto.purge import Purge, Receipt
from gradphoto.reading import Reading
from gradphoto.run import Run
from gradphoto.stages.fsck_export import check_export
from gradphoto.stages.fsck_look import Look
from gradphoto.stages.fsck_planning import check_signoff, check_told
from gradphoto.stages.fsck_record import Record
from gradphoto.stages.fsck_said import check_invite, check_request
from gradphoto.stages.fsck_shipping import check_address, check_sheet, check_shipping
from gradphoto.stages.looks import Looked
from gradphoto.stages.pack import bundle_key
from gradphoto.stages.portraits import portrait_key
from gradphoto.stages.snapshot import InputFile
from gradphoto.told import Told
from gradphoto.versions import READER, RECIPE


def check_record(look: Look, key: str, found: Match[str]) -> None:
    """One record: its head, its digest, its lines, and everything that they refer to."""
    kind, number = kind_of(key), int(found["number"])
    lines = look.read(key, lambda key: Journal(look.store, key.rpartition("/")[0]).record(number))
    if lines is None:
        look.broken.add(kind)
        return
    try:
        _CHECKS[kind](look, Record(key, found.groupdict().get("name") or "", number, lines))
    except (ValueError, LookupError, TypeError, AttributeError):  # its words may name people, so they are not told
        look.broken.add(kind)
        look.fault(f"存储中的 {key}：不是本版本认识的记录，请用写下它的版本检查")


def _snapshot(look: Look, record: Record) -> None:
    for where, file in record.each(InputFile):
        look.refer(content_key("inputs", file.sha256), where)


def _ingest(look: Look, record: Record) -> None:
    for where, original in record.each(Original):
        key = content_key("originals", original.sha256)
        look.refer(key, where)
        look.recorded.add(original.sha256)
        if original.session != record.name:
            look.fault(f"存储中的 {where}：场次是 {original.session}，应为 {record.name}")
        if key not in look.damaged and look.sizes.get(key, original.size) != original.size:
            look.fault(f"存储中的 {where}：记录为 {original.size} 字节，{key} 却有 {look.sizes[key]} 字节")


def _reading(look: Look, record: Record) -> None:
    for number, line in enumerate(record.lines, 2):
        look.refer(content_key("originals", line["sha256"]), f"{record.key} 第{number}行")
        if record.name == READER:  # another release's have another form
            Reading.model_validate(line)


def _render(look: Look, record: Record) -> None:
    for number, line in enumerate(record.lines, 2):
        where, source = f"{record.key} 第{number}行", line["source"]
        look.refer(content_key("originals", source), where)
        if record.name.startswith(f"{READER}-{RECIPE}-"):
            Render.model_validate(line)
        if line.get("sha256"):
            _portrait(look, portrait_key(record.name, source), line["sha256"], where)


def _drafts(look: Look, record: Record) -> None:
    for where, draft in record.each(Draft):
        look.refer(content_key("originals", draft.source), where)
        _portrait(look, portrait_key(record.name, draft.source), draft.sha256, where)


def _portrait(look: Look, key: str, sha256: str, where: str) -> None:
    look.refer(key, where)
    if look.portraits.get(key, sha256) != sha256:
        look.fault(str(damaged(key)))
        del look.portraits[key]  # told once, however often it was rendered


def _copies(_: Look, record: Record) -> None:
    """The disks are elsewhere, and a card is copied before it is taken in: nothing here is referred to."""
    list(record.each(CardCopy))


def _closed(_: Look, record: Record) -> None:
    for line in record.lines:
        str(line["who"]), str(line["at"])


def _decision(look: Look, record: Record) -> None:
    ((where, decision),) = record.each(Decision)
    if (decision.number, decision.before) != (record.number, record.number - 1):
        look.fault(f"存储中的 {where}：是接在 {decision.before} 之后的决定 {decision.number}，与编号不符")
    for capture in filter(None, (decision.capture, *decision.captures)):
        look.refer(content_key("originals", capture), where)


def _packed(look: Look, record: Record) -> None:
    packed = Packed.from_lines(record.lines)
    key = bundle_key(record.name, record.number)
    if (packed.centre, packed.version, packed.path) != (record.name, record.number, key):
        look.fault(f"存储中的 {record.key}：说的是 {packed.path}，应为 {key}")
    look.refer(key, record.key)
    if packed.snapshot:  # 0 where a lost record was made again from the first bundle
        look.refer(f"snapshots/{packed.snapshot:06d}.jsonl", record.key)
    sources = [delivery.source_sha256 for delivery in packed.deliveries]
    for source in sources:
        look.refer(content_key("originals", source), record.key)
    strange = [source for source in sources if source not in look.recorded and source not in look.dead]
    if strange and not {"ingests", "purges"} & look.broken:
        look.fault(f"存储中的 {record.key}：{len(strange)} 张照片的原片没有收片记录，首先是 {strange[0]}")


def _look(_: Look, record: Record) -> None:
    """What was seen need not have been packed: nothing here is referred to."""
    list(record.each(Looked))


def _printed(look: Look, record: Record) -> None:
    printed = Printed.from_lines(record.lines)
    if printed.centre != record.name:
        look.fault(f"存储中的 {record.key}：说的是 {printed.centre}，应为 {record.name}")
    look.refer(bundle_key(record.name, printed.version), record.key)
    for number, one in enumerate(printed.prints, 3):
        look.refer(content_key("originals", one.source), f"{record.key} 第{number}行")


def _parcel(look: Look, record: Record) -> None:
    for where, parcel in record.each(Parcel, "parcel"):
        look.parcels.add(parcel.number)
        look.refer(bundle_key(parcel.centre, parcel.version), where)


def _download(look: Look, record: Record) -> None:
    for where, download in record.each(Download):
        look.refer(bundle_key(download.centre, download.version), where)


def _notices(_: Look, record: Record) -> None:
    """Students come and go, and the files lie elsewhere: nothing here is referred to."""
    Told.from_lines(record.lines)


def _run(look: Look, record: Record) -> None:
    for where, run in record.each(Run):
        look.refer(f"snapshots/{run.snapshot:06d}.jsonl", where)
        for outcome in run.centres:
            if outcome.version:
                look.refer(bundle_key(outcome.centre, outcome.version), where)


def _purge(_: Look, record: Record) -> None:
    Purge.from_lines(record.lines)


def _receipt(_: Look, record: Record) -> None:
    ((where, receipt),) = record.each(Receipt)
    if receipt.purge != record.number:
        raise ValueError(where)


_CHECKS: dict[str, Callable[[Look, Record], Any]] = {
    "snapshots": _snapshot,
    "addresses": check_address,
    "ingests": _ingest,
    "readings": _reading,
    "drafts": _drafts,
    "renders": _render,
    "copies": _copies,
    "closed": _closed,
    "decisions": _decision,
    "packed": _packed,
    "slots": check_told,
    "signoffs": check_signoff,
    "told": _notices,
    "looks": _look,
    "prints": _printed,
    "parcels": _parcel,
    "sheets": check_sheet,
    "shipping": check_shipping,
    "downloads": _download,
    "exports": check_export,
    "runs": _run,
    "invites": check_invite,
    "requests": check_request,
    "purges": _purge,
    "receipts": _receipt,
}
