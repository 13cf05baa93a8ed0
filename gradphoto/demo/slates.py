"""Pictures of capture codes as a sitter shows them, for the demo and the tests: a phone before a backdrop."""

from datetime import datetime

import numpy as np
import piexif
import segno
from PIL import Image, ImageDraw, ImageFilter

_BODY, _LIGHT, _DARK, _INK = (24, 24, 28), (250, 250, 250), (18, 18, 20), (20, 20, 22)
_BACKDROP = (100, 197, 255)


def phone_slate(
    code: str,
    background: Image.Image | tuple[int, int],
    share: float,
    *,
    tilt: float = 0.0,
    blur: float = 0.0,
    dark_mode: bool = False,
    glare: float = 0.0,
) -> Image.Image:
    """A phone that shows `code` before the chest in a picture, or of a plain one of that size.

    `share` is the width of the code (without its quiet zone) in widths of the frame, `tilt` in degrees
    against the clock, `blur` the radius of a Gaussian in pixels, `glare` from 0 to 1 how white the
    reflection on the screen is. A dark screen shows the code light on dark, quiet zone and all.
    """
    frame = background if isinstance(background, Image.Image) else Image.new("RGB", background, _BACKDROP)
    frame = frame.convert("RGB")
    phone = _phone(_code(code, round(share * frame.width), dark_mode), _DARK if dark_mode else _LIGHT)
    phone = _reflecting(phone, glare).rotate(tilt, Image.Resampling.BICUBIC, expand=True)
    frame.paste(phone, ((frame.width - phone.width) // 2, _top(frame, phone)), phone)
    return frame.filter(ImageFilter.GaussianBlur(blur)) if blur else frame


def camera_exif(taken: datetime, camera: str, serial: str, orientation: int = 1) -> bytes:
    """EXIF as a camera writes it, for `Image.save(exif=…)`; the first word of `camera` is its make."""
    main, more = piexif.ImageIFD, piexif.ExifIFD
    time, fraction = taken.strftime("%Y:%m:%d %H:%M:%S"), f"{taken.microsecond // 10_000:02d}"
    return bytes(
        piexif.dump(
            {
                "0th": {main.Make: camera.split()[0], main.Model: camera, main.Orientation: orientation},
                "Exif": {
                    more.DateTimeOriginal: time,
                    more.SubSecTimeOriginal: fraction,
                    more.BodySerialNumber: serial,
                },
            }
        )
    )


def _code(code: str, width: int, dark_mode: bool) -> Image.Image:
    """The code with a quiet zone of four modules; `width` in pixels is that of the code alone."""
    matrix = np.array([list(row) for row in segno.make_qr(code, error="m", boost_error=False).matrix])
    ink = np.pad(matrix, 4).astype(bool)
    shown = np.where((ink != dark_mode)[..., None], _INK, _LIGHT).astype(np.uint8)
    size = round(width * ink.shape[0] / matrix.shape[0])
    return Image.fromarray(shown).resize((size, size), Image.Resampling.NEAREST)


def _phone(code: Image.Image, screen: tuple[int, int, int]) -> Image.Image:
    """The code on a screen 1.1 times as wide, with bezels; transparent round the corners."""
    width = round(code.width * 1.18)
    height, bezel = round(width * 1.9), round(width * 0.03)
    phone = Image.new("RGBA", (width, height))
    draw = ImageDraw.Draw(phone)
    draw.rounded_rectangle((0, 0, width - 1, height - 1), width // 9, _BODY)
    inner = (bezel, bezel * 3, width - bezel, height - bezel * 3)
    draw.rectangle(inner, screen)
    phone.paste(code, ((width - code.width) // 2, round(height * 0.3)))
    return phone


def _reflecting(phone: Image.Image, glare: float) -> Image.Image:
    """A soft white spot over the upper right of the screen, as a lamp leaves it."""
    if not glare:
        return phone
    spot = Image.new("L", phone.size)
    box = (phone.width * 0.5, phone.height * 0.25, phone.width * 0.95, phone.height * 0.5)
    ImageDraw.Draw(spot).ellipse(box, round(255 * min(glare, 1)))
    soft = spot.filter(ImageFilter.GaussianBlur(phone.width / 25))
    lit = Image.composite(Image.new("RGB", phone.size, "white"), phone.convert("RGB"), soft).convert("RGBA")
    lit.putalpha(phone.getchannel("A"))
    return lit


def _top(frame: Image.Image, phone: Image.Image) -> int:
    """Before the chest; a large phone as low as its code stays in the frame."""
    return max(0, min(round(frame.height * 0.53), round(frame.height - phone.height * 0.8)))
