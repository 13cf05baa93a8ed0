"""What came of rendering an original: a portrait's crop and size, or why there is none."""

from config.frozen import Frozen
from gradphoto.discrepancy import Discrepancy
from gradphoto.geometry import Crop
from gradphoto.original import Digest


class Draft(Frozen):
    """The pixels of a portrait that were made when its original was read; whether it is chosen is known later."""

    source: Digest
    sha256: Digest


class Render(Frozen):
    """The outcome for one original, one recipe and one profile; `crop` and `sha256` are set without a trouble."""

    source: Digest
    sha256: Digest | None = None
    """Of the portrait's pixels as JPEG, before tags are put on."""
    quality: int = 0
    crop: Crop | None = None
    figures: dict[str, float] = {}
    """What the portrait measures by its own pixels, in pixels of the portrait; see `gradphoto.checks`."""
    trouble: Discrepancy | None = None
