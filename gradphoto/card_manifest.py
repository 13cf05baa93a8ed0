"""The manifest of a card's copy (存储卡清单) as text: each file's path, size and sha256.

A file is two lines; the first, with its size, begins with `#`, so that `sha256sum -c` reads the second. The
last line is the sha256 of all before it: a manifest that was cut short or changed is none.
"""

import re
from collections.abc import Iterable
from hashlib import sha256
from typing import NamedTuple

from config.bad_input import BadInput
from gradphoto.original import Digest
from gradphoto.portable import portable_fault

ANCHORS = "card-anchors.txt"
"""Written first: a few of the card's files, by which the same card is known again."""
_NOTES = re.compile(r"card-(?P<kind>anchors|manifest(-[0-9]+)?)\.txt")
_HEAD = b"# gradphoto card manifest 1\n"
_LISTED = re.compile(r"# ([0-9]+) bytes\n([0-9a-f]{64})  (.+)\n")


class ManifestError(BadInput):
    """A manifest of ours that was cut short or changed."""


class Listed(NamedTuple):
    """One file: its path below the card with `/`, its size in bytes, its sha256."""

    path: str
    size: int
    sha256: Digest


def manifest_name(number: int) -> str:
    """What the first, second … manifest of one copy is called: a card that grew gets one more."""
    return "card-manifest.txt" if number == 1 else f"card-manifest-{number}.txt"


def is_card_note(path: str) -> bool:
    """Whether a file is what an offload wrote beside a card's own files."""
    return _NOTES.fullmatch(_name(path)) is not None


def is_manifest(path: str) -> bool:
    """Whether a file's name is that of a card's manifest."""
    return is_card_note(path) and _name(path) != ANCHORS


def write_manifest(files: Iterable[Listed]) -> bytes:
    """The manifest of these files, whatever their order."""
    lines = "".join(f"# {size} bytes\n{digest}  {path}\n" for path, size, digest in sorted(files))
    body = _HEAD + lines.encode()
    return body + _seal(body)


def read_manifest(data: bytes) -> tuple[Listed, ...]:
    """The files that a manifest lists; none when it is not one of ours, `ManifestError` when it is damaged."""
    if not data.startswith(_HEAD):
        return ()
    body, _, last = data.removesuffix(b"\n").rpartition(b"\n")
    if _seal(body + b"\n") != last + b"\n":
        raise ManifestError("存储卡清单不完整或已损坏")
    text = body.decode(errors="replace") + "\n"
    listed = [Listed(path, int(size), digest) for size, digest, path in _LISTED.findall(text)]
    if any(portable_fault(each.path) for each in listed):
        raise ManifestError("存储卡清单中有不能使用的路径")
    return tuple(listed)


def _seal(body: bytes) -> bytes:
    return f"# sha256 of the lines above {sha256(body).hexdigest()}\n".encode()


def _name(path: str) -> str:
    return path.rpartition("/")[2]
