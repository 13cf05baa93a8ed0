"""What is on a card: the files to copy, what cannot be copied and why, and what belongs to no camera."""

from pathlib import Path
from typing import NamedTuple

from gradphoto.adapters.found import Found
from gradphoto.adapters.inbox import look
from gradphoto.adapters.whole import whole_by_manifest
from gradphoto.card_manifest import is_card_note
from gradphoto.portable import portable_fault, same_ignoring_case

_LITTER = (
    "system volume information", "$recycle.bin", "recycler", ".trash", ".spotlight-v100", ".fseventsd",
    ".temporaryitems",
)  # fmt: skip
"""How the names begin of what systems make on every card they meet."""


class CardLook(NamedTuple):
    """One look through a card, each part in natural order."""

    files: tuple[Found, ...]
    faults: tuple[str, ...]
    """One Chinese line for each file that cannot be copied."""
    left_out: tuple[str, ...]
    """Folders that systems made, and notes of an earlier offload: not copied, and no fault."""


def look_through(card: Path) -> CardLook:
    """Look through a card; `SourceError` when it cannot be opened."""
    seen = look(card)
    everything = [found.path for found in seen.files] + [each.path for each in seen.refused] + list(seen.growing)
    out = sorted({path.split("/")[0] for path in everything if _left_out(path)})
    same = same_ignoring_case(found.path for found in seen.files)
    files, faults = [], []
    for found in seen.files:
        why = portable_fault(found.path) or (same.get(found.path) and f"与 {same[found.path]} 只有大小写不同")
        if why and not _left_out(found.path):
            faults.append(f"{found.path}：{why}，请手工复制这个文件")
        elif not _left_out(found.path):
            files.append(found)
    faults += [f"{each.path}：{each.reason}" for each in seen.refused if not _left_out(each.path)]
    faults += [f"{path}：还在写入，请稍后再试" for path in seen.growing if not _left_out(path)]
    faults += [f"{path}：存储卡清单里有，存储卡上没有" for path in whole_by_manifest(card) or ()]
    return CardLook(tuple(files), tuple(faults), tuple(out))


def _left_out(path: str) -> bool:
    top, below, _ = path.partition("/")
    return top.lower().startswith(_LITTER) or (not below and is_card_note(path))
