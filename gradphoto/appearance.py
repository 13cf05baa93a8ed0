"""Whether two portraits show the same clothing and hair: pure, from coarse colours, of no face.

An appearance is the backdrop's median red, green and blue, then fifths of the clothing and of the hair:
for each channel the means of its darkest to its lightest fifth. All from 0 to 255. It serves one purpose, to
notice among neighbours of one run that another person sat down, and is compared with nothing else.
"""

from collections.abc import Sequence
from math import hypot, sqrt

Appearance = tuple[float, ...]
"""3 + 2 × 3 × `PARTS` values, or none when it could not be seen."""

PARTS = 5

_CLOTHING, _HAIR = 40.0, 15.0
"""Mean difference that either part alone may show. Under shifts, other sizes, turns of the head, light ±8 %,
tint ±3 % and other JPEG qualities a sitter stays below half of it; of the pairs of different sample sitters,
nearly all in dark suits, 95 of 100 are beyond it."""
_BURNT = 250
_GAIN = 1.25
"""The most that the light may change between neighbours."""


def distance(one: Appearance, other: Appearance) -> float:
    """How different two appearances are; beyond 1 probably another person. Nothing seen is no difference.

    >>> grey = (100.0, 160.0, 220.0) + (60.0,) * 30
    >>> distance(grey, grey)
    0.0
    >>> distance(grey, grey[:18] + (120.0,) * 15) > 1
    True
    """
    if not one or not other:
        return 0.0
    fifths = _far(one, other)
    return hypot(_mean(fifths[:PARTS]) / _CLOTHING, _mean(fifths[PARTS:]) / _HAIR)


def hair_distance(one: Appearance, other: Appearance) -> float | None:
    """The same by the hair alone, where a phone hides the clothing; None when it was not seen.

    Of the sample sitters holding a phone it was 0.2 to 0.5 to their own portraits, and to 95 of 100 others' beyond
    0.65, to 75 of 100 beyond 1.25.
    """
    return _mean(_far(one, other)[PARTS:]) / _HAIR if one and other else None


def _far(one: Appearance, other: Appearance) -> list[float]:
    """How far apart each fifth is, over the three channels: of the clothing, then of the hair."""
    channels = (_differences(one, other, channel) for channel in range(3))
    return [
        sqrt((red * red + green * green + blue * blue) / 3) for red, green, blue in zip(*channels, strict=True)
    ]


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values)


def _differences(one: Appearance, other: Appearance, channel: int) -> list[float]:
    """Of the clothing's fifths and then of the hair's, both in the light between theirs."""
    ours, theirs = _fifths(one, channel), _fifths(other, channel)
    light = _light(ours, theirs, one[channel], other[channel])
    gain = sqrt(min(max(light, 1 / _GAIN), _GAIN))
    return [a * gain - b / gain for a, b in zip(ours, theirs, strict=True)]


def _fifths(look: Appearance, channel: int) -> list[float]:
    clothing = 3 + channel * PARTS
    hair = clothing + 3 * PARTS
    return [*look[clothing : clothing + PARTS], *look[hair : hair + PARTS]]


def _light(ours: Sequence[float], theirs: Sequence[float], behind_us: float, behind_them: float) -> float:
    """How much lighter theirs is: by the backdrop, or by the sitter where that is burnt out and tells nothing."""
    if max(behind_us, behind_them) < _BURNT:
        return max(behind_them, 1) / max(behind_us, 1)
    return max(hypot(*theirs), 1) / max(hypot(*ours), 1)
