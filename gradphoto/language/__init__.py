"""What people are shown, in their language.

Everything is written in Chinese, and what is kept, printed, packed or sent stays so: it must not depend on who
looks. Whoever reads English reads it through a catalogue, at the moment it is shown.
"""

from functools import lru_cache
from pathlib import Path

from config.language import CHINESE, ENGLISH
from gradphoto.language.catalogue import Catalogue

PO = Path(__file__).parent / "locale" / ENGLISH / "LC_MESSAGES" / "gradphoto.po"
_current = CHINESE


def shown(text: str) -> str:
    """A Chinese text in the language of whoever looks; as it is where that is Chinese, or nobody translated it."""
    return _english().translate(text) if _current == ENGLISH else text


def heading(text: str) -> str:
    """A Chinese text as a heading: with a capital where there are any, for the same words are states elsewhere."""
    said = shown(text)
    return f"{said[:1].upper()}{said[1:]}" if said != text else said


def speak(language: str) -> None:
    """From here on `shown` gives this language, `zh` or `en`."""
    global _current
    _current = language


def spoken() -> str:
    """The language that `shown` gives."""
    return _current


@lru_cache(maxsize=1)
def _english() -> Catalogue:
    """Without the texts that are meant to stay as they are, which translate to themselves."""
    from babel.messages.pofile import read_po  # only whoever reads English waits for it

    with PO.open("rb") as file:
        return Catalogue({str(one.id): str(one.string) for one in read_po(file) if one.id not in ("", one.string)})
