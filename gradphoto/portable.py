"""Names that can stand on any drive, for what one system copies another must be able to open.

Cameras write nothing else; whatever a person put on a card may be named otherwise.
"""

import unicodedata
from collections.abc import Iterable
from pathlib import PurePath
from typing import TypeVar

_FORBIDDEN = frozenset('<>:"|?*\\')
_PORTS = {f"{port}{digit}" for port in ("COM", "LPT") for digit in "123456789¹²³"}
_RESERVED = {"CON", "PRN", "AUX", "NUL", "CONIN$", "CONOUT$", *_PORTS}
"""Devices on Windows, with any ending and in any folder."""
_LONGEST = 255

AnyPath = TypeVar("AnyPath", bound=PurePath)


def portable_fault(path: str) -> str:
    """Why a relative path with `/` cannot stand on every drive, in Chinese; empty when it can.

    >>> portable_fault("DCIM/100CANON/IMG_0001.JPG")
    ''
    >>> portable_fault("DCIM/con.jpg")
    "'con.jpg' 是 Windows 的保留名称"
    """
    return next(filter(None, map(_name_fault, path.split("/"))), "")


def same_ignoring_case(paths: Iterable[str]) -> dict[str, str]:
    """Those of the paths that many drives take for one before them, each with that one."""
    first: dict[str, str] = {}
    found = {}
    for path in paths:
        key = unicodedata.normalize("NFC", unicodedata.normalize("NFC", path).casefold())
        if first.setdefault(key, path) != path:
            found[path] = first[key]
    return found


def whole_drive(path: AnyPath) -> AnyPath:
    """What a person means by `E:`: the drive, not the folder that Windows happens to be in there."""
    bare = path.drive.endswith(":") and str(path) == path.drive
    return path / "/" if bare else path


def _name_fault(name: str) -> str:
    if not name or name.endswith((".", " ")):
        return f"{name!r} 以点或空格结尾"
    if _FORBIDDEN & set(name) or min(name) < " ":
        return f"{name!r} 含有不能用作文件名的字符"
    if name.partition(".")[0].rstrip(" ").upper() in _RESERVED:
        return f"{name!r} 是 Windows 的保留名称"
    return f"{name!r} 过长" if len(name.encode(errors="replace")) > _LONGEST else ""
