"""A bundle as bytes: one BagIt 1.0 bag (RFC 8493) in a stored zip, and its tables read again.

The bytes follow from the contents alone: no clock, no host, no release number. Every digest is known
beforehand, so the archive is written in one pass with one photo in memory.
"""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import BinaryIO
from zipfile import ZipFile

from config.bad_input import BadInput
from gradphoto.adapters.store import DamagedObject
from gradphoto.adapters.stored_zip import write_zip
from gradphoto.adapters.tables import csv_bytes, csv_rows, xlsx_bytes
from gradphoto.adapters.unpack import ZIP_TROUBLE
from gradphoto.bundle import Absent, Contents, Delivery, Held
from gradphoto.bundle_page import page
from gradphoto.bundle_rows import Model, change_rows, missing_rows, parse, people_rows, photo_rows

PHOTOS_CSV, MISSING_CSV, CHANGES_CSV = "data/photos.csv", "data/missing.csv", "data/changes.csv"
PEOPLE_XLSX = "data/名单.xlsx"
INDEX = "data/index.html"
"""Bundles of earlier releases have none, and are as valid."""
PHOTOS = "data/photos/"
INPUTS = "Gradphoto-Inputs"
_DECLARATION = b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"


class BundleError(BadInput):
    """A file that is not a bundle of ours; one line for the operator."""


def write_bag(target: BinaryIO, contents: Contents, photo: Callable[[Delivery], bytes]) -> None:
    """Write the bundle to a seekable stream; `photo` gives the tagged JPEG of a delivery.

    `DamagedObject` when a photo is not the one that its delivery tells of; what was written then is
    no archive.
    """
    write_zip(target, _members(contents, photo))


def read_contents(path: Path) -> Held:
    """Deliveries and absents from a bundle's own tables, when its record is lost; else `BundleError`."""
    try:
        with ZipFile(path) as archive:
            deliveries = _read(archive, path, PHOTOS_CSV, Delivery)
            return Held(deliveries, _read(archive, path, MISSING_CSV, Absent), _inputs(archive))
    except (OSError, *ZIP_TROUBLE) as trouble:
        raise BundleError(f"{path}：无法作为照片包读取（{type(trouble).__name__}），请重新下载") from None


def _read(archive: ZipFile, path: Path, name: str, model: type[Model]) -> tuple[Model, ...]:
    try:
        rows = csv_rows(archive.read(f"{_top(archive)}/{name}"))
    except (LookupError, ValueError):
        raise BundleError(f"{path}：缺少 {name} 或无法读取，请重新下载") from None
    values, faults = parse(model, rows, name)
    if faults:
        raise BundleError(f"{path}：{faults[0]}")
    return tuple(value for _, value in values)


def _inputs(archive: ZipFile) -> str:
    lines = archive.read(f"{_top(archive)}/bag-info.txt").decode().splitlines()
    return next((line.removeprefix(f"{INPUTS}: ") for line in lines if line.startswith(f"{INPUTS}: ")), "")


def _top(archive: ZipFile) -> str:
    """The bundle's own name, whatever the file is called."""
    return archive.namelist()[0].partition("/")[0]


def _members(contents: Contents, photo: Callable[[Delivery], bytes]) -> Iterator[tuple[str, bytes]]:
    tables = _tables(contents)
    for name, data in (_tags(contents, tables) | tables).items():
        yield f"{contents.name}/{name}", data
    for delivery in contents.deliveries:
        yield f"{contents.name}/{PHOTOS}{delivery.file}", _checked(delivery, photo(delivery))


def _tables(contents: Contents) -> dict[str, bytes]:
    return {
        PHOTOS_CSV: csv_bytes(photo_rows(contents)),
        MISSING_CSV: csv_bytes(missing_rows(contents)),
        CHANGES_CSV: csv_bytes(change_rows(contents)),
        PEOPLE_XLSX: xlsx_bytes("名单", people_rows(contents)),
        INDEX: page(contents).encode(),
    }


def _tags(contents: Contents, tables: Mapping[str, bytes]) -> dict[str, bytes]:
    photos = {f"{PHOTOS}{delivery.file}": delivery.sha256 for delivery in contents.deliveries}
    size = sum(map(len, tables.values())) + sum(delivery.bytes for delivery in contents.deliveries)
    tags = {
        "bagit.txt": _DECLARATION,
        "bag-info.txt": _info(contents, f"{size}.{len(tables) + len(photos)}"),
        "manifest-sha256.txt": _manifest(_digests(tables) | photos),
    }
    return {**tags, "tagmanifest-sha256.txt": _manifest(_digests(tags))}


def _digests(files: Mapping[str, bytes]) -> dict[str, str]:
    return {name: hashlib.sha256(data).hexdigest() for name, data in files.items()}


def _manifest(digests: Mapping[str, str]) -> bytes:
    return "".join(f"{sha256}  {name}\n" for name, sha256 in sorted(digests.items())).encode()


def _info(contents: Contents, oxum: str) -> bytes:
    labels = [
        ("Source-Organization", contents.institution),
        ("External-Identifier", contents.name),
        ("External-Description", f"{contents.institution}{contents.centre_name}毕业生照片"),
        ("Bag-Group-Identifier", contents.campaign),
        ("Payload-Oxum", oxum),
        (INPUTS, contents.inputs),
        *(("Gradphoto-Recipe", recipe) for recipe in _each(part.recipe for part in contents.deliveries)),
        *(("Gradphoto-Spec", spec) for spec in _each(part.spec for part in contents.deliveries)),
    ]
    return "".join(f"{label}: {' '.join(value.split())}\n" for label, value in labels).encode()


def _each(values: Iterable[str]) -> list[str]:
    return sorted(set(values))


def _checked(delivery: Delivery, jpeg: bytes) -> bytes:
    if (len(jpeg), hashlib.sha256(jpeg).hexdigest()) != (delivery.bytes, delivery.sha256):
        raise DamagedObject(f"原片 {delivery.source_sha256} 的照片与记录的校验值不符，未打包")
    return jpeg
