"""A barcode on paper: Code 128, which every hand scanner reads, as black rectangles."""

from collections.abc import Iterator

from gradphoto.adapters.paper import Paper

QUIET = 10
"""Modules that stay white on either side, as ISO/IEC 15417 has it."""


def barcode(paper: Paper, text: str, left: float, top: float, width: float, height: float) -> None:
    """Draw `text` (printable ASCII) within a rectangle in millimetres, the white margins within it too."""
    bars = list(_bars(text))
    module = width / (2 * QUIET + sum(bars[-1]))
    for start, wide in bars:
        paper.fill(left + (QUIET + start) * module, top, wide * module, height)


def _bars(text: str) -> Iterator[tuple[int, int]]:
    """Where each bar begins and how wide it is, in modules."""
    from reportlab.graphics.barcode.code128 import Code128  # brings every other code along, which takes its time

    code = Code128(text, quiet=0)
    code.validate()
    code.encode()
    code.decompose()
    at = 0
    for stripe in code.decomposed:  # a capital is a bar, a small letter a gap; a or A is one module wide, b two …
        wide = ord(stripe.lower()) - ord("a") + 1
        if stripe.isupper():
            yield at, wide
        at += wide
