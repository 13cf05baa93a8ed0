"""Asking the disks how much room they have, before anything is written.

A disk that cannot be asked is not judged here: whoever writes there finds out, and says so.
"""

import os
import shutil
import tempfile
from collections.abc import Iterable
from pathlib import Path

from gradphoto.adapters.folder_store import FolderStore
from gradphoto.adapters.overlay import Overlay
from gradphoto.adapters.store import Store
from gradphoto.room import Disk, Need, NoRoom, shortage


def refuse_shortage(needs: Iterable[Need]) -> None:
    """`NoRoom` when the needs, those on one disk taken together, do not fit."""
    disks: dict[int, tuple[Disk, list[Need]]] = {}
    for need in needs:
        if need.sizes and (disk := disk_of(need.place)):
            disks.setdefault(disk.id, (disk, []))[1].append(need)
    lines = [line for disk, together in disks.values() if (line := shortage(together, disk))]
    if lines:
        raise NoRoom("\n".join(lines))


def disk_of(place: Path) -> Disk | None:
    """The disk on which a place stands or will stand; None when it cannot be asked."""
    try:
        folder = next(one for one in (place, *place.absolute().parents) if one.exists())
        id_ = folder.stat().st_dev
        if not hasattr(os, "statvfs"):
            return Disk(id_, 4096, shutil.disk_usage(folder).free, None)
        said = os.statvfs(folder)
    except OSError:
        return None
    return Disk(id_, said.f_frsize, said.f_bavail * said.f_frsize, said.f_favail if said.f_files else None)


def in_store(store: Store, sizes: Iterable[int]) -> list[Need]:
    """New objects of a store; one on S3 cannot say what fits, those of a dry run stand in the temporary folder."""
    if isinstance(store, Overlay):
        return in_passing(sizes)
    return [Need("存储", store.root, list(sizes))] if isinstance(store, FolderStore) else []


def in_passing(sizes: Iterable[int]) -> list[Need]:
    """Files that stand in the folder for temporary files meanwhile; `NoRoom` when no such folder can be had."""
    wanted = list(sizes)
    if not wanted:
        return []
    try:
        return [Need("临时文件夹", Path(tempfile.gettempdir()), wanted)]
    except FileNotFoundError:
        what_to_do = "请腾出磁盘空间，或用环境变量 TMPDIR 另指一个文件夹，再运行一次"
        raise NoRoom(f"没有能写入的临时文件夹：{what_to_do}") from None
