"""The folder that goes to the venue: a sealed kit and what starts the desk, on a stick of any file system.

A kit that is packed again takes the place of the older one of its session. Nothing else is ever written over.
"""

import os
from pathlib import Path

from config.bad_input import BadInput
from gradphoto.adapters.durable import private, settle, sync_names
from gradphoto.adapters.kit_file import SUFFIX, is_kit
from gradphoto.adapters.reasons import reason
from gradphoto.desk_start import start_files
from gradphoto.safe_name import safe_name

_RUN_BY_OWNER = 0o700
_OURS = b"gradphoto"
"""What every start says somewhere."""


class FolderTrouble(BadInput):
    """A folder that cannot take a kit; its message is one line."""


def write_kit(to: Path, session: str, sealed: bytes) -> Path:
    """Write a session's kit and starts into `to`/<session>; returns where the kit stands.

    `FolderTrouble` when `to` is not there, cannot be written to, or holds something else under one of the names.
    """
    folder = to / session
    kit = folder / f"{session}{SUFFIX}"
    if not to.is_dir():  # made here, it would be on this machine, and the stick empty
        raise FolderTrouble(f"{safe_name(to.as_posix())}：没有这个文件夹，请插好U盘或先建好文件夹")
    try:
        folder.mkdir(mode=0o700, exist_ok=True)
        files = start_files(kit.name)
        for name in (*files, kit.name):
            _refuse_other(folder / name)
        for name, data in files.items():
            put_file(folder / name, data, _RUN_BY_OWNER if name.endswith((".sh", ".command")) else 0o600)
        put_file(kit, sealed, 0o600)
        sync_names(folder)
        sync_names(to)
    except OSError as trouble:
        where = safe_name(folder.as_posix())
        raise FolderTrouble(f"{where}：写不进去（{reason(trouble)}），请检查U盘和权限") from None
    return kit


def _refuse_other(path: Path) -> None:
    """Whatever stands there must be ours, perhaps of an older release."""
    if not os.path.lexists(path):
        return
    there = path.read_bytes() if path.is_file() and not path.is_symlink() else b""
    if not is_kit(there) and _OURS not in there:
        raise FolderTrouble(f"{safe_name(path.as_posix())}：已有别的文件，请移走它或换一个文件夹")


def put_file(path: Path, data: bytes, mode: int) -> None:
    """Whole or not at all, and never half of the older one."""
    part = path.with_name(f".{path.name}.part")
    try:
        with open(part, "wb", opener=private) as file:
            file.write(data)
            settle(file)
        part.chmod(mode)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
