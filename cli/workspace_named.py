"""Which workspace the words of a command name, before they are parsed: its settings say the language."""

import os
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

_OPTION, _VARIABLE = "--workspace", "GRADPHOTO_WORKSPACE"


def named_workspace(words: Sequence[str]) -> Path:
    """The last that is named, else the environment's, else the current folder."""
    named = os.environ.get(_VARIABLE, "")
    for word, following in pairwise([*words, ""]):
        if word == _OPTION:
            named = following
        elif word.startswith(f"{_OPTION}="):
            named = word.partition("=")[2]
    return Path(named)
