"""What one decoding of an original gives: its reading, and its portrait where nothing holds the picture back.

Entropy decoding is half of what a picture costs, and which of a student's pictures is delivered is known only when
all were read. So each that may be is scaled and encoded from the pixels that are there; what more a portrait needs
is done to those that are chosen.
"""

from typing import NamedTuple

from config.spec import Spec
from gradphoto.adapters.imaging.reader import Seen, see_original
from gradphoto.adapters.imaging.render import Rendered, render_decoded
from gradphoto.promising import promising
from gradphoto.reading import Reading


class AtOnce(NamedTuple):
    """A reading, and the portrait's pixels as JPEG; empty where it is to be made when it is chosen."""

    reading: Reading
    portrait: bytes = b""


def read_at_once(data: bytes, sha256: str, name: str, spec: Spec) -> AtOnce:
    """Both of the file `data`; `name` only tells RAW."""
    seen = see_original(data, sha256, name)
    try:
        return AtOnce(seen.reading, _portrait(seen, spec))
    except Exception:  # whoever renders it meets the trouble again and says so
        return AtOnce(seen.reading)


def _portrait(seen: Seen, spec: Spec) -> bytes:
    crop = promising(seen.reading, spec)
    if crop is None or seen.header is None or seen.decoded is None:
        return b""
    made = render_decoded(seen.header, seen.decoded, seen.reading, crop, spec)
    return made.jpeg if isinstance(made, Rendered) else b""
