"""Whether the copy of a card is whole, as its own manifest says; the bytes are somebody else's to compare."""

import os
import stat
from collections.abc import Iterable
from pathlib import Path

from gradphoto.adapters.found import opened
from gradphoto.adapters.inbox import Look
from gradphoto.card_manifest import Listed, ManifestError, is_manifest, read_manifest

_LARGEST = 64 << 20
"""Bytes of a manifest that is read; a card of half a million files has less."""


def whole_by_manifest(folder: Path) -> list[str] | None:
    """What the manifests in `folder` list and it does not hold in that size; None when there is no manifest.

    Empty when it is whole. A damaged manifest is among what is missing.
    """
    names = sorted(path.name for path in folder.iterdir() if is_manifest(path.name))
    listed, damaged = _listed(folder, names)
    if not listed and not damaged:
        return None
    return damaged + sorted({each.path for each in listed if not _stands(folder, each)})


def listed_in(folder: Path) -> tuple[Listed, ...]:
    """What all sound manifests in `folder` list."""
    return tuple(_listed(folder, sorted(path.name for path in folder.iterdir() if is_manifest(path.name)))[0])


def hold_back(seen: Look) -> Look:
    """The same look, but the copy of a card that is not whole yet counts as growing, all of it.

    Without the slate that is still to come, a portrait would go to the student before.
    """
    tops = {found.file.parent: found.path.rpartition("/")[0] for found in seen.files if is_manifest(found.path)}
    short = tuple(top and f"{top}/" for folder, top in tops.items() if whole_by_manifest(folder))
    held = tuple(found.path for found in seen.files if found.path.startswith(short))
    files = tuple(found for found in seen.files if not found.path.startswith(short))
    return Look(files, seen.refused, (*seen.growing, *held))


def _listed(folder: Path, names: Iterable[str]) -> tuple[list[Listed], list[str]]:
    listed: list[Listed] = []
    damaged: list[str] = []
    for name in names:
        try:
            listed += read_manifest(_bytes(folder / name))
        except (ManifestError, OSError):
            damaged.append(name)
    return listed, damaged


def _bytes(manifest: Path) -> bytes:
    """At most `_LARGEST`; a link is not followed, and nothing waits for a pipe of that name."""
    with opened(manifest) as file:
        if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
            raise ManifestError(manifest.name)
        return file.read(_LARGEST)


def _stands(folder: Path, listed: Listed) -> bool:
    try:
        status = folder.joinpath(*listed.path.split("/")).lstat()
    except OSError:
        return False
    return stat.S_ISREG(status.st_mode) and status.st_size == listed.size
