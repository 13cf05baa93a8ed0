"""The quality that a JPEG of ours was written with, told by its own quantization tables."""

from functools import cache
from io import BytesIO

from PIL import Image, UnidentifiedImageError

Tables = tuple[tuple[int, ...], ...]


def quality_of(jpeg: bytes) -> int:
    """1 to 100; `ValueError` when libjpeg's usual tables are not in it, or it is no picture.

    >>> out = BytesIO(); Image.new("RGB", (16, 16)).save(out, "JPEG", quality=83)
    >>> quality_of(out.getvalue())
    83
    """
    try:
        with Image.open(BytesIO(jpeg)) as image:
            found = _tables(image)
    except UnidentifiedImageError:  # for Python an error of the system, which it is not
        raise ValueError("no picture") from None
    if found not in _qualities():
        raise ValueError("not the usual tables")
    return _qualities()[found]


@cache
def _qualities() -> dict[Tables, int]:
    tables: dict[Tables, int] = {}
    for quality in range(1, 101):
        out = BytesIO()
        Image.new("RGB", (16, 16)).save(out, "JPEG", quality=quality)
        with Image.open(out) as image:
            tables[_tables(image)] = quality
    return tables


def _tables(image: Image.Image) -> Tables:
    tables: dict[int, list[int]] = getattr(image, "quantization", {})
    return tuple(tuple(tables[number]) for number in sorted(tables))
