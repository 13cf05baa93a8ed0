"""Where a card may be copied to: folders that are there, apart from each other and from the card."""

import os
from collections.abc import Iterable, Sequence
from itertools import combinations
from pathlib import Path

from config.bad_input import BadInput
from gradphoto.adapters.reasons import reason
from gradphoto.portable import whole_drive

FEWEST = 2
"""Drives, for one copy is none when the card is formatted."""


class DriveError(BadInput):
    """Drives that cannot be used; its message is one line for the operator."""


def checked_drives(card: Path, drives: Sequence[Path], inbox: Path | None) -> list[Path]:
    """The drives as they are to be used; `DriveError` when there are too few, or any two of them meet.

    `inbox`, when the card also goes there, may stand on a drive, for a session's copy does not; a drive must
    not stand in it.
    """
    drives = [whole_drive(drive) for drive in drives]
    if len(drives) < FEWEST:
        raise DriveError("只有一个目标硬盘：请用 --to 给出至少两个，一个坏了还有另一个")
    for folder in (card, *drives):
        _refuse_unusable(folder)
    for one, other in combinations((card, *drives), 2):
        if _within(one, other) or _within(other, one):
            raise DriveError(f"{one} 和 {other} 是同一个文件夹，或一个在另一个里面：请换成不同的硬盘")
    for drive in drives if inbox else ():
        if inbox and _within(drive, inbox):
            raise DriveError(f"{drive} 在收片文件夹 {inbox} 里：请换一个硬盘")
    if inbox and (_within(card, inbox) or _within(inbox, card)):
        raise DriveError(f"存储卡 {card} 和收片文件夹 {inbox} 重叠：请给出存储卡本身，或不要 --inbox")
    return drives


def shared_disks(card: Path, drives: Iterable[Path]) -> list[str]:
    """One Chinese line for each two of these that stand on one disk, where a second copy is of less use."""
    pairs = combinations((card, *drives), 2)
    return [f"{one} 和 {other} 在同一个磁盘上" for one, other in pairs if _disk(one) == _disk(other)]


def count_disks(drives: Iterable[Path]) -> int:
    """How many disks the drives are."""
    return len({_disk(drive) for drive in drives})


def _refuse_unusable(folder: Path) -> None:
    """A drive that is not plugged in must not become a folder of the disk where it would appear."""
    try:
        os.scandir(folder).close()
    except OSError as trouble:
        raise DriveError(f"{folder}：{reason(trouble)}，请接好硬盘或存储卡，检查路径后再试") from None


def _within(inner: Path, outer: Path) -> bool:
    return inner.resolve().is_relative_to(outer.resolve()) or _same(inner, outer)


def _same(one: Path, other: Path) -> bool:
    try:
        return one.samefile(other)
    except OSError:
        return False


def _disk(folder: Path) -> int:
    return folder.stat().st_dev
