"""A line that was scanned or typed: a capture code, or the number of somebody.

One place takes both, so that nobody has to say which comes. What is somebody's number is never a code; else the
content decides, and only where figures could be either, how fast they came.
"""

from typing import Literal

from gradphoto.desk.names import Names, figures
from gradphoto.inputs.numbers import id_no_doubt

LONG = 8
"""Figures that no hand types at a scanner's speed."""


def meaning(text: str, fast: bool, names: Names) -> Literal["code", "number"]:
    """What a line is taken for; `fast` says that it came as a scanner types."""
    typed = figures(text)
    if names.has(typed) or (len(typed) == 18 and not id_no_doubt(typed)):
        return "number"
    if not names.is_number(typed):
        return "code"
    return "code" if fast and len(typed) >= LONG else "number"
