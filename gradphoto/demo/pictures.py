"""The pictures of a plan as a camera would have written them, from the shipped sample frames.

No frame is quite like another: the sitter moves by some pixels and the light by some levels, as the
frame's own time has it, so that the same plan makes the same bytes.
"""

from datetime import datetime
from functools import lru_cache
from importlib.resources import files
from io import BytesIO
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from gradphoto.demo.plan import Card, Slate
from gradphoto.demo.slates import camera_exif, phone_slate
from gradphoto.demo.takes import Take

QUALITY = 90
_MOVES = 12
"""Pixels by which a sitter moves at most, each way."""


def picture(card: Card, take: Take) -> bytes:
    """The JPEG of one slate or frame."""
    image = _moved(_sitter(take.sitting.sitter), take.taken)
    if take.frame == 0 and take.sitting.slate:
        image = _slate(take.sitting.student.capture_code, image, take.sitting.slate)
    out = BytesIO()
    image.save(out, "JPEG", quality=QUALITY, exif=camera_exif(take.taken, card.camera, card.serial))
    data = out.getvalue()
    return data[: len(data) * 2 // 3] if take.frame in take.sitting.cut else data


def companion(take: Take, path: str) -> bytes:
    """What a camera may write beside a picture: a stand-in, for only the name tells what it is."""
    if path.upper().endswith(".XMP"):
        return f"<x:xmpmeta xmlns:x='adobe:ns:meta/'><!-- {take.path} --></x:xmpmeta>\n".encode()
    return b"II*\0\x10\0\0\0CR\x02\0" + take.path.encode()


def _slate(code: str, image: Image.Image, slate: Slate) -> Image.Image:
    return phone_slate(
        code,
        image.size if slate.plain else image,
        slate.share,
        tilt=slate.tilt,
        blur=slate.blur,
        dark_mode=slate.dark_mode,
        glare=slate.glare,
    )


@lru_cache(maxsize=2)
def _sitter(number: int) -> NDArray[np.uint8]:
    (path,) = (
        file
        for file in (files("gradphoto.demo") / "frames").iterdir()
        if file.name.startswith(f"sitter-{number:02d}") and file.name.endswith(".jpg")
    )
    with Image.open(BytesIO(path.read_bytes())) as image:
        return np.asarray(image.convert("RGB"))


def _moved(pixels: NDArray[np.uint8], taken: datetime) -> Image.Image:
    """The frame shifted, its edges drawn out, and a little lighter or darker."""
    moment = taken.minute * 60 + taken.second
    right, down, light = moment * 7 % (2 * _MOVES), moment * 11 % (2 * _MOVES), moment % 5 - 2
    padded = np.pad(pixels, ((_MOVES, _MOVES), (_MOVES, _MOVES), (0, 0)), mode="edge")
    height, width, _ = pixels.shape
    shifted: NDArray[Any] = padded[down : down + height, right : right + width]
    return Image.fromarray(np.clip(shifted.astype(np.int16) + 2 * light, 0, 255).astype(np.uint8))
