"""The order in which a person counts file names."""

import re
from functools import lru_cache

NaturalKey = tuple[tuple[tuple[int, int | str], ...], str]


@lru_cache(maxsize=1 << 17)
def natural_key(path: str) -> NaturalKey:
    """A sort key in which numbers count as numbers, and names that differ only in case stay apart.

    >>> sorted(["IMG_10.JPG", "IMG_9.JPG"], key=natural_key)
    ['IMG_9.JPG', 'IMG_10.JPG']
    """
    parts = re.split(r"([0-9]+)", path.casefold())
    return tuple((0, int(part)) if index % 2 else (1, part) for index, part in enumerate(parts)), path
