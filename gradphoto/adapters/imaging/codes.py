"""Capture codes in a picture: which can be read, and which are there but cannot.

Small pictures first: a quarter and a half of the size find nearly all and cost milliseconds; the full
size is asked for only where it can matter. A code that cannot be read is a slate too, of nobody.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import cast

import cv2
import numpy as np
import zxingcpp
from numpy.typing import NDArray

from gradphoto.adapters.imaging.decode import Pixels
from gradphoto.reading import Code

Grey = NDArray[np.uint8]


LEAST = 0.05
"""Share of the frame's width below which an unreadable code is a pattern in the clothing, not a phone."""


@dataclass(frozen=True, slots=True)
class Sighting:
    """One code as seen at one size; its box in shares of the frame's width and height."""

    text: str | None
    left: float
    top: float
    right: float
    bottom: float

    @property
    def width(self) -> float:
        """Share of the frame's width."""
        return self.right - self.left

    def meets(self, other: "Sighting") -> bool:
        """Whether two sightings share a spot, so that they are one code."""
        across = min(self.right, other.right) > max(self.left, other.left)
        return across and min(self.bottom, other.bottom) > max(self.top, other.top)


def find_codes(half: Pixels, faces: int, full: Callable[[], Pixels | None]) -> tuple[Code, ...]:
    """The codes of an upright RGB picture given at half size, sorted by text, each once.

    `full` decodes the full size, None when there is nothing more to see; it is called only for a picture
    without a code that was read and without a face, or where something was seen that could not be read.
    """
    grey = _grey(half)
    seen = [*_look(_quarter(grey)), *_look(grey)]
    if not _any_read(seen) and (faces == 0 or seen):
        whole = full()
        if whole is not None:
            seen += _look(_grey(whole))
        if not _any_read(seen):
            seen += [sighting for sighting in _look(_sharper(grey)) if sighting.text]
    return _distinct(seen)


def _any_read(seen: Iterable[Sighting]) -> bool:
    return any(sighting.text for sighting in seen)


def _grey(pixels: Pixels) -> Grey:
    return cast(Grey, cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY))


def _quarter(grey: Grey) -> Grey:
    height, width = grey.shape
    return cast(Grey, cv2.resize(grey, (max(1, width // 2), max(1, height // 2)), interpolation=cv2.INTER_AREA))


def _sharper(grey: Grey) -> Grey:
    """An unsharp mask; measured, it reads one in seven of the out-of-focus codes that were lost otherwise."""
    soft = cv2.GaussianBlur(grey, (0, 0), 4)
    return cast(Grey, cv2.addWeighted(grey, 6, soft, -5, 0))


def _look(grey: Grey) -> list[Sighting]:
    only = zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode)  # other kinds are found in necklaces
    found = zxingcpp.read_barcodes(grey, formats=only, return_errors=True)
    sightings = (_sighting(barcode, grey.shape[1], grey.shape[0]) for barcode in found)
    return [sighting for sighting in sightings if sighting.text or sighting.width >= LEAST]


def _sighting(barcode: zxingcpp.Barcode, width: int, height: int) -> Sighting:
    spot = barcode.position
    corners = (spot.top_left, spot.top_right, spot.bottom_right, spot.bottom_left)
    across, down = [corner.x / width for corner in corners], [corner.y / height for corner in corners]
    text = barcode.text if barcode.valid else None
    return Sighting(text or None, min(across), min(down), max(across), max(down))


def _distinct(seen: Iterable[Sighting]) -> tuple[Code, ...]:
    """One code a text, and of what could not be read only what is nowhere near one that was."""
    read: dict[str, Sighting] = {}
    lost: list[Sighting] = []
    for sighting in sorted(seen, key=lambda one: (one.text or "", one.left, one.top, one.right, one.bottom)):
        if sighting.text:
            read.setdefault(sighting.text, sighting)
    for sighting in sorted(seen, key=lambda one: -one.width):
        if not sighting.text and not any(map(sighting.meets, [*read.values(), *lost])):
            lost.append(sighting)
    codes = [*(read[text] for text in sorted(read)), *lost]
    return tuple(Code(text=code.text, width=round(code.width, 3)) for code in codes)
