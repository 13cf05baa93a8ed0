"""A glance at one file where it lies: all that a check at the venue wants of it, by one reading and one decoding.

Runs in processes of its own, for decoders meet hostile files. Nothing is kept on any disk.
"""

import hashlib
from typing import NamedTuple

from config.spec import Spec
from gradphoto.adapters.found import Found, StillGrowing, Unreadable, pieces
from gradphoto.adapters.imaging.models import DamagedModel
from gradphoto.adapters.imaging.reader import Seen, see_original
from gradphoto.adapters.imaging.render import Rendered, measured, render, render_decoded
from gradphoto.adapters.imaging.thumb import small
from gradphoto.adapters.limits import patience
from gradphoto.adapters.sheets import MAX_BYTES as LARGEST_SHEET
from gradphoto.matching.kind import is_scanlog, is_sheet_name, parted
from gradphoto.original import Digest
from gradphoto.portrait import Render
from gradphoto.promising import promising
from gradphoto.reading import Reading
from gradphoto.stages.read import MAX_BYTES
from gradphoto.versions import READER


class Glance(NamedTuple):
    """What is in one file. With a `refusal`, in Chinese, it could not be read at all."""

    sha256: Digest = ""
    reading: Reading | None = None
    """None for a desk's log."""
    render: Render | None = None
    """What came of rendering a portrait that nothing holds back: its figures, or why there is none."""
    small: bytes = b""
    """A small JPEG for people; empty where there is none to be had."""
    table: bytes = b""
    """The file itself, when its name says that it is a table."""
    refusal: str = ""
    growing: bool = False
    """Whether it changed meanwhile."""


def unread(path: str, size: int, mtime_ns: int, reading: bool) -> Glance:
    """Of a file whose content is not asked for: its place stands in for its digest."""
    sha256 = hashlib.sha256(f"unread {size} {mtime_ns} {path}".encode()).hexdigest()
    large = Reading(sha256=sha256, version=READER, trouble="too-large", detail=f"{size >> 20} MB")
    return Glance(sha256, large if reading else None)


def glance(spec: Spec, found: Found) -> Glance:
    """Look at a file; one that cannot be read is tried once more, for cards and networks falter."""
    if found.size > MAX_BYTES:
        return unread(found.path, found.size, found.mtime_ns, reading=True)
    try:
        try:
            data = b"".join(pieces(found))
        except Unreadable:
            data = b"".join(pieces(found))
    except Unreadable as trouble:
        return Glance(refusal=str(trouble))
    except StillGrowing:
        return Glance(growing=True)
    return _glance(data, found.path, spec)


def died(found: Found) -> Glance:
    """Of a file at which its process died: named as the night would name it."""
    lost = unread(found.path, found.size, found.mtime_ns, reading=False)
    return lost._replace(reading=Reading(sha256=lost.sha256, version=READER, trouble="reader-died"))


def _glance(data: bytes, path: str, spec: Spec) -> Glance:
    sha256 = hashlib.sha256(data).hexdigest()
    table = data if is_sheet_name(path) and len(data) <= LARGEST_SHEET else b""
    if is_scanlog(path):
        return Glance(sha256, table=table)
    try:
        with patience():
            return _looked(data, see_original(data, sha256, parted(path)[1]), spec)._replace(table=table)
    except (OSError, ImportError, DamagedModel):
        raise  # the machine's fault or the installation's
    except Exception as trouble:  # an odd picture that nobody thought of costs itself, not the check
        odd = Reading(sha256=sha256, version=READER, trouble="reader-died", detail=type(trouble).__name__)
        return Glance(sha256, odd, table=table)


def _looked(data: bytes, seen: Seen, spec: Spec) -> Glance:
    reading = seen.reading
    if seen.header is None or seen.decoded is None:
        return Glance(reading.sha256, reading)
    return Glance(reading.sha256, reading, _rendered(data, seen, spec), small(seen.header, seen.decoded))


def _rendered(data: bytes, seen: Seen, spec: Spec) -> Render | None:
    """Asked only of a picture that nothing else holds back; the pixels are looked at and let go."""
    reading = seen.reading
    crop = promising(reading, spec)
    if crop is None or seen.header is None or seen.decoded is None:
        return None
    at_hand = render_decoded(seen.header, seen.decoded, reading, crop, spec)
    made = measured(at_hand) if isinstance(at_hand, Rendered) else at_hand or render(data, reading, crop, spec)
    if not isinstance(made, Rendered):
        return Render(source=reading.sha256, trouble=made)
    return Render(source=reading.sha256, quality=made.quality, crop=crop, figures=dict(made.figures))
