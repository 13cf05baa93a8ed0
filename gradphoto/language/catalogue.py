"""A catalogue of translations, and the finding of a shown line in it.

A line is made of what stands in the sources, its gaps filled; so the template that it was made of is found again
by what is left of it, and what stands in its gaps is looked up in turn. What is not found is left as it is: names,
paths, a person's own words.
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from gradphoto.language.joints import CLOSES, JOINTS, closing, places, western
from gradphoto.language.template import GAPS, HAN, HAN_RUN, Template, template

_MANY = 65_536
"""Texts that are kept translated."""


class _Said(NamedTuple):
    """A translation, how much Chinese it leaves, how many characters were known, and by how many texts."""

    text: str
    left: int
    known: int = 0
    texts: int = 0


_NOTHING = _Said("", 0)


class Catalogue:
    """Translations by their Chinese texts, in which `{0}`, `{1}` … stand for what is filled in.

    A gap that the translation writes as `{0!s}` is taken over as it is, and never looked up.
    """

    def __init__(self, translations: Mapping[str, str]) -> None:
        """Of every text its translation; a text without one is not there."""
        self._whole = {text: said for text, said in translations.items() if not GAPS.search(text)}
        self._templates: dict[str, list[Template]] = defaultdict(list)
        for text, said in translations.items():
            if text not in self._whole:
                one = template(text, said)
                self._templates[one.sign].append(one)
        self._known: dict[str, _Said] = {}

    def translate(self, text: str) -> str:
        """The text in the other language, as far as it is known."""
        if len(self._known) > _MANY:
            self._known.clear()
        return self._find(text).text if HAN.search(text) else text

    def _find(self, text: str) -> _Said:
        """Every text is made of shorter ones, so this ends."""
        found = self._known.get(text)
        if found is None:  # another thread may forget all of it meanwhile
            found = self._known[text] = self._best(text)
        return found

    def _best(self, text: str) -> _Said:
        if not HAN.search(text):
            return _Said(western(text), 0)
        if text in self._whole:
            return self._as_a_whole(text)
        found = [_as_it_is(text), *(self._filled(one, match) for one, match in self._matching(text))]
        if all(one.left for one in found):
            found += self._in_parts(text)
        return min(found, key=_quality)

    def _as_a_whole(self, text: str) -> _Said:
        return _Said(self._whole[text], 0, len(text), 1)

    def _matching(self, text: str) -> Iterator[tuple[Template, re.Match[str]]]:
        runs = HAN_RUN.findall(text)
        signs = {run[at : at + size] for run in runs for size in (1, 2) for at in range(len(run))}
        for sign in sorted(signs & self._templates.keys()):
            for one in self._templates[sign]:
                if match := one.pattern.fullmatch(text):
                    yield one, match

    def _filled(self, one: Template, match: re.Match[str]) -> _Said:
        """The translation, with what stands in the gaps translated too."""
        values = zip(one.gaps, match.groups(), strict=True)
        inside = {gap: _as_it_is(value) if one.keeps(gap) else self._find(value) for gap, value in values}
        text = one.filled({gap: said.text for gap, said in inside.items()})
        return _together(_Said("", 0, one.known, 1), *inside.values())._replace(text=text)

    def _in_parts(self, text: str) -> Iterator[_Said]:
        """What is joined of several texts, where a good part of them is known: else it is somebody's own words."""
        for joint in JOINTS:
            for at in places(joint, text):
                both = _together(self._find(text[:at]), self._rest(text[at:]))
                if both.known and both.left <= 2 * both.known:
                    yield both

    def _rest(self, text: str) -> _Said:
        """What follows another text directly; what joins them may belong to it."""
        if text in self._whole:
            return self._as_a_whole(text)
        if begun := [self._filled(one, match) for one, match in self._matching(text) if one.begins]:
            return min(begun, key=_quality)
        joint = next((one for one in JOINTS if text.startswith(one)), "")
        if not joint:
            return _together(_Said(" ", 0), self._find(text)) if text else _NOTHING
        end = closing(text, joint)
        opened = _Said(JOINTS[joint], 0, len(HAN.findall(joint)))
        closed = _Said(CLOSES.get(text[end : end + 1], ""), 0)
        return _together(opened, self._find(text[len(joint) : end]), closed, self._rest(text[end + 1 :]))


def _as_it_is(text: str) -> _Said:
    return _Said(text, len(HAN.findall(text)))


def _together(*parts: _Said) -> _Said:
    texts, *counts = zip(*parts, strict=True)
    return _Said("".join(texts), *map(sum, counts))


def _quality(said: _Said) -> tuple[int, int, int]:
    """Least Chinese left, most of it known, by the fewest texts."""
    return said.left, -said.known, said.texts
