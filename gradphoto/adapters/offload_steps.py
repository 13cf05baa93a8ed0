"""The steps of an offload over all files of a card: copy, compare, finish."""

import os
from collections import defaultdict
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

from gradphoto.adapters.found import Found, StillGrowing, Unreadable
from gradphoto.adapters.imaging.header import Header, read_header
from gradphoto.adapters.offload_copy import copy_out
from gradphoto.adapters.offload_target import Target
from gradphoto.adapters.offload_write import write_once
from gradphoto.card_manifest import Listed, manifest_name, write_manifest
from gradphoto.matching.kind import is_picture_name

Done = Callable[[int, int], None]
"""Called after each file of a step: how many are done, how many there are."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What was read of the card so far."""

    files: list[Listed] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    """One Chinese line for each file that the card does not give."""
    days: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    """The pictures by the day of the camera's clock."""


def copy(files: Sequence[Found], targets: Sequence[Target], done: Done) -> Reading:
    """Read every file once and write it where it is missing."""
    reading = Reading()
    for target in targets:
        target.sweep()
    for number, found in enumerate(files, 1):
        try:
            listed, head = copy_out(found, targets)
        except Unreadable as trouble:
            reading.faults.append(f"{found.path}：{trouble}")
        except StillGrowing:
            reading.faults.append(f"{found.path}：复制期间有变化或不见了")
        else:
            reading.files.append(listed)
            reading.days[_day(head, found.path)].append(found.path)
        done(number, len(files))
    reading.days.pop("", None)
    return reading


def compare(files: Sequence[Listed], targets: Sequence[Target], done: Done) -> None:
    """Read every copy back; what differs from the card is a fault of its target."""
    for number, listed in enumerate(files, 1):
        for target in targets:
            if not target.trouble:
                target.compare(listed)
        done(number, len(files))


def finish(target: Target, files: Sequence[Listed], sealed: bool) -> None:
    """Make what was copied outlast a power cut; the manifest comes last, and only to a copy that is whole."""
    target.attempt(str(target.folder), lambda: target.sync(each.path for each in files))
    if sealed and not target.faults:
        target.attempt(str(target.folder), lambda: _seal(target.folder, write_manifest(files)))


def _seal(folder: Path, manifest: bytes) -> None:
    """Under the first name that is free, unless it is there already."""
    names = map(manifest_name, count(1))
    next(name for name in names if _sealed(folder / name, manifest))


def _sealed(path: Path, manifest: bytes) -> bool:
    if not os.path.lexists(path):
        with suppress(FileExistsError):
            write_once(path, manifest)
    return path.is_file() and path.read_bytes() == manifest


def _day(head: bytes, path: str) -> str:
    """The day when a picture was taken by its own word; empty when it has none."""
    header = read_header(head, path) if is_picture_name(path) else None
    return (header.tags.taken or "")[:10] if isinstance(header, Header) else ""
