"""Which folder of a drive a card's copy belongs into: `card-0001`, `card-0002` …, by the card's content.

The card's anchors are written down where its copy begins, so that the same card is known again after a pulled
cable or with more frames on it, and another card with the same file names never meets it. A folder comes into
being together with its anchors, by one rename.
"""

import os
import re
from collections.abc import Collection, Sequence
from itertools import count
from pathlib import Path
from tempfile import mkdtemp
from typing import NamedTuple

from gradphoto.adapters.durable import write_new
from gradphoto.adapters.offload_anchors import Card
from gradphoto.adapters.offload_target import Target
from gradphoto.adapters.reasons import reason
from gradphoto.card_manifest import ANCHORS, ManifestError, read_manifest, write_manifest

_FOLDER = re.compile(r"card-([0-9]{4,})")


class _Root(NamedTuple):
    """What stands below one root: the numbers of its cards, and that of this card, 0 when it is not there."""

    path: Path
    numbers: Collection[int] = ()
    own: int = 0
    trouble: str = ""


def find_folders(card: Card, roots: Sequence[Path]) -> list[Target]:
    """A target below each root: the folder where the card's copy was begun, else a new one of the same number."""
    seen = [_seen(card, root) for root in roots]
    elsewhere = max(root.own for root in seen)
    free = 1 + max((number for root in seen for number in root.numbers), default=0)
    note = write_manifest(card.anchors)
    return [_target(root, free if elsewhere in (0, *root.numbers) else elsewhere, note) for root in seen]


def begun(card: Card, root: Path) -> Path | None:
    """The folder below a root where the card's copy was begun."""
    seen = _seen(card, root)
    return _folder(root, seen.own) if seen.own else None


def _seen(card: Card, path: Path) -> _Root:
    try:
        numbers = _numbers(path)
        own = next((number for number in numbers if _is_of(card, _folder(path, number))), 0)
    except OSError as trouble:
        return _Root(path, trouble=f"{path}：{reason(trouble)}")
    return _Root(path, numbers, own)


def _target(root: _Root, wanted: int, note: bytes) -> Target:
    target = Target(root.path, _folder(root.path, root.own or wanted), root.trouble)
    if not root.own:
        target.attempt(str(root.path), lambda: _begin(target, wanted, note))
    return target


def _begin(target: Target, wanted: int, note: bytes) -> None:
    """Take the first number from `wanted` on that is still free, together with its anchors."""
    target.root.mkdir(mode=0o700, exist_ok=True)
    scratch = Path(mkdtemp(dir=target.root, prefix=".card-", suffix=".part"))
    try:
        write_new(scratch / ANCHORS, [note])
        for number in count(wanted):
            target.folder = _folder(target.root, number)
            if not os.path.lexists(target.folder) and _renamed(scratch, target.folder):
                return
    finally:
        if scratch.is_dir():
            (scratch / ANCHORS).unlink(missing_ok=True)
            scratch.rmdir()


def _renamed(scratch: Path, folder: Path) -> bool:
    """A folder with anything in it is nowhere renamed over: whoever is second sees it."""
    try:
        scratch.rename(folder)
    except OSError:
        if not os.path.lexists(folder):
            raise
        return False
    return True


def _is_of(card: Card, folder: Path) -> bool:
    try:
        anchors = read_manifest((folder / ANCHORS).read_bytes())
    except (ManifestError, FileNotFoundError, NotADirectoryError):
        return False
    return any(map(card.has, anchors))


def _numbers(root: Path) -> list[int]:
    """The numbers of the cards that stand on a drive, lowest first."""
    try:
        found = map(_FOLDER.fullmatch, os.listdir(root))  # noqa: PTH208
    except FileNotFoundError:
        return []
    return sorted(int(match[1]) for match in found if match)


def _folder(root: Path, number: int) -> Path:
    return root / f"card-{number:04d}"
