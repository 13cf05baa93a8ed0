"""A store that a person names on the command line, for reading only."""

from pathlib import Path

from config.bad_input import BadInput
from config.settings import FILE
from gradphoto.adapters.store import Store, open_store
from gradphoto.stages.place import Place


def open_named(where: str, here: Path) -> Store:
    """The store that a person names: a workspace, a store's own folder, or an address; `BadInput` when it is none.

    Nothing in it is changed.
    """
    if where.startswith(("s3:", "file:")):
        return open_store(where, here, sweep=False)
    folder = here / where
    if (folder / FILE).is_file():
        return Place(folder, sweep=False).store
    if not (folder / "originals").is_dir():
        raise BadInput(f"{where} 既不是工作区，也不是存储（没有 originals/）：请检查路径")
    return open_store(f"file:{folder.as_posix()}", here, sweep=False)
