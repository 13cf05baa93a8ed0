"""The moments at which a program touches the disk, in this process from now on: for a forked child that ends soon.

A moment lies before and after every call into the store and every call into the system about something below one
folder, and half-way through every write. At each, somebody is asked, who may kill the process or raise an error;
what else happens is the real thing.
"""

import builtins
import io
import os
import tempfile
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any

from gradphoto.adapters.folder_store import FolderStore
from gradphoto.adapters.s3_store import S3Store

STORE_CALLS = ("create", "create_from", "keep_from", "read", "digest", "size", "copy_to", "exists", "keys")
SYSTEM_CALLS = (
    "fstat", "fsync", "link", "listdir", "lstat", "mkdir", "open", "rename", "replace", "rmdir", "scandir", "stat",
    "unlink",
)  # fmt: skip

Asked = Callable[[str, str], None]
"""Called with the kind of each moment (`store`, the name of a system call, `create`, `read` or `write`), and with
the path that the system would name, if any."""


class _File(io.FileIO):
    """An open file; a full disk takes half of what is written."""

    asked: Asked

    def write(self, data: Any) -> int:
        view = memoryview(data).cast("B")
        self.asked("write", "")
        half = super().write(view[: len(view) // 2]) or 0
        self.asked("write", "")
        return half + (super().write(view[half:]) or 0)

    def readinto(self, buffer: Any) -> int:
        self.asked("read", "")
        return super().readinto(buffer) or 0

    def readall(self) -> bytes:
        self.asked("read", "")
        return super().readall()


def watch_stores(asked: Asked) -> None:
    """Ask before and after each call into a store."""
    for form in (FolderStore, S3Store):
        for name in STORE_CALLS:
            setattr(form, name, _between(asked, lambda *_: "store", getattr(form, name)))


def watch_system(folder: Path, asked: Asked) -> None:
    """Ask before and after each call into the system about what is below `folder`; scratch files are, too."""
    scratch = folder / "scratch"
    scratch.mkdir(exist_ok=True)
    tempfile.tempdir = str(scratch)
    for name in SYSTEM_CALLS:
        setattr(os, name, _between(asked, _kind(name, str(folder)), getattr(os, name)))
    builtins.open = io.open = _opened(str(folder), asked, builtins.open)


def _between(asked: Asked, kind: Callable[..., str], call: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(call)
    def between(first: Any = ".", *others: Any, **more: Any) -> Any:
        this = kind(first, *others)
        named = "" if this in ("", "store") or isinstance(first, int) else os.fsdecode(first)
        if this:
            asked(this, named)
        result = call(first, *others, **more)
        if this:
            asked(this, named)
        return result

    return between


def _kind(name: str, below: str) -> Callable[..., str]:
    """The kind of a system call's moments; empty when it is about something else."""

    def kind(first: Any, flags: Any = 0, *_: Any) -> str:
        if not _where(first).startswith(below):
            return ""
        return "create" if name == "open" and flags & os.O_CREAT else name

    return kind


def _where(file: Any) -> str:
    """The path of a file by name or handle."""
    return str(Path(f"/proc/self/fd/{file}").readlink()) if isinstance(file, int) else os.fsdecode(file)


def _opened(below: str, asked: Asked, plain: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(plain)
    def opened(
        file: Any,
        mode: str = "r",
        buffering: int = -1,
        encoding: str | None = None,
        errors: str | None = None,
        newline: str | None = None,
        closefd: bool = True,
        opener: Any = None,
    ) -> Any:
        if not closefd or not _where(file).startswith(below):
            return plain(file, mode, buffering, encoding, errors, newline, closefd, opener)
        if not isinstance(file, int) and not opener:
            asked("create" if set("wxa") & set(mode) else "open", os.fsdecode(file))
        raw = _File(file, mode.replace("b", "").replace("t", ""), opener=opener)
        raw.asked = asked
        if buffering == 0:
            return raw
        kind = io.BufferedRandom if "+" in mode else io.BufferedReader if "r" in mode else io.BufferedWriter
        return kind(raw) if "b" in mode else io.TextIOWrapper(kind(raw), encoding, errors, newline)

    return opened
