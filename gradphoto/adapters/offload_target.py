"""One target of an offload: the card's folder on a drive, and what became of it.

A target's trouble (a full disk, a pulled cable) is kept with it and stops nobody else.
"""

import os
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from gradphoto.adapters.durable import sync_names
from gradphoto.adapters.offload_write import PART, read_back
from gradphoto.adapters.reasons import reason
from gradphoto.card_manifest import Listed


@dataclass(slots=True)
class Target:
    """A card's folder on one drive; `trouble` says why nothing more can be done there."""

    root: Path
    """The session's folder on the drive."""
    folder: Path
    """The card's folder below it."""
    trouble: str = ""
    copied: int = 0
    known: int = 0
    """Files that stood there before."""
    faults: list[str] = field(default_factory=list)

    def place(self, path: str) -> Path:
        """Where a file of the card stands here."""
        return self.folder.joinpath(*path.split("/"))

    def has(self, path: str) -> bool:
        """Whether anything stands at that place; counts it as known."""
        there = os.path.lexists(self.place(path))
        self.known += there
        return there

    def make_folder(self, path: str) -> None:
        """Make the folders of a file below the card's own; that one is not made again.

        For when a cable is pulled, it would come into being on the disk where the drive was to be seen.
        """
        for parent in reversed(PurePosixPath(path).parents[:-1]):
            self.place(parent.as_posix()).mkdir(mode=0o700, exist_ok=True)

    def attempt(self, what: str, step: Callable[[], object]) -> None:
        """Do a step; a trouble of the system ends this target, and names what it was about."""
        if self.trouble:
            return
        try:
            step()
        except OSError as trouble:
            self.trouble = f"{what}：{reason(trouble)}"

    def compare(self, listed: Listed) -> None:
        """Read a file back and compare it with the card's digest."""
        try:
            same = read_back(self.place(listed.path)) == listed.sha256
            why = "" if same else "与存储卡上的内容不符，请移走这个文件后再运行一次"
        except OSError as trouble:
            why = f"无法读回（{reason(trouble)}）"
        if why:
            self.faults.append(f"{self.place(listed.path)}：{why}")

    def sweep(self) -> None:
        """Remove what a run that was cut off left of its last file."""
        self.attempt(str(self.folder), lambda: _sweep(self.folder))

    def sync(self, paths: Iterable[str]) -> None:
        """Make the names of these files durable, and those of the folders above them."""
        folders = {folder for path in paths for folder in self.place(path).parents}
        for folder in sorted(folder for folder in folders if folder.is_relative_to(self.root.parent)):
            sync_names(folder)


def _sweep(folder: Path) -> None:
    for inner, _, names in os.walk(folder):
        for name in names:
            if name.startswith(".") and name.endswith(PART):
                Path(inner, name).unlink(missing_ok=True)
