"""Zip archives from anywhere, unpacked without trusting what they say about themselves.

Everything is judged by the archive's directory before a byte is written; nothing is ever written but
regular files below the folder that was given.
"""

import re
import shutil
import stat
import struct
import zlib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple
from unicodedata import normalize
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

ZIP_TROUBLE = (BadZipFile, NotImplementedError, RuntimeError, EOFError, ValueError, zlib.error, struct.error)
"""What the zip module raises about a bad archive."""


class Limits(NamedTuple):
    """What a sound bundle never exceeds; sizes in bytes."""

    members: int = 100_000
    size: int = 16 << 30
    """Of all members unpacked."""
    ratio: int = 100
    """Unpacked to packed, of a member larger than a megabyte."""


LIMITS = Limits()
_BROKEN = "压缩包不完整或已损坏，请重新下载"


def unpack(path: Path, into: Path, limits: Limits = LIMITS) -> list[str]:
    """Unpack the zip at `path` below the folder `into`; one Chinese line a fault, and then no tree is whole."""
    try:
        with ZipFile(path) as archive:
            faults = archive_faults(archive, path.stat().st_size, limits)
            if not faults and shutil.disk_usage(into).free < sum(_sizes(archive)):
                faults = [f"临时文件夹 {into.parent} 空间不足，请腾出空间再试"]
            return faults or [fault for member in archive.infolist() for fault in _extract(archive, member, into)]
    except ZIP_TROUBLE:
        return [_what(path)]


def archive_faults(archive: ZipFile, size: int, limits: Limits) -> list[str]:
    """Why the archive, a file of `size` bytes, must not be unpacked; one Chinese line a fault."""
    members = archive.infolist()
    if min((member.header_offset for member in members), default=0):
        return [_BROKEN]  # of a bundle that was cut short the workbook inside it may be found instead
    if len(members) > limits.members:
        return [f"压缩包内有 {len(members)} 个文件，超出上限 {limits.members}"]
    faults = [f"{member.filename!r}：{why}" for member in members for why in _member_faults(member, limits)]
    faults += _name_faults(members)
    if sum(_sizes(archive)) > limits.size:
        faults.append(f"解压后共 {sum(_sizes(archive))} 字节，超出上限 {limits.size}")
    if sum(member.compress_size for member in members) > size:
        faults.append("压缩包内的文件相互重叠，可能是压缩炸弹")
    return faults


def _member_faults(member: ZipInfo, limits: Limits) -> Iterator[str]:
    if not _is_safe(member.orig_filename.removesuffix("/")):
        yield "文件名不安全，可能写到包外"
    if stat.S_IFMT(member.external_attr >> 16) not in (0, stat.S_IFREG, stat.S_IFDIR):
        yield "不是普通文件（链接或设备）"
    if member.flag_bits & 1:
        yield "已加密，请先解密"
    if member.compress_type not in (ZIP_STORED, ZIP_DEFLATED):
        yield "压缩方式不支持"
    if member.file_size > max(limits.ratio * member.compress_size, 1 << 20):
        yield f"解压后 {member.file_size} 字节，压缩比过大，可能是压缩炸弹"


def _is_safe(name: str) -> bool:
    """A relative path of plain segments, here and on Windows."""
    if re.search(r"[\x00-\x1f\x7f\\]|^[A-Za-z]:", name):
        return False
    return all(part not in ("", ".", "..") for part in name.split("/"))


def _name_faults(members: list[ZipInfo]) -> Iterator[str]:
    """Names that would fall together on some file system, and more than one top folder."""
    names = [member.filename for member in members]
    folded = Counter(_folded(name) for name in names)
    yield from (f"{name!r}：文件名重复（不分大小写）" for name in names if folded[_folded(name)] > 1)
    files = {_folded(name) for name in names if not name.endswith("/")}
    parents = {parent for name in names for parent in _parents(_folded(name))}
    yield from (f"{name!r}：既是文件又是文件夹" for name in sorted(files & parents))
    tops = sorted({name.split("/")[0] for name in names})
    if len(tops) != 1 or tops[0] in names:
        yield f"应只有一个顶层文件夹，实有：{'、'.join(tops[:5]) or '无'}"


def _folded(name: str) -> str:
    return normalize("NFC", name.removesuffix("/")).casefold()


def _parents(name: str) -> Iterator[str]:
    parts = name.split("/")
    yield from ("/".join(parts[:depth]) for depth in range(1, len(parts)))


def _sizes(archive: ZipFile) -> Iterator[int]:
    yield from (member.file_size for member in archive.infolist())


def _extract(archive: ZipFile, member: ZipInfo, into: Path) -> Iterator[str]:
    """Write one member; the zip module reads no more than the declared size and compares the CRC."""
    target = into / member.filename
    if member.is_dir():
        target.mkdir(parents=True, exist_ok=True)
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        with archive.open(member) as source, target.open("xb") as file:
            shutil.copyfileobj(source, file, 1 << 20)
    except ZIP_TROUBLE:
        yield f"{member.filename}：压缩包内的数据已损坏，请重新下载"


def _what(path: Path) -> str:
    with path.open("rb") as file:
        begins = file.read(4)
    return _BROKEN if begins == b"PK\x03\x04" else "不是zip文件"
