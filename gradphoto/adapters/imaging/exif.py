"""What the camera wrote into a picture, as far as it can be read: one broken tag never hides another."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from PIL import ExifTags, Image

_IFD, _BASE = ExifTags.IFD, ExifTags.Base


@dataclass(frozen=True, slots=True)
class Tags:
    """The camera's own words; each None when missing or nonsense."""

    orientation: int = 1
    taken: str | None = None
    """`YYYY-MM-DDTHH:MM:SS.ffffff`, without a zone."""
    camera: str | None = None
    serial: str | None = None


def read(image: Image.Image) -> Tags:
    """The tags of an opened picture; never raises."""
    main = _try(image.getexif)
    more = _try(lambda: main.get_ifd(_IFD.Exif))
    return Tags(
        orientation=_orientation(_get(main, _BASE.Orientation)),
        taken=_taken(more),
        camera=_camera(_text(main, _BASE.Make), _text(main, _BASE.Model)),
        serial=_text(more, _BASE.BodySerialNumber) or _text(main, _BASE.CameraSerialNumber),
    )


def _try(read: Callable[[], Any]) -> Any:
    try:
        return read()
    except Exception:  # about one wild JPEG in 25 has EXIF that makes a parser raise anything at all
        return None


def _get(tags: Any, tag: int) -> Any:
    return _try(lambda: tags.get(tag))


def _text(tags: Any, tag: int) -> str | None:
    value = _get(tags, tag)
    if isinstance(value, bytes):
        value = value.decode("ascii", "replace")
    if not isinstance(value, str):
        return None
    words = "".join(letter if letter.isprintable() else " " for letter in value.split("\0")[0]).split()
    return " ".join(words)[:100] or None


def _orientation(value: Any) -> int:
    return value if isinstance(value, int) and 1 <= value <= 8 else 1


def _taken(tags: Any) -> str | None:
    pairs = (
        (_BASE.DateTimeOriginal, _BASE.SubsecTimeOriginal),
        (_BASE.DateTimeDigitized, _BASE.SubsecTimeDigitized),
    )
    times = (_moment(_text(tags, time), _text(tags, part)) for time, part in pairs)
    return next(filter(None, times), None)


def _moment(time: str | None, fraction: str | None) -> str | None:
    numbers = re.match(r"(\d{4})[:/-](\d\d)[:/-](\d\d)[ T](\d\d):(\d\d):(\d\d)", time or "")
    if not numbers:
        return None
    digits = re.match(r"\d{0,6}", fraction or "")
    micro = int((digits[0] if digits else "").ljust(6, "0"))
    try:
        moment = datetime.strptime(" ".join(numbers.groups()), "%Y %m %d %H %M %S")
    except ValueError:
        return None
    return moment.replace(microsecond=micro).isoformat(timespec="microseconds")


def _camera(make: str | None, model: str | None) -> str | None:
    """Make and model; many models name their make already (`Canon EOS R5`, `NIKON Z 6`)."""
    if make and model and model.lower().startswith(make.split()[0].lower()):
        return model
    return " ".join(filter(None, (make, model))) or None
