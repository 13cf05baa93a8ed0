"""Whether a bag, as a folder or zip, is valid and complete: one Chinese line a fault.

BagIt itself is judged by the bagit library; what a bundle of ours promises beyond it stands in
`gradphoto.adapters.promises` and is asked for only where there is a `photos.csv`.
"""

import logging
import os
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import bagit

from gradphoto.adapters.promises import promise_faults
from gradphoto.adapters.unpack import unpack

_LOG = logging.getLogger("bagit")
_LOG.addHandler(logging.NullHandler())
_LOG.propagate = False  # it says everything twice, with student numbers in it

_BAG_TROUBLE = (bagit.BagError, OSError, ValueError, LookupError, AttributeError, TypeError)
"""What the library raises about a bad bag; a tag that stands there twice, for one, is a list to it."""


def verify(path: Path) -> list[str]:
    """The faults of the bag at `path`; empty when it is valid and complete. Writes only to a temporary folder."""
    try:
        return [_one_line(fault) for fault in _faults(path)]
    except OSError as trouble:
        return [f"{path}：无法读取（{trouble.strerror or type(trouble).__name__}），请检查权限和磁盘空间"]


def _one_line(fault: str) -> str:
    """Whatever stands in the bag that it quotes."""
    return "".join(letter if letter.isprintable() else "�" for letter in " ".join(fault.split()))


def _faults(path: Path) -> list[str]:
    if path.is_dir():
        return _folder_faults(path)
    if not path.is_file():
        return [f"{path}：没有这个文件或文件夹，请检查路径"]
    with TemporaryDirectory(prefix="gradphoto-") as scratch:
        faults = unpack(path, Path(scratch))
        return faults or _folder_faults(next(Path(scratch).iterdir()))


def _folder_faults(folder: Path) -> list[str]:
    links = sorted(_links(folder))
    if links:
        return [f"{link}：是链接，不是普通文件" for link in links]
    faults = list(_bag_faults(folder))
    return faults + [fault for fault in promise_faults(folder) if fault not in faults]


def _links(folder: Path) -> Iterator[str]:
    for parent, folders, files in os.walk(folder):
        paths = (Path(parent, name) for name in (*folders, *files))
        yield from (path.relative_to(folder).as_posix() for path in paths if path.is_symlink())


def _bag_faults(folder: Path) -> Iterator[str]:
    try:
        bag = bagit.Bag(str(folder))
        yield from _oxum_faults(bag)
        yield from _fetch_faults(bag)
        bag.info.pop("Payload-Oxum", None)  # or the library would stop there and name no file
        bag.validate()
    except _BAG_TROUBLE as trouble:
        details = getattr(trouble, "details", None) or [trouble]
        yield from (_line(folder, detail) for detail in details)


def _oxum_faults(bag: bagit.Bag) -> Iterator[str]:
    said = bag.info.get("Payload-Oxum")
    sizes = [Path(bag.path, name).stat().st_size for name in bag.payload_files()]
    found = f"{sum(sizes)}.{len(sizes)}"
    if said is not None and said != found:
        yield f"bag-info.txt：Payload-Oxum 是 {said}，实际是 {found}（字节数.文件数）"


def _fetch_faults(bag: bagit.Bag) -> Iterator[str]:
    """What is to be fetched must stand in a manifest (RFC 8493, 2.2.3); that it is missing is said elsewhere."""
    for _, _, name in bag.fetch_entries():
        if name not in bag.entries:
            yield f"fetch.txt：{name} 不在清单中"


def _line(folder: Path, detail: Exception) -> str:
    if isinstance(detail, bagit.ChecksumMismatch):
        return f"{detail.path}：内容与校验值不符"
    if isinstance(detail, bagit.FileMissing):
        return f"{detail.path}：清单中有，包里没有"
    if isinstance(detail, bagit.UnexpectedFile):
        return f"{detail.path}：包里有，清单中没有"
    said = " ".join(str(detail).replace(f"{folder}{os.sep}", "").replace(str(folder), folder.name).split())
    return f"{folder.name}：不是有效的BagIt包（{said or type(detail).__name__}）"
