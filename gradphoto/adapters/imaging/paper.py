"""Laying pictures out on white paper: beside and above each other, with words and arrows."""

from collections.abc import Sequence
from io import BytesIO

from PIL import Image, ImageDraw, ImageFont, ImageOps

INK, SIGNAL = (40, 40, 44), (230, 60, 30)
GAP = 12
"""Pixels between pictures."""
_PAPER = "white"
_ARROW = 44
"""Pixels across, of an arrow's place."""


def arrow(height: int) -> Image.Image:
    """An arrow to the right, in the middle of a place of that height."""
    image = Image.new("RGB", (_ARROW, height), _PAPER)
    middle, tip = height // 2, _ARROW - 8
    draw = ImageDraw.Draw(image)
    draw.line((8, middle, tip - 6, middle), SIGNAL, 4)
    draw.polygon([(tip - 12, middle - 9), (tip, middle), (tip - 12, middle + 9)], SIGNAL)
    return image


def words(text: str, size: int) -> Image.Image:
    """A line of ASCII; `size` in pixels."""
    font = ImageFont.load_default(size)
    image = Image.new("RGB", (round(font.getlength(text)) + 2, size + 4), _PAPER)
    ImageDraw.Draw(image).text((1, 0), text, INK, font)
    return image


def beside(images: Sequence[Image.Image], gap: int = GAP) -> Image.Image:
    """Pictures from left to right, their upper edges level."""
    width = sum(image.width + gap for image in images) - gap
    sheet = Image.new("RGB", (width, max(image.height for image in images)), _PAPER)
    left = 0
    for image in images:
        sheet.paste(image, (left, 0))
        left += image.width + gap
    return sheet


def stack(images: Sequence[Image.Image], gap: int = GAP, centred: bool = False) -> Image.Image:
    """Pictures from top to bottom, their left edges level or their middles."""
    width = max(image.width for image in images)
    sheet = Image.new("RGB", (width, sum(image.height + gap for image in images) - gap), _PAPER)
    top = 0
    for image in images:
        sheet.paste(image, ((width - image.width) // 2 if centred else 0, top))
        top += image.height + gap
    return sheet


def framed(image: Image.Image) -> Image.Image:
    """The picture with a margin."""
    return ImageOps.expand(image, GAP, _PAPER)


def png(image: Image.Image) -> bytes:
    """The picture as a PNG."""
    out = BytesIO()
    image.save(out, "PNG", optimize=True)
    return out.getvalue()
