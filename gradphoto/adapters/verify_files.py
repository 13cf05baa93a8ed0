"""The files of a bag as they stand on the disk: listed once, and only ordinary ones."""

import os
from collections import defaultdict
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path
from stat import S_ISDIR, S_ISREG
from unicodedata import normalize

_ALIKE = "只有大小写或 Unicode 写法不同，在 Windows 和 Mac 上会相互覆盖"


class Files:
    """All files below `folder`, by their path from there with `/`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._sizes: dict[str, int] = {name: path.stat().st_size for name, path in _walk(folder)}

    def payload(self) -> list[str]:
        """Those of the payload, in order."""
        return sorted(name for name in self._sizes if name.startswith("data/"))

    def size(self, name: str) -> int:
        """The bytes of a file."""
        return self._sizes[name]

    def find(self, name: str) -> str:
        """The file of that name, or the only one whose name is the same but for its Unicode form; else empty."""
        if name in self._sizes:
            return name
        alike = self._composed.get(normalize("NFC", name), [])
        return alike[0] if len(alike) == 1 else ""

    def lookalikes(self) -> list[str]:
        """A line for names that fall together where case or Unicode form does not count."""
        folded = defaultdict(list)
        for name in self._sizes:
            folded[normalize("NFC", name).casefold()].append(name)
        alike = (sorted(names) for names in folded.values() if len(names) > 1)
        return [f"{'、'.join(names)}：{_ALIKE}" for names in sorted(alike)]

    @cached_property
    def _composed(self) -> dict[str, list[str]]:
        found = defaultdict(list)
        for name in sorted(self._sizes):
            found[normalize("NFC", name)].append(name)
        return found


def odd_files(folder: Path) -> Iterator[str]:
    """A line for each thing below `folder` that is neither file nor folder: none of them is opened."""
    for parent, folders, files in os.walk(folder):
        for name in (*folders, *files):
            path = Path(parent, name)
            mode = path.lstat().st_mode
            if not S_ISREG(mode) and not S_ISDIR(mode):
                what = "链接" if path.is_symlink() else "设备或管道"
                yield f"{path.relative_to(folder).as_posix()}：是{what}，不是普通文件"


def _walk(folder: Path) -> Iterator[tuple[str, Path]]:
    for parent, _, files in os.walk(folder):
        yield from (((path := Path(parent, name)).relative_to(folder).as_posix(), path) for name in files)
