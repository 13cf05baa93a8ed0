r"""A file's path in a form that can be written anywhere: into a record, a table, a terminal, a page.

A name without control characters, undecodable bytes or backslashes is its own safe form. In any other
those are written with a backslash, as Python writes them; so no two names share a safe form.
"""

import unicodedata

_UNWRITABLE = {"Cc", "Cs", "Zl", "Zp"}
"""Categories: control characters, surrogates (which stand for undecodable bytes), line separators."""
_TURNING = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""Marks that make a name look like another by turning the direction of writing."""


def safe_name(name: str) -> str:
    r"""`name` with everything unsafe in it escaped.

    >>> safe_name("100CANON/IMG_0001.JPG")
    '100CANON/IMG_0001.JPG'
    >>> print(safe_name("a\nb"), safe_name("a\\b"), safe_name("a\udcffb"))
    a\u000ab a\\b a\xffb
    """
    return "".join(_escaped(char) for char in name)


def printable(text: str) -> str:
    r"""Text for a terminal or a page, whoever wrote it: unsafe characters escaped, lines and backslashes kept.

    >>> printable("a\n\x1b[2Jb")
    'a\n\\u001b[2Jb'
    """
    return "".join(char if char in "\n\\" else _escaped(char) for char in text)


def _escaped(char: str) -> str:
    code = ord(char)
    if char == "\\":
        return "\\\\"
    if 0xDC80 <= code <= 0xDCFF:
        return f"\\x{code - 0xDC00:02x}"
    if unicodedata.category(char) in _UNWRITABLE or char in _TURNING:
        return f"\\u{code:04x}"
    return char
