"""The manifests of a bag and the paths in them: which file is to have which checksum.

A path is a name to compare with, never one to open: what is in the bag is listed from the disk, so that no
manifest leads outside. Whether a bag holds what its manifests say is judged in `gradphoto.adapters.verify_bagit`.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from gradphoto.adapters.verify_tags import BadTag, Declaration, lines, marked

PAYLOAD = "data/"
ALGORITHMS = {
    **{name: name for name in ("md5", "sha1", "sha224", "sha256", "sha384", "sha512")},
    **{f"sha3{bits}": f"sha3_{bits}" for bits in (224, 256, 384, 512)},
    "blake2b": "blake2b",
}
"""By the name in a manifest's name (RFC 8493, 2.4: lower case, only letters and digits), as Python knows them."""

_NAME = re.compile(r"(?P<tag>tag)?manifest-(?P<algorithm>[A-Za-z0-9_-]+)\.txt")
_LINE = re.compile(r"\s*(?P<checksum>[0-9A-Fa-f]+)[ \t]+(?P<path>\S.*)")
_OUTSIDE = re.compile(r"[/\\~]|[A-Za-z]:")
"""How a path begins that is absolute, of a user or of a drive: on any system, whatever this one is."""
_ENCODED = re.compile("%(0[aAdD]|25)")


@dataclass(frozen=True, slots=True)
class Manifest:
    """One manifest: `entries` are the checksums, in lower case, by the path as it is written, cleaned."""

    name: str
    algorithm: str
    """As `hashlib` calls it."""
    tag: bool
    """Whether it is of the tag files, and not of the payload."""
    entries: dict[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class Read:
    """All manifests of a bag, and what was wrong with their lines."""

    manifests: list[Manifest] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)


def read_manifests(folder: Path, said: Declaration) -> Read:
    """Every manifest of the bag in `folder`, in order of name; tag manifests count from version 0.97 on."""
    read = Read()
    for path in sorted(folder.iterdir()):
        found = _NAME.fullmatch(path.name)
        if not found or not path.is_file() or (found["tag"] and said.version < (0, 97)):
            continue
        algorithm = ALGORITHMS.get(re.sub("[^a-z0-9]", "", found["algorithm"].lower()))
        if algorithm:
            read.manifests.append(_manifest(path, Manifest(path.name, algorithm, bool(found["tag"])), said, read))
        else:
            read.warnings.append(f"{path.name}：不认识的算法 {found['algorithm']!r}，未用它核对")
    return read


def bag_path(text: str, source: str) -> str:
    """A path of a manifest or of fetch.txt, cleaned of `./` and doubled slashes; `BadTag` when it leads outside.

    >>> bag_path("./data//a b.jpg", "manifest-md5.txt")
    'data/a b.jpg'
    """
    parts = [part for part in text.split("/") if part not in ("", ".")]
    if _OUTSIDE.match(text) or ".." in re.split(r"[/\\]", text) or not parts or "\0" in text:
        raise BadTag(f"{source}：路径 {text[:200]!r} 不安全，指向包外")
    return "/".join(parts)


def spellings(path: str, said: Declaration) -> Iterator[str]:
    """What a written path may mean, the version's own rule first.

    Line ends are always percent-encoded, a percent sign itself only from 1.0 on (RFC 8493, 2.1.3); not every
    program kept to that.

    >>> list(spellings("data/100%25.jpg", Declaration((1, 0), "utf-8")))
    ['data/100%.jpg', 'data/100%25.jpg']
    """
    whole = _ENCODED.sub(lambda found: chr(int(found[1], 16)), path)
    ends = re.sub("%(0[aAdD])", lambda found: chr(int(found[1], 16)), path)
    yield from dict.fromkeys((*((whole, ends, path) if said.strict else (ends, path, whole)), path.rstrip()))


def _manifest(path: Path, manifest: Manifest, said: Declaration, read: Read) -> Manifest:
    if said.encoding == "utf-8" and marked(path):
        read.warnings.append(f"{path.name}：不应以字节顺序标记（BOM）开头")
    for number, line in lines(path, said.encoding):
        if not line.startswith("#"):
            _entry(f"{path.name} 第{number}行", line, manifest, said, read)
    return manifest


def _entry(where: str, line: str, manifest: Manifest, said: Declaration, read: Read) -> None:
    found = _LINE.fullmatch(line)
    if not found:
        read.faults.append(f"{where}：应为“校验值 路径”")
        return
    checksum, written = found["checksum"].lower(), found["path"]
    path = bag_path(written.removeprefix("*"), where)
    if written.startswith(("*", "./")):
        read.warnings.append(f"{where}：路径写成 {written[:200]!r}，不合规范，按 {path} 处理")
    if path.startswith(PAYLOAD) == manifest.tag:
        read.faults.append(f"{where}：{path} {'应写在 manifest 中' if manifest.tag else '不在 data/ 下'}")
    before = manifest.entries.get(path)
    if before is not None:
        same = before == checksum and not said.strict
        (read.warnings if same else read.faults).append(f"{where}：{path} 重复列出")
    manifest.entries[path] = checksum
