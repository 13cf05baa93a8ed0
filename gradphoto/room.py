"""Room on a disk: what is going to be written there, whether that fits, and what to say when it does not."""

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from config.bad_input import BadInput

RESERVE = 64 << 20
"""Bytes that stay free on every disk: for records, reports and whatever else runs there meanwhile."""
SPARE_FILES = 1000
"""The same in files, where the file system counts them: for records and for the folders of new files."""
PORTRAIT = 40 << 10
"""Bytes of a portrait at most, in the store as in a bundle."""
_AGAIN = "再运行一次"


class NoRoom(BadInput):
    """What was asked for cannot fit; its message has one line for each disk, and nothing was written."""


class Need(NamedTuple):
    """Files that are going to be written into one place."""

    what: str
    """The place in the operator's words."""
    place: Path
    sizes: Sequence[int]
    """In bytes, of each file."""


class Disk(NamedTuple):
    """What a file system says of itself."""

    id: int
    block: int
    """Bytes in which it hands out room; a file takes whole ones."""
    free: int
    """Bytes for whoever asks."""
    files: int | None
    """How many more files it can hold; None where it does not count them."""


def shortage(needs: Sequence[Need], disk: Disk) -> str | None:
    """One Chinese line when the files of all these needs do not fit on their common disk.

    >>> shortage([Need("存储", Path("/photos"), [3 << 30])], Disk(1, 4096, 1 << 30, None))
    '存储 /photos：磁盘空间不够，需要 3136 MB，可用 1024 MB，请腾出 2112 MB 或换一个更大的磁盘，再运行一次'
    """
    sizes = [size for need in needs for size in need.sizes]
    if not sizes:
        return None
    bytes_, files = sum(_whole(size, disk.block) for size in sizes) + RESERVE, len(sizes) + SPARE_FILES
    where = "，".join(dict.fromkeys(f"{need.what} {need.place}" for need in needs if need.sizes))
    if bytes_ > disk.free:
        need, free = _up(bytes_), disk.free >> 20
        said = f"磁盘空间不够，需要 {need} MB，可用 {free} MB"
        return f"{where}：{said}，请腾出 {need - free} MB 或换一个更大的磁盘，{_AGAIN}"
    if disk.files is not None and files > disk.files:
        said = f"文件数（inode）不够，要新建 {files} 个，还能建 {disk.files} 个"
        return f"{where}：磁盘上的{said}，请删除不用的小文件或换一个磁盘，{_AGAIN}"
    return None


def _whole(size: int, block: int) -> int:
    return -(-size // block) * block


def _up(size: int) -> int:
    return -(-size >> 20)
