"""Whether a picture may become a portrait by what it holds alone: asked before anybody knows whose it is."""

from config.spec import Spec
from gradphoto.checks import findings
from gradphoto.geometry import Crop, solve
from gradphoto.reading import Reading


def promising(reading: Reading, spec: Spec) -> Crop | None:
    """The crop of a picture of one face that no check holds back; None of everything else, and of a slate."""
    if reading.face is None or reading.codes or any(found.means != "hint" for found in findings(reading, spec)):
        return None
    crop = solve(reading.face, reading.width, reading.height, spec)
    return crop if isinstance(crop, Crop) else None
