"""TOML cut into tokens with their lines; the text must be valid TOML.

Bare words stay whole: dotted keys, numbers and times are one token, a time with a space in it two.
"""

import re
from collections.abc import Iterator

_TOKEN = re.compile(
    r"""
    (?P<skip> [ \t\r]+ | \#[^\n]* )
  | (?P<text> \"{3} (?:\\[\s\S]|[^\\])*? \"{3,5} | '{3} [\s\S]*? '{3,5} | "(?:\\.|[^"\\\n])*" | '[^'\n]*' )
  | (?P<mark> [\[\]{},=\n] )
  | (?P<bare> [^\s\[\]{},="'\#]+ )
    """,
    re.VERBOSE,
)


def tokens(text: str) -> Iterator[tuple[str, str, int, int]]:
    """Kind (`text`, `mark` or `bare`), text, line and offset of each token; lines count from 1, offsets from 0."""
    line = 1
    for found in _TOKEN.finditer(text):
        if found.lastgroup and found.lastgroup != "skip":
            yield found.lastgroup, found[0], line, found.start()
        line += found[0].count("\n")


def comments(text: str) -> Iterator[tuple[int, str]]:
    """Line and words of each comment; lines count from 1.

    >>> list(comments('a = "#1"  # one'))
    [(1, 'one')]
    """
    line = 1
    for found in _TOKEN.finditer(text):
        if found[0].startswith("#"):
            yield line, found[0].lstrip("#").strip()
        line += found[0].count("\n")
