"""Blue clothing: found in most of its shades, and nobody else is held for it."""

from collections.abc import Callable

import numpy as np

from config.spec import load_spec
from gradphoto.adapters.imaging.measure import measure
from gradphoto.checks import findings
from gradphoto.reading import Reading
from tests.blue_tops import BLUES, FRAMES, OTHERS, dressed, frame

SPEC = load_spec("chsi-2017")
IN_BLUE = ("14", "24", "29")
"""Sitters who wear it themselves."""


def is_held(image: object) -> bool:
    found = measure(np.asarray(image), 1.0)
    reading = Reading(sha256="", version="", faces=found.faces, face=found.face, figures=found.figures)
    return "blue-top" in [finding.code for finding in findings(reading, SPEC) if finding.means != "hint"]


def test_blue_is_found_and_other_colours_are_let_through(
    amount: Callable[[int, int], int], figure: Callable[[str], None]
) -> None:
    """In short every tenth sitter in every blue."""
    step = amount(10, 1)
    blue = [is_held(dressed(path, colour)) for path in FRAMES[::step] for colour in list(BLUES.values())]
    other = [is_held(dressed(path, colour)) for path in FRAMES[::step] for colour in list(OTHERS.values())[::step]]
    figure(f"blue tops found {sum(blue)} of {len(blue)}; held in other colours {sum(other)} of {len(other)}")
    assert sum(blue) >= 0.8 * len(blue)
    assert sum(other) <= 0.03 * len(other)


def test_of_the_sample_sitters_those_in_blue_are_held_and_nobody_else() -> None:
    assert list(IN_BLUE) == [path.name[7:9] for path in FRAMES if is_held(frame(path))]
