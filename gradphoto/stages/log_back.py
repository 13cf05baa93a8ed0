"""Desk logs that come home from a laptop, copied into a session's inbox. The originals are left as they are.

A log only ever grows. So one that begins with all that stands here is its longer form and takes its place, and one
with which something here begins is known; any other is somebody else's of the same name and gets another one.
"""

import os
import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Literal

from config.bad_input import BadInput
from config.campaign import Campaign
from config.frozen import Frozen
from gradphoto.adapters.durable import private_folder
from gradphoto.adapters.found import opened
from gradphoto.adapters.kit_folder import put_file
from gradphoto.adapters.offload_write import write_once
from gradphoto.adapters.reasons import reason
from gradphoto.adapters.sheets import MAX_BYTES
from gradphoto.inputs.problems import Held
from gradphoto.inputs.scanlog import read_scanlog
from gradphoto.matching.bindings import DeskRow
from gradphoto.matching.kind import is_scanlog
from gradphoto.portable import portable_fault
from gradphoto.safe_name import safe_name

GONE = "不存在，请检查路径和U盘"


class Back(Frozen):
    """What became of one log. `name` is what it is called in the inbox, empty when it was refused, and `why`."""

    file: str
    name: str = ""
    became: Literal["new", "longer", "known", "refused"]
    rows: int = 0
    held: tuple[Held, ...] = ()
    """Rows that the next run will not use."""
    warnings: tuple[str, ...] = ()
    why: str = ""


def take_back(workspace: Path, campaign: Campaign, session: str, sources: Sequence[Path]) -> list[Back]:
    """Copy the logs that `sources` name or hold, durably, in order of path.

    Of a folder only itself and its folder of the session's name are looked into, for a stick may hold other
    sessions' logs. `BadInput` when nothing is found or the inbox cannot be written to.
    """
    inbox = workspace / "inbox" / session
    if not any(source.exists() for source in sources):
        raise BadInput(f"{safe_name(sources[0].as_posix())}：{GONE}")
    try:
        found = sorted({path for source in sources for path in _logs(source, session)})
        private_folder(inbox)
        return [_taken(path, inbox, campaign, session) for path in found]
    except OSError as trouble:
        raise BadInput(f"{trouble.filename or inbox}：{reason(trouble)}，排除故障后再运行一次") from None


def _logs(source: Path, session: str) -> Iterator[Path]:
    if not source.is_dir():
        yield source
        return
    logs = [
        folder / name
        for folder in (source, source / session)
        for name in (os.listdir(folder) if folder.is_dir() else [])  # noqa: PTH208  pathlib hides some errors
        if is_scanlog(name)
    ]
    if not logs:
        raise BadInput(f"{safe_name(source.as_posix())}：没有 scanlog*.csv，请指明登记包所在的文件夹或日志文件")
    yield from logs


def _taken(path: Path, inbox: Path, campaign: Campaign, session: str) -> Back:
    file = safe_name(path.as_posix())
    if not path.exists():
        return Back(file=file, became="refused", why=GONE)
    if not is_scanlog(path.name) or portable_fault(path.name):
        return Back(file=file, became="refused", why="文件名应为 scanlog-<工位>.csv，请改名后再试")
    try:
        data = _read(path)
    except OSError as trouble:
        return Back(file=file, became="refused", why=f"无法读取（{reason(trouble)}），请检查U盘")
    rows, held = read_scanlog(data, session, path.name, campaign)
    unreadable = [each.message for each in held if each.row == 0 and not rows]
    if unreadable:
        return Back(file=file, became="refused", why=unreadable[0])
    name, became = _placed(path.name, data, inbox)
    doubts = tuple(_other_days(rows, campaign, session))
    return Back(file=file, name=name, became=became, rows=len(rows), held=tuple(held), warnings=doubts)


def _placed(name: str, data: bytes, inbox: Path) -> tuple[str, Literal["new", "longer", "known"]]:
    """Its name in the inbox, where it stands whole and durable now."""
    for other, there in _namesakes(name, inbox):
        if there.startswith(data):
            return other, "known"
        if data.startswith(there):
            put_file(inbox / other, data, 0o600)
            return other, "longer"
    for new in _names(name):
        try:
            write_once(inbox / new, data)
        except FileExistsError:
            continue
        return new, "new"
    raise AssertionError("names do not end")


def _namesakes(name: str, inbox: Path) -> Iterable[tuple[str, bytes]]:
    """What stands in the inbox under the name or a numbered one, the most of it first."""
    stem, suffix = Path(name).stem, Path(name).suffix
    like = re.compile(f"{re.escape(stem)}(-[0-9]+)?{re.escape(suffix)}", re.IGNORECASE)
    paths = [inbox / other for other in sorted(os.listdir(inbox)) if like.fullmatch(other)]  # noqa: PTH208
    found = [(path.name, _read(path)) for path in paths if path.is_file() and not path.is_symlink()]
    return sorted(found, key=lambda one: (-len(one[1]), one[0]))


def _names(name: str) -> Iterator[str]:
    path, number = Path(name), 1
    yield name
    while True:
        number += 1
        yield f"{path.stem}-{number}{path.suffix}"


def _read(path: Path) -> bytes:
    with opened(path) as file:
        return file.read(MAX_BYTES + 1)


def _other_days(rows: Sequence[DeskRow], campaign: Campaign, session: str) -> Iterator[str]:
    """A log of another session, or a laptop whose clock is wrong; a batch was bound before its session."""
    day = campaign.session(session).date
    others = [row for row in rows if row.at.date() != day and not row.batch]
    if others:
        yield f"{len(others)} 行不是 {day} 扫的（如 {others[0].at:%Y-%m-%d %H:%M}），请核对场次和笔记本的时钟"
