"""The check-in desk's own log, `scanlog-<station>.csv`: each row is on the disk before anybody is told so.

Only ever appended to. A row that a power cut left half was promised to nobody: it is ended so that it is held by
its place, and never joined with the next one. A row that the disk refuses is taken off again.
"""

import os
import re
from contextlib import suppress
from datetime import datetime
from itertools import count
from pathlib import Path
from typing import IO

from config.bad_input import BadInput
from gradphoto.adapters.durable import private, private_folder, settle, sync_names
from gradphoto.adapters.lock import lock
from gradphoto.adapters.reasons import reason
from gradphoto.adapters.tables import csv_bytes
from gradphoto.desk.answers import Entry
from gradphoto.inputs.scanlog import DESK_HEAD
from gradphoto.matching.bindings import BATCH
from gradphoto.portable import portable_fault

STATION = re.compile(r"[0-9A-Za-z\u4e00-\u9fff][0-9A-Za-z\u4e00-\u9fff_-]{0,19}")
_CUT = b",,,,,\xe6\x96\xad\xe8\xa1\x8c\r\n"
"""断行 in a cell that no header names: whatever stands before it, the row is held."""


class DeskLogTrouble(BadInput):
    """A row that is not on the disk, or a log that cannot be had; its message is one line."""


class DeskLog:
    """One station's log, open and locked; `at` is campaign time."""

    def __init__(self, file: IO[bytes], path: Path, station: str) -> None:
        self._file, self.path, self.station = file, path, station
        _repair(file)
        sync_names(path.parent)

    def append(self, at: datetime, entry: Entry) -> None:
        """A row, on the disk when this returns; `DeskLogTrouble` when it is not, and then it is not in the log."""
        try:
            if not os.path.samestat(self.path.stat(), os.fstat(self._file.fileno())):
                raise FileNotFoundError
        except FileNotFoundError:
            raise DeskLogTrouble(f"没有记录：{self.path.name} 被移走或替换了，请重新启动 gradphoto desk") from None
        try:
            _repair(self._file)
            _add(self._file, row_bytes(at, self.station, entry))
        except OSError as trouble:
            why = f"没有记录：{self.path.name} 写不进去（{reason(trouble)}）"
            raise DeskLogTrouble(f"{why}，排除后再登记这名学生") from None

    def close(self) -> None:
        """Let go of the station."""
        self._file.close()


def open_log(folder: Path, wanted: str | None = None) -> DeskLog:
    """The log of a station that nobody else has: the wanted one, or the next of its name, or the first number.

    A file of that name which no desk wrote is left alone. `DeskLogTrouble`: the name or the folder cannot be used.
    """
    if wanted is not None and (not STATION.fullmatch(wanted) or wanted == BATCH or portable_fault(wanted)):
        raise DeskLogTrouble(f"工位名 {wanted!r} 不能用：只能用汉字、字母、数字、_ 和 -，最多20个")
    try:
        private_folder(folder)
        for number in count(1):
            station = str(number) if wanted is None else wanted if number == 1 else f"{wanted}-{number}"
            path = folder / f"scanlog-{station}.csv"
            file = open(path, "a+b", buffering=0, opener=private)  # noqa: SIM115  open as long as the desk is
            if _is_ours(file) and lock(file) and _is_ours(file):
                return DeskLog(file, path, station)
            file.close()
    except OSError as trouble:
        raise DeskLogTrouble(f"{folder}：扫码记录写不进去（{reason(trouble)}），请检查文件夹") from None
    raise AssertionError


def row_bytes(at: datetime, station: str, entry: Entry) -> bytes:
    """One row as it stands in the log."""
    named = ";".join(f"{one.station} {_time(one.at)}".strip() for one in entry.replaces)
    cells = (_time(at), entry.code, entry.student_no, station, named)
    return csv_bytes([cells]).removeprefix(b"\xef\xbb\xbf")


def _time(at: datetime) -> str:
    return at.isoformat(timespec="milliseconds" if at.microsecond % 1000 == 0 else "microseconds")


def _is_ours(file: IO[bytes]) -> bool:
    """Whether a desk began the file, or nobody wrote anything yet."""
    file.seek(0)
    begin = file.read(len(DESK_HEAD))
    return DESK_HEAD.startswith(begin)


def _repair(file: IO[bytes]) -> None:
    """End what was cut off, a header by beginning again."""
    file.seek(0)
    data = file.read()
    if len(data) < len(DESK_HEAD):
        file.truncate(0)
        _add(file, DESK_HEAD)
    elif not data.endswith(b"\n"):
        rest = data[data.rfind(b"\n") + 1 :]
        text = rest.removesuffix(b"\r").decode(errors="ignore").encode()  # half a character spoils the whole file
        file.truncate(len(data) - len(rest) + len(text))
        _add(file, (b'"' if text.count(b'"') % 2 else b"") + _CUT)


def _add(file: IO[bytes], data: bytes) -> None:
    """Append all of it durably, or nothing."""
    end = file.seek(0, os.SEEK_END)
    try:
        left = memoryview(data)
        while left:
            left = left[file.write(left) :]
        settle(file)
    except OSError:
        with suppress(OSError):
            file.truncate(end)
            settle(file)
        raise
