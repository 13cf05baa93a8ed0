"""How a sitter's hair and clothing look: coarse colours only, nothing of the face, nobody is recognised.

Each channel of each part is sorted and averaged by fifths, which a shift, a turn or another size of the
sitter hardly change, and which another exposure only multiplies. What of a difference is exposure, by
the backdrop beside them, and what is another sitter, is for `gradphoto.appearance` to say.
"""

import numpy as np

from gradphoto.adapters.imaging import regions
from gradphoto.adapters.imaging.crown import Bust
from gradphoto.adapters.imaging.detect import Rgb
from gradphoto.adapters.imaging.mesh import Points
from gradphoto.appearance import PARTS

_ENOUGH = 100
"""Points of hair, clothing or backdrop below which nothing is said."""


def looks(part: Bust, points: Points) -> tuple[float, ...]:
    """As `gradphoto.appearance` lays it out, 0 to 255, to 0.1; nothing when some part cannot be seen."""
    backdrop = part.rgb[::2, ::2][part.backdrop[::2, ::2]]
    seen = [part.rgb[mask] for mask in (regions.clothing(part), regions.hair(part, points))]
    if min(map(len, (backdrop, *seen))) < _ENOUGH:
        return ()
    values = [*np.median(backdrop, axis=0), *(mean for colours in seen for mean in _fifths(colours))]
    return tuple(round(float(value), 1) for value in values)


def _fifths(colours: Rgb) -> list[float]:
    """Means of the fifths of red from dark to light, then of green, then of blue."""
    ordered = np.sort(colours, axis=0)
    return [float(np.mean(fifth)) for channel in ordered.T for fifth in np.array_split(channel, PARTS)]
