"""On which line of a TOML text each key and table stands, which `tomllib` does not tell.

The text must be one that `tomllib` has read without trouble: nothing is checked here a second time.
"""

import tomllib

from config.toml_tokens import tokens

Place = tuple[int | str, ...]
"""The path to a value: keys and, within arrays, indexes from 0."""


def key_lines(text: str) -> dict[Place, int]:
    r"""The line, counted from 1, of every table, key and array item.

    >>> key_lines('a = 1\n[[b]]\nc = [2,\n3]')
    {('a',): 1, ('b', 0): 2, ('b', 0, 'c'): 3, ('b', 0, 'c', 0): 3, ('b', 0, 'c', 1): 4}
    """
    return _Walk(text).lines


def value_spans(text: str) -> dict[Place, tuple[int, int]]:
    r"""Where every value that is no table or array begins and ends, as offsets.

    >>> value_spans('a = 1\nb = [2, "x"]')
    {('a',): (4, 5), ('b', 0): (11, 12), ('b', 1): (14, 17)}
    """
    return _Walk(text).spans


def line_of(place: Place, lines: dict[Place, int]) -> int:
    """The line of a place, or of the nearest thing around it; 1 when there is nothing."""
    return next((lines[place[:end]] for end in range(len(place), 0, -1) if place[:end] in lines), 1)


class _Walk:
    """One pass over the tokens, noting lines."""

    def __init__(self, text: str) -> None:
        self.lines: dict[Place, int] = {}
        self.spans: dict[Place, tuple[int, int]] = {}
        self._tokens = [*tokens(text), ("mark", "\n", text.count("\n") + 1, len(text))]
        self._at = 0
        self._counts: dict[Place, int] = {}
        table: Place = ()
        while self._at < len(self._tokens):
            if self._eats("["):
                table = self._header()
            elif not self._eats("\n"):
                self._pair(table)

    def _next(self) -> str:
        return self._tokens[self._at][1]

    def _eats(self, mark: str) -> bool:
        eaten = self._tokens[self._at][:2] == ("mark", mark)
        self._at += eaten
        return eaten

    def _key(self, end: str) -> list[str]:
        parts: list[str] = []
        while not self._eats(end):
            kind, token, *_ = self._tokens[self._at]
            quoted = kind == "text"
            parts += [tomllib.loads(f"k={token}")["k"]] if quoted else filter(None, token.split("."))
            self._at += 1
        return parts

    def _note(self, place: Place) -> None:
        self.lines.setdefault(place, self._tokens[self._at][2])

    def _header(self) -> Place:
        line = self._tokens[self._at][2]
        array = self._eats("[")
        place = self._resolved(self._key("]"), array)
        self._at += array
        self.lines.setdefault(place, line)
        return place

    def _resolved(self, parts: list[str], array: bool) -> Place:
        """`[[a]]` begins another item of a; in `[a.b]` a means its newest item."""
        place: Place = ()
        for part in parts[:-1]:
            place = (*place, part)
            place = (*place, self._counts[place] - 1) if place in self._counts else place
        place = (*place, parts[-1])
        if array:
            self._counts[place] = self._counts.get(place, 0) + 1
            place = (*place, self._counts[place] - 1)
        return place

    def _pair(self, table: Place) -> None:
        line = self._tokens[self._at][2]
        place = (*table, *self._key("="))
        self.lines.setdefault(place, line)
        self._value(place)

    def _value(self, place: Place) -> None:
        if self._eats("["):
            self._array(place)
        elif self._eats("{"):
            self._inline(place)
        else:
            begin = self._at
            while self._next() not in (",", "]", "}", "\n"):
                self._at += 1
            _, last, _, offset = self._tokens[self._at - 1]
            self.spans[place] = (self._tokens[begin][3], offset + len(last))

    def _array(self, place: Place) -> None:
        index = 0
        while not self._eats("]"):
            if not (self._eats("\n") or self._eats(",")):
                self._note((*place, index))
                self._value((*place, index))
                index += 1

    def _inline(self, place: Place) -> None:
        while not self._eats("}"):
            if not (self._eats("\n") or self._eats(",")):
                self._pair(place)
