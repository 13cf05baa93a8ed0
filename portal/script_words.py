"""What the pages' scripts say, and in which words whoever looks reads it."""

from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

from babel.messages.extract import extract_javascript

from config.language import CHINESE
from gradphoto.language import spoken
from portal.marked import marked

STATIC = Path(__file__).parent / "static"


@cache
def script_texts() -> tuple[str, ...]:
    """Every text that a script gives to `_`, as Babel collects it, each once."""
    return tuple(dict.fromkeys(text for path in sorted(STATIC.glob("*.js")) for text in _texts(path)))


def script_words() -> Mapping[str, str]:
    """Their translations; empty in Chinese, where a text stands for itself."""
    return _words(spoken())


@cache
def _words(language: str) -> Mapping[str, str]:
    return {} if language == CHINESE else {text: marked(text) for text in script_texts()}


def _texts(path: Path) -> Iterator[str]:
    with path.open("rb") as file:
        for _, _, said, _ in extract_javascript(file, {"_": None}, (), {}):
            yield said if isinstance(said, str) else said[0]
