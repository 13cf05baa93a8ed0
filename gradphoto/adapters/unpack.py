"""Zip archives from anywhere, encrypted or not, unpacked without trusting what they say about themselves.

Everything is judged by the archive's directory before a byte is written; nothing is ever written but regular files
below the folder that was given. An archive within an archive is a file like any other.
"""

import shutil
import struct
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any
from zipfile import BadZipFile, ZipFile, ZipInfo

from pyzipper import AESZipFile
from pyzipper import BadZipFile as BadEncryptedZip

from config.bad_input import BadInput
from gradphoto.adapters.unpack_directory import (
    BROKEN,
    LIMITS,
    Limits,
    directory_faults,
    is_encrypted,
    true_name,
)

__all__ = ["LIMITS", "ZIP_TROUBLE", "Limits", "WrongPassword", "needs_password", "unpack"]

ZIP_TROUBLE = (
    BadZipFile, BadEncryptedZip, NotImplementedError, RuntimeError, EOFError, ValueError, LookupError,
    zlib.error, struct.error,
)  # fmt: skip
"""What the zip modules raise about a bad archive."""

LOCKED = "压缩包已加密，需要密码：请在终端输入，或用 --password-file 给出密码文件"
_SIGNATURE = b"PK\x01\x02"
_SMALL = 2 << 20
"""Bytes of a directory too short for the limit of members."""
_TRIED = 3
"""Members by which a wrong password is told from a damaged one."""


class WrongPassword(BadInput):
    """An encrypted zip that does not open with the password that was given."""


class _TooMany(ValueError):
    """A directory beyond the limits; the message is the line."""


class _Frugal:
    """A file that the zip modules open: a directory beyond the limits is not read, or not taken apart."""

    def __init__(self, file: IO[bytes], limits: Limits) -> None:
        self._file, self._limits = file, limits

    def __getattr__(self, name: str) -> Any:
        return getattr(self._file, name)

    def read(self, size: int | None = -1) -> bytes:
        """As a file's; `_TooMany` when it is more than any directory or any piece of a member."""
        most = self._limits.directory
        data = self._file.read(most + 1 if size is None or size < 0 else min(size, most + 1))
        if len(data) > most:
            raise _TooMany(f"压缩包的目录超过 {most} 字节，超出上限")
        if len(data) > _SMALL and data.count(_SIGNATURE) > self._limits.members:
            raise _TooMany(f"压缩包内有 {data.count(_SIGNATURE)} 个文件，超出上限 {self._limits.members}")
        return data


def _frugal(file: IO[bytes], limits: Limits) -> Any:
    """As much of a file as the zip modules ask for."""
    return _Frugal(file, limits)


def unpack(path: Path, into: Path, limits: Limits = LIMITS, password: str | None = None) -> list[str]:
    """Unpack the zip at `path` below the folder `into`; one Chinese line a fault, and then no tree is whole.

    `WrongPassword` when it is encrypted and none of its files opens with `password`.
    """
    try:
        with _opened(path, limits, password) as archive:
            faults = _refused(path, archive, into, limits, password)
            return faults or [fault for member in archive.infolist() for fault in _extract(archive, member, into)]
    except WrongPassword:
        raise
    except _TooMany as trouble:
        return [str(trouble)]
    except ZIP_TROUBLE:
        return [_what(path)]


def needs_password(path: Path) -> bool:
    """Whether `path` is a zip of which every file is encrypted; false also for what is no zip."""
    try:
        with path.open("rb") as file, ZipFile(_frugal(file, LIMITS)) as archive:
            return is_encrypted(archive.infolist())
    except (OSError, *ZIP_TROUBLE):
        return False


@contextmanager
def _opened(path: Path, limits: Limits, password: str | None) -> Iterator[ZipFile]:
    """The archive by the reader for its kind: the ordinary one only knows of an encrypted zip that it is."""
    with path.open("rb") as file:
        frugal = _frugal(file, limits)
        with ZipFile(frugal) as archive:
            encrypted = is_encrypted(archive.infolist())
            if not encrypted or password is None:
                yield archive
                return
        with AESZipFile(frugal) as archive:
            archive.setpassword(password.encode())
            yield archive


def _refused(path: Path, archive: ZipFile, into: Path, limits: Limits, password: str | None) -> list[str]:
    """Why nothing of an archive is written at all."""
    members = archive.infolist()
    encrypted = is_encrypted(members)
    if encrypted and password is None:
        return [LOCKED]
    faults = directory_faults(members, path.stat().st_size, limits)
    if encrypted and not faults:
        _refuse_wrong(path, archive)
    if not faults and shutil.disk_usage(into).free < sum(member.file_size for member in members):
        return [f"临时文件夹 {into.parent} 空间不足，请腾出空间再试"]
    return faults


def _refuse_wrong(path: Path, archive: ZipFile) -> None:
    files = [member for member in archive.infolist() if not member.is_dir()][:_TRIED]
    if not any(_opens(archive, member) for member in files):
        raise WrongPassword(f"{path}：密码不对，或者文件已损坏；请核对密码（大小写、连字符）后再试")


def _opens(archive: ZipFile, member: ZipInfo) -> bool:
    try:
        archive.open(member).close()
    except ZIP_TROUBLE:
        return False
    return True


def _extract(archive: ZipFile, member: ZipInfo, into: Path) -> Iterator[str]:
    """Write one member; the zip modules read no more than the declared size and compare the checksum."""
    name = true_name(member)
    target = into / name
    if member.is_dir():
        target.mkdir(parents=True, exist_ok=True)
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        with archive.open(member) as source, target.open("xb") as file:
            shutil.copyfileobj(source, file, 1 << 20)
    except ZIP_TROUBLE:
        yield f"{name}：压缩包内的数据已损坏，请重新下载"


def _what(path: Path) -> str:
    with path.open("rb") as file:
        begins = file.read(4)
    return BROKEN if begins == b"PK\x03\x04" else "不是zip文件"
