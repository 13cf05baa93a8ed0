"""Portraits at a glance, as one PNG: what the camera took, where it was cut, and whose portrait it became.

For people only: nothing of it goes into a bundle. Captions are ASCII, for the font that Pillow brings has no more.
"""

from collections.abc import Mapping, Sequence
from io import BytesIO
from typing import NamedTuple, TypeVar

from PIL import Image, ImageDraw, ImageOps

from gradphoto.adapters.imaging.paper import SIGNAL, arrow, beside, framed, png, stack, words
from gradphoto.adapters.imaging.turn import Box

_TEXT = 16
"""Pixels of a caption."""
_COLOURS = 256


class Portrait(NamedTuple):
    """A portrait as JPEG with its caption."""

    jpeg: bytes
    caption: str


class Strip(NamedTuple):
    """The frames of one sitting as JPEG, which of them was chosen and its crop, and the portrait."""

    frames: tuple[bytes, ...]
    chosen: int
    crop: Box
    portrait: Portrait


def contact_sheet(strips: Sequence[Strip], groups: Mapping[str, Sequence[Portrait]]) -> bytes:
    """Some strips, each with its portrait, above all portraits by group; groups by their titles."""
    parts = [_strips(strips, 300, 2), *(_group(*group) for group in groups.items())]
    return png(framed(stack(parts, gap=24)))


def from_card_to_bundle(strips: Sequence[Strip]) -> bytes:
    """The strips alone, small and in few colours: a picture of about 1200 pixels across for a page."""
    sheet = framed(_strips(strips, 190, 2))
    return png(sheet.quantize(_COLOURS, Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE))


def _strips(strips: Sequence[Strip], height: int, across: int) -> Image.Image:
    rows = [beside([_strip(one, height) for one in row], gap=36) for row in _rows(strips, across)]
    return stack(rows)


def _strip(one: Strip, height: int) -> Image.Image:
    """The frames in the order they were taken, an arrow, the portrait with its caption."""
    frames = [
        _frame(jpeg, one.crop if index == one.chosen else None, height) for index, jpeg in enumerate(one.frames)
    ]
    return beside([*frames, arrow(height), _portrait(one.portrait, height - _TEXT - 8)], gap=4)


def _frame(jpeg: bytes, crop: Box | None, height: int) -> Image.Image:
    """A frame at that height, upright, with the edge of its crop."""
    with Image.open(BytesIO(jpeg)) as image:
        upright = ImageOps.exif_transpose(image).convert("RGB")
    scale = height / upright.height
    small = upright.resize((round(upright.width * scale), height), Image.Resampling.LANCZOS, reducing_gap=2)
    if crop:
        ImageDraw.Draw(small).rectangle([round(edge * scale) for edge in crop], outline=SIGNAL, width=3)
    return small


def _portrait(portrait: Portrait, height: int) -> Image.Image:
    return stack([_frame(portrait.jpeg, None, height), words(portrait.caption, _TEXT)], gap=4, centred=True)


def _group(title: str, portraits: Sequence[Portrait]) -> Image.Image:
    rows = (beside([_portrait(one, 213) for one in row]) for row in _rows(portraits, 7))
    return stack([words(title, _TEXT + 6), *rows], gap=8)


_One = TypeVar("_One")


def _rows(things: Sequence[_One], across: int) -> list[Sequence[_One]]:
    return [things[start : start + across] for start in range(0, len(things), across)]
