"""In which language people are shown what happens: the setting `language`, else as the terminal's locale says."""

import tomllib
from collections.abc import Mapping
from pathlib import Path

from config.documents import DocumentTrouble, parse, read_text

CHINESE, ENGLISH = "zh", "en"
LANGUAGES = (CHINESE, ENGLISH)
VARIABLE, SETTINGS = "GRADPHOTO_LANGUAGE", "gradphoto.toml"
_LOCALE = ("LC_ALL", "LC_MESSAGES", "LANG")


def language_of(environment: Mapping[str, str], workspace: Path) -> str:
    """`zh` or `en`, before anything else is known, so that help and what is wrong with the settings are in it too.

    The variable wins over the settings, and they over the locale, of which only English ones mean English.
    """
    said = environment.get(VARIABLE) or _written(workspace / SETTINGS)
    if said in LANGUAGES:
        return said
    locale = next((environment[key] for key in _LOCALE if environment.get(key)), "")
    return ENGLISH if locale.lower().startswith(ENGLISH) else CHINESE


def _written(settings: Path) -> str:
    """What the file says, where it can be read; what is wrong with it is said when it is loaded."""
    try:
        return str(parse(read_text(settings)).get("language", ""))
    except (OSError, DocumentTrouble, tomllib.TOMLDecodeError):
        return ""
