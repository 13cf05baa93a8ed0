"""A source folder, looked through safely: what can be taken in, what cannot and why, what is not whole yet.

Nothing is followed, nothing is changed, and only ordinary files are opened. A file counts as whole when
its time stamp is older than a copy in progress would leave it, or when two looks find it the same.
"""

import os
import stat
import time
from collections.abc import Collection, Iterator, Sequence
from pathlib import Path, PurePosixPath
from typing import NamedTuple

from config.bad_input import BadInput
from gradphoto.adapters.found import Found, StillGrowing, compare
from gradphoto.adapters.reasons import reason
from gradphoto.natural import natural_key
from gradphoto.safe_name import safe_name

RECENT_SECONDS = 10
"""A file with a younger time stamp (or one of the future) is looked at twice."""
PAUSE_SECONDS = 1.1
"""Between the two looks: one pause for all."""
CLOSED = "CLOSED"
"""A file of this name at the top of a session's folder says that the session is over; it is no original."""
PARTIAL_SUFFIXES = {".part", ".partial", ".filepart", ".tmp", ".crdownload"}
"""What programs call a file that they are still copying."""


class SourceError(BadInput):
    """A source that cannot be looked through at all; its message is one line for the operator."""


class Refusal(NamedTuple):
    """What is not taken in: its safe path, and why, in Chinese."""

    path: str
    reason: str


class Look(NamedTuple):
    """One look through a source, each part in natural order."""

    files: tuple[Found, ...]
    refused: tuple[Refusal, ...]
    growing: tuple[str, ...]
    """Safe paths of files that are still being copied in."""


def look(source: Path) -> Look:
    """Look through a folder; `SourceError` when it cannot be opened. Pauses only if files are recent.

    `source` itself may be a link, for a person named it; nothing below it may.
    """
    files, refused = everything(source)
    return parted(files, refused, _growing(files))


def everything(source: Path) -> tuple[list[Found], list[Refusal]]:
    """All that stands in a folder, whole or not, in natural order; `SourceError` when it cannot be opened."""
    try:
        os.scandir(source).close()
    except OSError as trouble:
        raise SourceError(f"来源 {safe_name(str(source))}：{reason(trouble)}，请检查路径和权限") from None
    seen = sorted(_walk(source), key=lambda item: natural_key(item.path))
    files = [item for item in seen if isinstance(item, Found)]
    return files, [item for item in seen if isinstance(item, Refusal)]


def parted(files: Sequence[Found], refused: Sequence[Refusal], growing: Collection[str]) -> Look:
    """A look of these files, of which some are still growing, by path."""
    return Look(
        tuple(found for found in files if found.path not in growing),
        tuple(refused),
        tuple(found.path for found in files if found.path in growing),
    )


def _walk(source: Path) -> Iterator[Found | Refusal]:
    folders = [source]
    while folders:
        folder = folders.pop()
        try:
            names = os.listdir(folder)  # noqa: PTH208
        except OSError as trouble:
            yield Refusal(_shown(folder, source), f"文件夹无法读取（{reason(trouble)}）")
            continue
        for name in names:
            try:
                status = os.lstat(folder / name)
            except FileNotFoundError:
                continue  # renamed meanwhile: found under its new name, now or next time
            except OSError as trouble:
                yield Refusal(_shown(folder / name, source), f"无法读取（{reason(trouble)}）")
                continue
            if stat.S_ISDIR(status.st_mode):
                folders.append(folder / name)
            elif folder != source or name != CLOSED:
                yield _judged(folder / name, status, source)


def _judged(file: Path, status: os.stat_result, source: Path) -> Found | Refusal:
    path = _shown(file, source)
    why = _why_not(file, status)
    if why:
        return Refusal(path, why)
    unsafe = path != file.relative_to(source).as_posix()
    return Found(path, status.st_size, status.st_mtime_ns, unsafe, file, (status.st_dev, status.st_ino))


def _why_not(file: Path, status: os.stat_result) -> str:
    if stat.S_ISLNK(status.st_mode):
        return "是符号链接，不予跟随，请复制文件本身"
    if not stat.S_ISREG(status.st_mode):
        return "不是普通文件（管道、设备或套接字）"
    if file.name.startswith(".~") or PurePosixPath(file.name).suffix.lower() in PARTIAL_SUFFIXES:
        return "是复制程序的临时文件，尚未复制完"
    if not os.access(file, os.R_OK, effective_ids=os.access in os.supports_effective_ids):
        return "无法读取（没有权限）"
    return ""


def _growing(files: list[Found]) -> set[str]:
    edge = time.time_ns() - RECENT_SECONDS * 1_000_000_000
    recent = [found for found in files if found.mtime_ns > edge]
    if recent:
        time.sleep(PAUSE_SECONDS)
    return {found.path for found in recent if not _same_still(found)}


def _same_still(found: Found) -> bool:
    try:
        compare(found, os.lstat(found.file))
    except (StillGrowing, OSError):
        return False
    return True


def _shown(file: Path, source: Path) -> str:
    return safe_name(file.relative_to(source).as_posix())
