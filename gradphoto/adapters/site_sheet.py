"""The sheet for the site (准备清单): a session's checklist on A4, to tick and to sign, with what was signed."""

from collections.abc import Sequence
from typing import NamedTuple

from gradphoto.adapters.lettering import Lettering
from gradphoto.adapters.paper import Paper

_WIDTH, _HEIGHT = 210.0, 297.0
_SIDE, _TOP, _FOOT, _LAST = 15.0, 14.0, 14.0, 20.0
"""Millimetres left free; `_LAST` is what the closing signature takes."""
_ITEM, _SERVES, _ROW = 4.2, 2.9, 9.5
_BOX, _WHOSE, _NAME = 106.0, 114.0, 147.0
"""Where a row's box, its centre, and the line for name and time begin."""


class Row(NamedTuple):
    """One signature: the centre's, or the session's own, which has no name here."""

    whose: str = ""
    signed: str = ""
    note: str = ""


class Line(NamedTuple):
    """One item: what must be so, the sentence of the notice, by when, and who has to sign."""

    text: str
    serves: str
    due: str
    rows: tuple[Row, ...]


def site_sheet(title: str, about: Sequence[str], lines: Sequence[Line], letters: Lettering) -> bytes:
    """The PDF; `about` are the lines of its head."""
    sheet = _Sheet(Paper(_WIDTH, _HEIGHT, letters, title), title)
    sheet.begin(about)
    for line in lines:
        sheet.item(line)
    return sheet.close()


class _Sheet:
    """The sheet on its way down the page."""

    def __init__(self, paper: Paper, title: str) -> None:
        self._paper, self._title, self.at = paper, title, 0.0

    def begin(self, about: Sequence[str] = ()) -> None:
        """A page with its head and the titles of its columns."""
        self._paper.page()
        self._paper.middle(self._title, _WIDTH / 2, _TOP, 6.5, _WIDTH - 2 * _SIDE)
        self.at = _TOP + 12
        for line in (part for each in about for part in self._paper.broken(each, _ITEM, _WIDTH - 2 * _SIDE)):
            self._paper.text(line, _SIDE, self.at, _ITEM)
            self.at += _ITEM * 1.5
        self.at += 2
        for title, left in (("办妥的项目和依据", _SIDE), ("由谁", _WHOSE), ("签名、时间", _NAME)):
            self._paper.text(title, left, self.at, 3.2)
        self.at += 5

    def item(self, line: Line) -> None:
        """The words at the left, a box and a line for each signature at the right."""
        texts = [(part, _ITEM) for part in self._paper.broken(line.text, _ITEM, _BOX - _SIDE - 5)]
        small = (part for each in (line.serves, line.due) if each for part in self._small(each))
        texts += [(part, _SERVES) for part in small]
        height = max(4 + sum(size * 1.4 for _, size in texts), len(line.rows) * _ROW + 1.5)
        if self.at + height > _HEIGHT - _FOOT:
            self.begin()
        self._paper.line(_SIDE, self.at, _WIDTH - _SIDE, 0.15)
        top = self.at + 2.2
        for text, size in texts:
            self._paper.text(text, _SIDE, top, size)
            top += size * 1.4
        for number, row in enumerate(line.rows):
            self._row(row, self.at + number * _ROW)
        self.at += height

    def close(self) -> bytes:
        """The line for whoever is responsible for the whole, and the pages' numbers."""
        if self.at + _LAST > _HEIGHT - _FOOT:
            self.begin()
        paper = self._paper
        paper.line(_SIDE, self.at, _WIDTH - _SIDE, 0.15)
        paper.text("以上各项均已到位。现场负责人（签名）：", _SIDE, self.at + 9, _ITEM)
        paper.line(_SIDE + 82, self.at + 14, _SIDE + 125, 0.3)
        paper.text("日期：", _SIDE + 130, self.at + 9, _ITEM)
        paper.line(_SIDE + 143, self.at + 14, _WIDTH - _SIDE, 0.3)
        for number in range(paper.pages):
            paper.text(f"第 {number + 1} 页 / 共 {paper.pages} 页", _SIDE, _HEIGHT - 9, 3.2, at=number)
        return paper.close()

    def _small(self, words: str) -> list[str]:
        return self._paper.broken(words, _SERVES, _BOX - _SIDE - 5)

    def _row(self, row: Row, top: float) -> None:
        self._paper.box(_BOX, top + 2.4, 5, 5, 0.4)
        self._paper.text(row.whose, _WHOSE, top + 3.2, 3.6, _NAME - _WHOSE - 2)
        most = _WIDTH - _SIDE - _NAME
        if row.signed:
            self._paper.tick(_BOX, top + 2.4, 5)
            self._paper.text(row.signed, _NAME, top + 2.2, 3.2, most)
            self._paper.text(row.note, _NAME, top + 5.9, 2.7, most)
        self._paper.line(_NAME, top + _ROW - 0.4, _WIDTH - _SIDE, 0.2)
