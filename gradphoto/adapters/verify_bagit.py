"""Whether a folder is a complete and valid bag, by RFC 8493 or the draft whose version it declares (0.93 to 0.97).

A fault makes it invalid. A warning is what other programs do and nothing is lost by: a name written otherwise, a
file of the system that went missing. Nothing is fetched, no link is followed; memory goes by the number of files.
"""

import hashlib
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from unicodedata import normalize

from gradphoto.adapters.verify_fetch import fetched
from gradphoto.adapters.verify_files import Files
from gradphoto.adapters.verify_manifests import PAYLOAD, Manifest, Read, read_manifests, spellings
from gradphoto.adapters.verify_tags import BadTag, Declaration, declaration, labels

SYSTEM_FILES = {".ds_store", "thumbs.db", "desktop.ini"}
"""What Finder and Explorer leave behind, and what copying drops."""
_BLOCK = 1 << 20
_EACH = "1.0 版的每份清单都应列出全部文件"


@dataclass(slots=True)
class Findings:
    """What a bag came to, a Chinese line each."""

    faults: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)


@dataclass(slots=True)
class _Bag:
    said: Declaration
    files: Files
    read: Read
    found: Findings
    holes: Collection[str] = ()
    """What is still to be fetched."""
    lost: bool = False
    """Whether something is missing that may."""


def bag_findings(folder: Path) -> Findings:
    """The findings of the bag in `folder`, in one order; `OSError` when it cannot be read."""
    found = Findings()
    try:
        said = declaration(folder)
        bag = _Bag(said, Files(folder), read_manifests(folder, said), found)
        bag.holes = fetched(folder, said)
        _judge(bag)
    except BadTag as trouble:
        found.faults.append(str(trouble))
    return found


def _judge(bag: _Bag) -> None:
    payloads = [one for one in bag.read.manifests if not one.tag]
    if not (bag.files.folder / PAYLOAD).is_dir():
        bag.found.faults.append("data：包里没有这个文件夹")
    if not payloads:
        bag.found.faults.append("manifest-sha256.txt：包里没有可用的清单（manifest-<算法>.txt）")
    bag.found.faults += bag.read.faults
    bag.found.warnings += [*bag.read.warnings, *bag.files.lookalikes()]
    places = {one.name: _places(bag, one) for one in bag.read.manifests}
    _missing(bag, places)
    listed = [set(filter(None, places[one.name].values())) for one in payloads]
    _unlisted(bag, payloads, listed)
    _fetch(bag, payloads)
    bag.found.faults[:0] = _oxum(bag)
    bag.found.faults += _mismatches(bag, places)


def _places(bag: _Bag, manifest: Manifest) -> dict[str, str]:
    """The file that each path of a manifest means; empty where there is none."""
    return {path: _place(bag, path) for path in manifest.entries}


def _place(bag: _Bag, path: str) -> str:
    return next(filter(None, map(bag.files.find, spellings(path, bag.said))), "")


def _missing(bag: _Bag, places: dict[str, dict[str, str]]) -> None:
    for manifest in bag.read.manifests:
        found = places[manifest.name]
        there = {_folded(path): path for path, place in found.items() if place}
        for path, place in found.items():
            if place and place not in spellings(path, bag.said):
                bag.found.warnings.append(f"{path}：文件名的 Unicode 写法与清单不同，这里是 {place!a}")
            elif not place and _may_lack(bag, manifest, path, there):
                bag.lost = True
            elif not place:
                bag.found.faults.append(f"{path}：{_absent(bag, path)}")


def _absent(bag: _Bag, path: str) -> str:
    hole = not bag.holes or path not in bag.holes
    return "清单中有，包里没有" if hole else "尚未取回（见 fetch.txt），请先取齐再校验，本程序不联网"


def _may_lack(bag: _Bag, manifest: Manifest, path: str, there: dict[str, str]) -> bool:
    """Whether nothing is lost with a path: the same content is listed in another case, or it is the system's."""
    if path.rpartition("/")[2].lower() in SYSTEM_FILES:
        bag.found.warnings.append(f"{path}：清单中的系统文件不在包里")
        return True
    twin = there.get(_folded(path))
    if not twin or manifest.entries[twin] != manifest.entries[path]:
        return False
    bag.found.warnings.append(f"{path}：与 {twin} 只有大小写不同、内容相同，包里只有一个")
    return True


def _unlisted(bag: _Bag, payloads: list[Manifest], listed: list[set[str]]) -> None:
    """From 1.0 on each manifest must list every file of the payload; before, one of them."""
    anywhere = set[str]().union(*listed)
    for name in bag.files.payload():
        if name not in anywhere:
            bag.found.faults.append(f"{name}：包里有，清单中没有")
        elif bag.said.strict:
            lacking = [one.name for one, names in zip(payloads, listed, strict=True) if name not in names]
            bag.found.faults += [f"{name}：不在 {manifest} 中，{_EACH}" for manifest in lacking]


def _fetch(bag: _Bag, payloads: list[Manifest]) -> None:
    """What is to be fetched must stand in a manifest (RFC 8493, 2.2.3)."""
    listed = {spelling for one in payloads for path in one.entries for spelling in spellings(path, bag.said)}
    bag.found.faults += [f"fetch.txt：{path} 不在清单中" for path in bag.holes if path not in listed]


def _oxum(bag: _Bag) -> Iterator[str]:
    """That bytes and number of the payload are what the labels say; with something missing that may, a warning."""
    info = bag.files.folder / bag.said.info
    values = labels(info, bag.said.encoding) if info.is_file() else []
    said = [value for label, value in values if label.casefold() == "payload-oxum"]
    sizes = [bag.files.size(name) for name in bag.files.payload()]
    is_ = f"{sum(sizes)}.{len(sizes)}"
    if len(said) > 1:
        yield f"{info.name}：Payload-Oxum 只应有一个，实有 {len(said)} 个"
    elif said and said[0] != is_:
        line = f"{info.name}：Payload-Oxum 是 {said[0][:60]}，实际是 {is_}（字节数.文件数）"
        if bag.lost:
            bag.found.warnings.append(line)
        else:
            yield line


def _mismatches(bag: _Bag, places: dict[str, dict[str, str]]) -> Iterator[str]:
    """Each file is read once, whatever number of manifests lists it; a line for each that it contradicts."""
    wanted: dict[str, list[tuple[str, str]]] = {}
    for manifest in bag.read.manifests:
        for path, place in places[manifest.name].items():
            if place:
                wanted.setdefault(place, []).append((manifest.algorithm, manifest.entries[path]))
    for place, checksums in sorted(wanted.items()):
        is_ = _digests(bag.files.folder / place, {algorithm for algorithm, _ in checksums})
        yield from (f"{place}：内容与校验值不符" for name, checksum in checksums if is_[name] != checksum)


def _digests(path: Path, algorithms: set[str]) -> dict[str, str]:
    hashes = {name: hashlib.new(name, usedforsecurity=False) for name in algorithms}
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            for one in hashes.values():
                one.update(block)
    return {name: one.hexdigest() for name, one in hashes.items()}


def _folded(path: str) -> str:
    return normalize("NFC", path).casefold()
