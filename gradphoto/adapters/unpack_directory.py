"""An archive's directory, judged before a byte of its content is written: one Chinese line a fault.

Whoever made the archive may have meant harm: names that lead outside or fall together, links, bombs, members that
lie over each other. At most `TOLD` lines are told, for such an archive may hold a hundred thousand of them.
"""

import re
import stat
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import islice, pairwise
from typing import NamedTuple
from unicodedata import normalize
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipInfo

TOLD = 100
_MEGABYTE = 1 << 20
_SEGMENT, _PATH, _DEPTH = 255, 1000, 32
"""Bytes of a file's name and of its whole path, and folders within each other, that any disk bears."""
_LOCAL_HEADER = 30
_AES_STRENGTHS = {1: 8, 2: 12, 3: 16}
"""The length of the salt by strength; 3 is AES-256."""
AES_OVERHEAD = 12
"""Bytes besides the salt: two to tell a wrong password, ten to tell a changed content."""


class Limits(NamedTuple):
    """What a sound bundle never exceeds; sizes in bytes."""

    members: int = 100_000
    size: int = 16 << 30
    """Of all members unpacked."""
    ratio: int = 100
    """Unpacked to packed, of a member larger than a megabyte and of all together."""
    directory: int = 16 << 20
    """Of the archive's directory, which is read as one piece."""


LIMITS = Limits()
BROKEN = "压缩包不完整或已损坏，请重新下载"


def directory_faults(members: Sequence[ZipInfo], size: int, limits: Limits = LIMITS) -> list[str]:
    """Why an archive of these members, a file of `size` bytes, must not be unpacked."""
    if min((member.header_offset for member in members), default=0):
        return [BROKEN]  # of a bundle that was cut short the workbook inside it may be found instead
    if len(members) > limits.members:
        return [f"压缩包内有 {len(members)} 个文件，超出上限 {limits.members}"]
    faults = list(islice(_faults(members, size, limits), TOLD + 1))
    return faults if len(faults) <= TOLD else [*faults[:TOLD], f"……以上是前 {TOLD} 处"]


def true_name(member: ZipInfo) -> str:
    """A member's name as its packer meant it: Macs write UTF-8, Chinese Windows GBK, neither says so."""
    name = member.filename
    if member.flag_bits & 0x800 or name.isascii():
        return name
    for encoding in ("utf-8", "gb18030"):
        try:
            return name.encode("cp437").decode(encoding)
        except UnicodeError:
            continue
    return name


def is_encrypted(members: Sequence[ZipInfo]) -> bool:
    """Whether every file of an archive is encrypted; one where some are is no archive of anybody's."""
    files = [member for member in members if not member.is_dir()]
    return bool(files) and all(member.flag_bits & 1 for member in files)


def _faults(members: Sequence[ZipInfo], size: int, limits: Limits) -> Iterator[str]:
    encrypted = is_encrypted(members)
    for member in members:
        yield from (f"{member.filename[:200]!r}：{why}" for why in _member_faults(member, limits, encrypted))
    yield from _name_faults([true_name(member) for member in members])
    total = sum(member.file_size for member in members)
    if total > limits.size:
        yield f"解压后共 {total} 字节，超出上限 {limits.size}"
    if total > max(limits.ratio * size, _MEGABYTE):
        yield f"解压后共 {total} 字节，压缩包只有 {size} 字节，可能是压缩炸弹"
    if _overlap(members, size):
        yield "压缩包内的文件相互重叠，可能是压缩炸弹"


def _member_faults(member: ZipInfo, limits: Limits, encrypted: bool) -> Iterator[str]:
    if not _is_safe(member.orig_filename.removesuffix("/")) or not _is_safe(true_name(member).removesuffix("/")):
        yield "文件名不安全，可能写到包外"
    if stat.S_IFMT(member.external_attr >> 16) not in (0, stat.S_IFREG, stat.S_IFDIR):
        yield "不是普通文件（链接或设备）"
    if member.flag_bits & 1 and not encrypted:
        yield "已加密，请先解密"
    if member.flag_bits & 1 and encrypted and not _is_aes(member):
        yield "加密方式不支持（只支持 AES），请换一种方式打包"
    if member.compress_type not in (ZIP_STORED, ZIP_DEFLATED):
        yield "压缩方式不支持"
    elif member.compress_type == ZIP_STORED and member.compress_size != member.file_size + overhead(member):
        yield "大小自相矛盾"
    if member.file_size > max(limits.ratio * member.compress_size, _MEGABYTE):
        yield f"解压后 {member.file_size} 字节，压缩比过大，可能是压缩炸弹"


def overhead(member: ZipInfo) -> int:
    """The bytes that encryption adds to a member; 0 where none is known."""
    strength = getattr(member, "wz_aes_strength", None)
    return _AES_STRENGTHS.get(strength or 0, -AES_OVERHEAD) + AES_OVERHEAD


def _is_aes(member: ZipInfo) -> bool:
    """As the reader of encrypted archives sees it; the ordinary one knows only that there is something."""
    return not hasattr(member, "wz_aes_strength") or (
        member.wz_aes_strength in _AES_STRENGTHS
        and getattr(member, "wz_aes_version", None) in (1, 2)
        and member.compress_size >= overhead(member)
    )


def _is_safe(name: str) -> bool:
    """A relative path of plain segments, here and on Windows, that any disk bears."""
    if re.search(r"[\x00-\x1f\x7f\\]|^[A-Za-z]:", name):
        return False
    parts, length = name.split("/"), len(name.encode("utf-8", "surrogatepass"))
    if length > _PATH or len(parts) > _DEPTH:
        return False
    return all(part not in ("", ".", "..") and len(part.encode("utf-8", "replace")) <= _SEGMENT for part in parts)


def _name_faults(names: Sequence[str]) -> Iterator[str]:
    """Names that would fall together on some file system, and more than one top folder."""
    folded = Counter(_folded(name) for name in names)
    yield from (f"{name!r}：文件名重复（不分大小写）" for name in names if folded[_folded(name)] > 1)
    files = {_folded(name) for name in names if not name.endswith("/")}
    both = {parent for name in names for parent in _parents(_folded(name)) if parent in files}
    yield from (f"{name!r}：既是文件又是文件夹" for name in sorted(both))
    tops = sorted({name.split("/")[0] for name in names})
    if len(tops) != 1 or tops[0] in names:
        yield f"应只有一个顶层文件夹，实有：{'、'.join(tops[:5]) or '无'}"


def _folded(name: str) -> str:
    return normalize("NFC", name.removesuffix("/")[:_PATH]).casefold()


def _parents(name: str) -> Iterator[str]:
    parts = name.split("/", _DEPTH)
    yield from ("/".join(parts[:depth]) for depth in range(1, len(parts)))


def _overlap(members: Sequence[ZipInfo], size: int) -> bool:
    """Whether two members share bytes, each with its header and its name, or one ends behind the archive."""
    least = ((one.header_offset, _LOCAL_HEADER + len(one.orig_filename) + one.compress_size) for one in members)
    return any(start + length > after for (start, length), (after, _) in pairwise([*sorted(least), (size, 0)]))
