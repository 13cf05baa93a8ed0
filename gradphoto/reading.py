"""What is in an original: time, camera, codes, face, and the raw figures of the checks.

A reading is made once per content and reader version and says nothing about whose picture it is.
Lengths are pixels of the upright, full-size picture, angles degrees; every figure is rounded before
it is kept, so that the same original has the same reading everywhere.
"""

from config.frozen import Frozen
from gradphoto.original import Digest


class Code(Frozen):
    """A capture code in the frame; `text` is None when it is there but cannot be read."""

    text: str | None
    width: float
    """Share of the frame's width, 0 to 1."""


class Face(Frozen):
    """Where the one face is: all lengths in pixels of the upright original."""

    crown: float
    """Top of the hair."""
    eye: float
    """Mean height of the two irises."""
    chin: float
    width: float
    """Width of the face oval at the ears, hair not counted."""
    cx: float
    """Middle of the face, left to right."""
    roll: float
    """Degrees by which the line through the irises leaves the horizontal."""
    yaw: float
    """Offset of the nose from the middle of the face, as a share of half the face width."""


class Reading(Frozen):
    """Everything later stages may know about an original's content."""

    sha256: Digest
    version: str
    format: str | None = None
    """`JPEG`, `PNG`, …, `RAW`; None when the content is not a picture."""
    width: int = 0
    height: int = 0
    """Of the upright picture."""
    orientation: int = 1
    taken: str | None = None
    """The camera's own time, `YYYY-MM-DDTHH:MM:SS.ffffff`, without a zone."""
    camera: str | None = None
    """Make and model, as far as the file says."""
    serial: str | None = None
    """The body's serial number; without it two bodies of one model cannot be told apart."""
    trouble: str | None = None
    """A discrepancy code when the content must be quarantined."""
    detail: str = ""
    """What exactly was wrong, for a person."""
    notes: tuple[str, ...] = ()
    """Harmless oddities, for a person."""
    codes: tuple[Code, ...] = ()
    faces: int = 0
    face: Face | None = None
    """Set only when there is exactly one face."""
    figures: dict[str, float] = {}
    """The raw figures of the checks, by check name; see `gradphoto.checks`."""
    appearance: tuple[float, ...] = ()
    """Colours of hair and clothing (no identity): compared only between neighbours of one run."""
