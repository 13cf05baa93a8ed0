"""The tag files of a bag, read line by line: its declaration, its labels, and what lines are at all.

Nothing that stands in one is believed: no line is longer than `LONGEST`, no file larger than `LARGEST`, no
encoding other than a character set's. What is wrong is a `BadTag`, one Chinese line.
"""

import codecs
import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

LONGEST = 1 << 16
"""Letters of a line."""
LARGEST = 64 << 20
"""Bytes of a tag file; half a million lines of a manifest of SHA-512."""
VERSIONS = ((0, 93), (0, 94), (0, 95), (0, 96), (0, 97), (1, 0))
"""Every version that was ever published; 1.0 is RFC 8493."""
BAGIT = "bagit.txt"

_NO_BAG = "不是有效的BagIt包"
_STRICT = re.compile(rb"BagIt-Version: \d+\.\d+(\r\n|\r|\n)Tag-File-Character-Encoding: [!-~]+(\r\n|\r|\n)?")
"""RFC 8493, 2.1.1: exactly two lines in exactly this form; the last one is often not ended."""
_CHARACTERS = re.compile(r"utf-(8|16|32)(-[bl]e)?|ascii|(iso8859|cp|gb|big5|euc|shift|koi8|mac)[\w-]*")
"""By Python's names: its other codecs pack, escape or compress."""
_MARK = "\ufeff"


class BadTag(ValueError):
    """A tag file that cannot be used: its name, where, and why."""


class Declaration(NamedTuple):
    """What `bagit.txt` says: by which version a bag is judged, and how its other tag files are encoded."""

    version: tuple[int, int]
    encoding: str

    @property
    def strict(self) -> bool:
        """Whether RFC 8493 is the rule, and not one of its drafts."""
        return self.version >= (1, 0)

    @property
    def info(self) -> str:
        """The name of the file with the labels."""
        return "bag-info.txt" if self.version >= (0, 96) else "package-info.txt"


def declaration(folder: Path) -> Declaration:
    """The declaration of the bag in `folder`; `BadTag` when it is none or of a version that nobody published."""
    path = folder / BAGIT
    if not path.is_file():
        raise BadTag(f"{BAGIT}：没有这个文件，{folder.name} {_NO_BAG}")
    with path.open("rb") as file:
        data = file.read(LONGEST)
    if data.startswith(codecs.BOM_UTF8):
        raise BadTag(f"{BAGIT}：不得以字节顺序标记（BOM）开头，{_NO_BAG}")
    found = labels(path, "utf-8")
    values = {name: [value for label, value in found if label == name] for name, _ in found}
    version, encoding = _single(values, "BagIt-Version"), _single(values, "Tag-File-Character-Encoding")
    number = re.fullmatch(r"(\d{1,3})\.(\d{1,3})", version, re.ASCII)
    if not number or (int(number[1]), int(number[2])) not in VERSIONS:
        raise BadTag(f"{BAGIT}：不支持的版本 {version[:20]!r}（应为 0.93 至 0.97 或 1.0），{_NO_BAG}")
    said = Declaration((int(number[1]), int(number[2])), _charset(encoding))
    if said.strict and not _STRICT.fullmatch(data):
        raise BadTag(f"{BAGIT}：1.0 版应恰好两行，冒号后一个空格，别无空白，{_NO_BAG}")
    return said


def labels(path: Path, encoding: str) -> list[tuple[str, str]]:
    """The labels of a tag file with their values, a folded value in one; `BadTag` for a line without a colon."""
    found: list[tuple[str, str]] = []
    for number, line in lines(path, encoding):
        if line[0].isspace() and found:
            found[-1] = (found[-1][0], f"{found[-1][1]} {line.strip()}")
            continue
        label, colon, value = line.partition(":")
        if not colon or not label.strip():
            raise BadTag(f"{path.name} 第{number}行：应为“标签: 值”，{_NO_BAG}")
        found.append((label.strip(), value.strip()))
    return found


def lines(path: Path, encoding: str) -> Iterator[tuple[int, str]]:
    """The lines of a tag file that are not blank, with their numbers; ended by LF, CR or CRLF.

    The mark that UTF-16 begins with is taken off, and one that UTF-8 need not have.
    """
    if path.stat().st_size > LARGEST:
        raise BadTag(f"{path.name}：有 {path.stat().st_size} 字节，超出上限 {LARGEST}")
    try:
        with path.open(encoding=encoding) as file:
            for number, line in enumerate(iter(lambda: file.readline(LONGEST), ""), 1):
                if len(line) == LONGEST:
                    raise BadTag(f"{path.name} 第{number}行：太长，一行不得超过 {LONGEST} 个字符")
                text = line.removeprefix(_MARK) if number == 1 else line
                if text.strip():
                    yield number, text.rstrip("\n")
    except UnicodeError:
        raise BadTag(f"{path.name}：不是 {encoding} 编码") from None


def marked(path: Path) -> bool:
    """Whether a file begins with the mark of UTF-8, which a tag file should not."""
    with path.open("rb") as file:
        return file.read(3) == codecs.BOM_UTF8


def _single(values: dict[str, list[str]], label: str) -> str:
    """The value of a label that must stand there once."""
    if len(values.get(label, [])) != 1:
        raise BadTag(f"{BAGIT}：{label} 应恰好有一行，实有 {len(values.get(label, []))} 行，{_NO_BAG}")
    return values[label][0]


def _charset(name: str) -> str:
    try:
        known = codecs.lookup(name).name
    except (LookupError, ValueError):
        known = ""
    if not _CHARACTERS.fullmatch(known):
        raise BadTag(f"{BAGIT}：不支持的编码 {name[:40]!r}，{_NO_BAG}")
    return known
