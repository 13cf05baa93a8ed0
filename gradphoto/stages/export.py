"""Export: the portraits of the newest bundles under other names, with lists, as a zip or a folder.

The bytes of each portrait are those of its bundle. Everything is looked at before anything is written, and the
record (`gradphoto.exports`) is made before the file gets its name.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO, NamedTuple
from zipfile import ZipFile

from config.export_profile import ExportProfile
from gradphoto.adapters.bag import PHOTOS
from gradphoto.adapters.durable import settle
from gradphoto.adapters.fresh_file import write_fresh_file
from gradphoto.adapters.fresh_folder import write_fresh_folder
from gradphoto.adapters.store import DamagedObject, Store, digest, digest_file
from gradphoto.adapters.stored_zip import write_zip
from gradphoto.adapters.tables import csv_bytes, xlsx_bytes
from gradphoto.adapters.unpack import ZIP_TROUBLE
from gradphoto.bundle import bundle_name
from gradphoto.export import Item, Planned, Rows, centres_of, planned
from gradphoto.exports import Carried, Exported, From, note_export
from gradphoto.packed import Packed
from gradphoto.stages.barred import Barred
from gradphoto.stages.season import Season

NOT_IN_ROSTER = "名册中已没有该学号"
MOVED = "已转到别的教学点，其照片包还没有更新，请先运行 gradphoto nightly"


class LeftOut(NamedTuple):
    """A student of a bundle whose picture does not go, and why in Chinese."""

    student_no: str
    says: str


@dataclass(frozen=True)
class Order:
    """What is to be exported: the newest bundles of some centres into the folder `to`, as `name`."""

    profile: ExportProfile
    bundles: Mapping[str, Packed]
    to: Path
    name: str
    at: str = ""


class Made(NamedTuple):
    """What an export came to; without `path` and `exported` there was nothing to export."""

    left_out: list[LeftOut]
    path: Path | None = None
    exported: Exported | None = None


def export(store: Store, season: Season, order: Order) -> Made:
    """Write the export over nothing that is there; `ExportError` when anybody's name or row cannot be made."""
    items, left_out = _items(store, season, order)
    plan = planned(order.profile, items, season.inputs.campaign)
    if not items:
        return Made(left_out)
    told: list[Exported] = []

    def noted(sha256: str) -> None:
        told.append(_exported(order, items, sha256))
        note_export(store, told[-1])

    return Made(left_out, _write(store, order, plan, noted), told[-1])


def size_of(bundles: Mapping[str, Packed]) -> int:
    """About how many bytes an export of these takes."""
    return sum(one.bytes for packed in bundles.values() for one in packed.deliveries)


def _items(store: Store, season: Season, order: Order) -> tuple[list[Item], list[LeftOut]]:
    items, left_out = list[Item](), list[LeftOut]()
    register, codes = season.inputs.register.students, season.bindings.codes
    for centre, packed in order.bundles.items():
        barred = Barred(store, season, packed)
        for one in packed.deliveries:
            student = register.get(one.student_no)
            why = barred.why(one.student_no, one.source_sha256)
            if why or student is None or student.centre != centre:
                says = why.text if why else MOVED if student else NOT_IN_ROSTER
                left_out.append(LeftOut(one.student_no, says))
            else:
                code = student.capture_code or "、".join(sorted(codes.get(one.student_no, ())))
                items.append(Item(one, student, packed.version, code))
    return items, sorted(left_out)


def _write(store: Store, order: Order, plan: Planned, noted: Callable[[str], None]) -> Path:
    members = _members(store, order, plan)
    if order.profile.form == "folder":
        return write_fresh_folder(order.to, order.name, members, noted)

    def write(file: IO[bytes]) -> bool:
        write_zip(file, members)  # type: ignore[arg-type]
        settle(file)
        noted(digest_file(Path(file.name)))
        return True

    path = write_fresh_file(order.to, order.name, write)
    assert path is not None
    return path


def _members(store: Store, order: Order, plan: Planned) -> Iterator[tuple[str, bytes]]:
    """The lists, then the portraits, a bundle at a time on the disk."""
    for file, rows in plan.lists.items():
        yield file, _table(file, rows)
    for centre, photos in groupby(plan.photos.items(), key=lambda pair: pair[1].student.centre):
        packed = order.bundles[centre]
        with TemporaryDirectory(prefix="gradphoto-") as scratch:
            copy = Path(scratch) / "bundle.zip"
            store.copy_to(packed.path, copy)
            yield from _photos(copy, packed, photos)


def _photos(copy: Path, packed: Packed, photos: Iterable[tuple[str, Item]]) -> Iterator[tuple[str, bytes]]:
    with ZipFile(copy) as archive:
        top = f"{bundle_name(packed.centre, packed.version)}/{PHOTOS}"
        for name, item in photos:
            yield name, _photo(archive, f"{top}{item.delivery.file}", packed, item.delivery.sha256)


def _photo(archive: ZipFile, member: str, packed: Packed, sha256: str) -> bytes:
    """The bytes that were packed; `DamagedObject` when the stored bundle has others."""
    try:
        data = archive.read(member)
    except (OSError, *ZIP_TROUBLE):
        data = b""
    if digest(data) != sha256:
        raise DamagedObject(f"{packed.path}：其中的照片与记录的校验值不符，请从备份恢复")
    return data


def _table(file: str, rows: Rows) -> bytes:
    return xlsx_bytes("名单", rows) if file.endswith(".xlsx") else csv_bytes(rows)


def _exported(order: Order, items: list[Item], sha256: str) -> Exported:
    photos = (
        Carried(student_no=no, source=one.source_sha256, sha256=one.sha256)
        for no, one in sorted((item.student.student_no, item.delivery) for item in items)
    )
    return Exported(
        profile=order.profile.id,
        file=order.name,
        sha256=sha256,
        uploaded=order.profile.uploaded,
        at=order.at,
        bundles=tuple(From(centre=centre, version=version) for centre, version in centres_of(items)),
        photos=tuple(photos),
    )
