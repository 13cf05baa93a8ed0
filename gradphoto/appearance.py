"""Whether two portraits show the same clothing and hair: pure, from coarse colours, of no face.

An appearance is the backdrop's median red, green and blue, then fifths of the clothing and of the hair:
for each channel the means of its darkest to its lightest fifth. All from 0 to 255. It serves one purpose, to
notice among neighbours of one run that another person sat down, and is compared with nothing else.
"""

from collections.abc import Sequence
from math import hypot, sqrt
from statistics import fmean

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
    channels = [_differences(one, other, channel) for channel in range(3)]
    fifths = [sqrt(fmean(value * value for value in fifth)) for fifth in zip(*channels, strict=True)]
    return hypot(fmean(fifths[:PARTS]) / _CLOTHING, fmean(fifths[PARTS:]) / _HAIR)


def _differences(one: Appearance, other: Appearance, channel: int) -> list[float]:
    """Of the clothing's fifths and then of the hair's, both in the light between theirs."""
    ours, theirs = _fifths(one, channel), _fifths(other, channel)
    light = _light(ours, theirs, one[channel], other[channel])
    gain = sqrt(min(max(light, 1 / _GAIN), _GAIN))
    return [a * gain - b / gain for a, b in zip(ours, theirs, strict=True)]


def _fifths(look: Appearance, channel: int) -> list[float]:
    starts = (3 + (3 * part + channel) * PARTS for part in (0, 1))
    return [value for start in starts for value in look[start : start + PARTS]]


def _light(ours: Sequence[float], theirs: Sequence[float], behind_us: float, behind_them: float) -> float:
    """How much lighter theirs is: by the backdrop, or by the sitter where that is burnt out and tells nothing."""
    if max(behind_us, behind_them) < _BURNT:
        return max(behind_them, 1) / max(behind_us, 1)
    return max(hypot(*theirs), 1) / max(hypot(*ours), 1)
