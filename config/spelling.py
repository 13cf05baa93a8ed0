"""Names that people type: when two spellings mean the same. Knows nothing of campaigns."""

from collections import defaultdict
from collections.abc import Iterable
from unicodedata import normalize

_SUFFIXES = ("学习中心", "学院")


def spelling(text: str) -> str:
    """The text without what people vary by accident: spaces, full or half width, capitals.

    >>> spelling(" ＹＡＮ chi")
    'yanchi'
    """
    return "".join(normalize("NFKC", text).split()).casefold()


def _stem(spelled: str) -> str:
    """盐池 for both 盐池学院 and 盐池学习中心; a bare suffix stays as it is."""
    for suffix in _SUFFIXES:
        if spelled.endswith(suffix) and spelled != suffix:
            return spelled.removesuffix(suffix)
    return spelled


class Spellings:
    """An index from spellings to ids. A spelling that could mean two ids means neither."""

    def __init__(self, entries: Iterable[tuple[str, Iterable[str]]]) -> None:
        """Each entry is an id and every text that stands for it."""
        self._full: defaultdict[str, set[str]] = defaultdict(set)
        self._stems: defaultdict[str, set[str]] = defaultdict(set)
        for id_, texts in entries:
            for text in texts:
                self._full[spelling(text)].add(id_)
                self._stems[_stem(spelling(text))].add(id_)

    def find(self, text: str) -> str | None:
        """The one id that the text stands for: as it is, else but for its suffix; None when in doubt."""
        spelled = spelling(text)
        found = self._full.get(spelled) or self._stems.get(_stem(spelled)) or set()
        return next(iter(found)) if len(found) == 1 else None
