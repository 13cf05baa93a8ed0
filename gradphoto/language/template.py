"""One text of the sources with gaps, `{0}：已收 {1} 个文件`, and how a line is seen to be made of it."""

import re
from collections.abc import Mapping
from typing import NamedTuple

HAN = re.compile("[\u3400-\u9fff]")
GAP = re.compile(r"\{\w+(?:!s)?\}")
GAPS = re.compile(rf"((?:{GAP.pattern})+)")
"""Gaps that stand together are filled as one."""
HAN_RUN = re.compile(f"{HAN.pattern}+")


class Template(NamedTuple):
    """What a line must look like, what its gaps are called, and the same in the other language."""

    pattern: re.Pattern[str]
    gaps: tuple[str, ...]
    translation: str
    begins: bool
    """Whether something stands before the first gap."""
    known: int
    """Characters that are the template's own."""
    sign: str
    """Two characters or one without which no line is made of it."""

    def keeps(self, gap: str) -> bool:
        """Whether what fills the gap is taken over as it is: the translation writes it as `{0!s}`."""
        return _kept(gap) in self.translation

    def filled(self, inside: Mapping[str, str]) -> str:
        """The translation with its gaps filled; those that stand together are one where they were one."""
        values = {**inside, **{_kept(gap): value for gap, value in inside.items()}}

        def each(gaps: re.Match[str]) -> str:
            return values.get(gaps[0]) or GAP.sub(lambda gap: values.get(gap[0], gap[0]), gaps[0])

        return GAPS.sub(each, self.translation)


def template(text: str, translation: str) -> Template:
    """The template of a text with gaps."""
    parts = GAPS.split(text)
    literal = "".join(parts[::2])
    shy = len(HAN.findall(literal)) == 1
    pattern = "(.*?)".join(_piece(piece, shy) for piece in parts[::2])
    sign = max((run[0] for run in HAN_RUN.finditer(" ".join(parts[::2]))), key=len)[:2]
    return Template(
        re.compile(pattern, re.DOTALL), tuple(parts[1::2]), translation, bool(parts[0]), len(literal), sign
    )


def _piece(piece: str, shy: bool) -> str:
    """One between gaps; a single character that is no word by itself, as 分, is not found within others' words."""
    if not shy or not piece:
        return re.escape(piece)
    before = f"(?<!{HAN.pattern})" if HAN.match(piece[0]) else ""
    after = f"(?!{HAN.pattern})" if HAN.match(piece[-1]) else ""
    return f"{before}{re.escape(piece)}{after}"


def _kept(gap: str) -> str:
    return f"{gap[:-1]}!s}}"
