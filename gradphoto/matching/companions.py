"""Which files belong to another one: a desk's log, a RAW file or sidecar beside a picture of the same name."""

from collections.abc import Collection, Iterable

from gradphoto.card_manifest import is_card_note
from gradphoto.matching.kind import PICTURE_SUFFIXES, RAW_SUFFIXES, Place, is_scanlog, parted, suffix
from gradphoto.original import Original

SIDECAR_SUFFIXES = {".xmp", ".thm", ".aae", ".wav", ".pp3", ".dop"}
FORK = "._"
"""How the name of what a Mac leaves beside each picture begins."""


def companions(originals: Collection[Original]) -> frozenset[Place]:
    """The places of those among all files that belong to another one, or to a session's desk.

    Sidecars of tethering programs are not told by their names, see `gradphoto.matching.sidecars`.
    """
    pictures = _stems(originals, PICTURE_SUFFIXES)
    masters = pictures | _stems(originals, RAW_SUFFIXES)
    return frozenset(one.place for one in originals if _belongs(one, pictures, masters))


def _belongs(original: Original, pictures: Collection[Place], masters: Collection[Place]) -> bool:
    session, source, stem = _stem(original)
    if parted(original.path)[1].startswith(FORK):
        return (session, source, stem.replace(FORK, "", 1)) in masters
    if suffix(original.path) in RAW_SUFFIXES:
        return (session, source, stem) in pictures
    if suffix(original.path) in SIDECAR_SUFFIXES:  # both IMG_1.xmp and IMG_1.JPG.xmp are in use
        return (session, source, stem) in masters or (session, source, _bare(stem)) in masters
    return is_scanlog(original.path) or is_card_note(original.path)


def _stems(originals: Iterable[Original], suffixes: Collection[str]) -> set[Place]:
    return {
        _stem(one)
        for one in originals
        if suffix(one.path) in suffixes and not parted(one.path)[1].startswith(FORK)
    }


def _stem(original: Original) -> Place:
    return original.session, original.source, _bare(original.path.lower())


def _bare(path: str) -> str:
    return path.removesuffix(suffix(path))
