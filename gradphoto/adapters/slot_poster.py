"""The wall poster of a centre's slots as PDF, to be read from two metres; its words are those of `slots_poster`.

Numbers and names are 28 points on either paper: their digits are 7 mm high, at two metres 12 minutes of arc, more
than twice what an eye of ordinary acuity (5 minutes) needs. A smaller paper holds fewer of them, not smaller ones.
"""

from collections.abc import Sequence
from typing import Literal

from gradphoto.adapters.lettering import Lettering
from gradphoto.adapters.paper import Paper
from gradphoto.slots_poster import RULES, Block, Day, Poster

SIZES = {"a3": (297.0, 420.0), "a4": (210.0, 297.0)}
"""Millimetres of the papers, upright."""
PaperName = Literal["a3", "a4"]

_SIDE, _TOP, _FOOT = 15.0, 14.0, 16.0
_PERSON, _PITCH = 9.9, 13.6
"""Height of a student's line, and from one to the next; 9.9 mm are 28 points."""
_COLUMN = 120.0
"""What a number and a name of four characters need."""
_BAR, _CLASSES, _DAY, _RULE = 12.0, 6.5, 9.0, 6.5


def slot_poster(found: Poster, letters: Lettering, paper: PaperName = "a3") -> bytes:
    """The PDF; of a centre in whose slots nobody comes one page that says so."""
    sheet = _Sheet(Paper(*SIZES[paper], letters, found.title), found)
    for day in found.days:
        sheet.day(day)
    if not found.days:
        sheet.empty()
    return sheet.close()


class _Sheet:
    """The poster on its way down the page; `at` is how far it has come, in millimetres."""

    def __init__(self, paper: Paper, found: Poster) -> None:
        self._paper, self._title, self._edition, self.at = paper, found.title, found.edition, 0.0
        self._width = paper.width - 2 * _SIDE
        self._columns = max(1, int(self._width // _COLUMN))

    def day(self, day: Day) -> None:
        """A session's slots, on pages of their own, the first of them with what everybody must know."""
        self._begin(day)
        self._lines([day.address], _DAY * 0.8)
        self._lines(RULES, _RULE)
        self._rule()
        for block in day.blocks:
            self._block(day, block)

    def empty(self) -> None:
        self._begin(Day("", "", ()))
        self._paper.middle("还没有安排任何人", self._paper.width / 2, self.at + 20, _DAY)

    def close(self) -> bytes:
        pages = self._paper.pages
        for number in range(pages):
            foot = f"第 {self._edition} 版　第 {number + 1} 页 / 共 {pages} 页"
            self._paper.text(foot, _SIDE, self._paper.height - 10, 4.5, at=number)
        return self._paper.close()

    def _begin(self, day: Day) -> None:
        """A page that says whose it is and of which day."""
        paper, self.at = self._paper, _TOP
        paper.page()
        paper.middle(self._title, paper.width / 2, self.at, 15, self._width)
        self.at += 21
        paper.middle(day.day, paper.width / 2, self.at, _DAY * 1.3, self._width)
        self.at += _DAY * 1.8

    def _go_on(self, day: Day) -> None:
        self._begin(day)
        self._rule()

    def _rule(self) -> None:
        self.at += 2
        self._paper.line(_SIDE, self.at, self._paper.width - _SIDE, 0.6)
        self.at += 5

    def _lines(self, words: Sequence[str], size: float) -> None:
        for line in (part for each in words if each for part in self._paper.broken(each, size, self._width)):
            self._paper.middle(line, self._paper.width / 2, self.at, size)
            self.at += size * 1.45

    def _block(self, day: Day, block: Block) -> None:
        rows = [block.lines[at : at + self._columns] for at in range(0, len(block.lines), self._columns)]
        self._head(day, block, rows=2)
        for row in rows:
            if not self._fits(_PITCH):
                self._go_on(day)
                self._bar(f"{block.times}（续）", "")
            for column, (number, name) in enumerate(row):
                self._person(number, name, _SIDE + column * self._width / self._columns)
            self.at += _PITCH
        self.at += 5

    def _head(self, day: Day, block: Block, rows: int) -> None:
        """The bar of a slot, on the next page where not even two rows would follow it here."""
        classes = self._paper.broken(block.classes, _CLASSES, self._width)
        if not self._fits(_BAR * 1.5 + 4.5 + len(classes) * _CLASSES * 1.4 + min(rows, len(block.lines)) * _PITCH):
            self._go_on(day)
        self._bar(block.times, block.total)
        for line in classes:
            self._paper.text(line, _SIDE, self.at, _CLASSES)
            self.at += _CLASSES * 1.4
        self.at += 2

    def _bar(self, left: str, right: str) -> None:
        self._paper.bar(left, _SIDE, self.at, self._width, _BAR, right)
        self.at += _BAR * 1.5 + 2.5

    def _person(self, number: str, name: str, left: float) -> None:
        most = self._width / self._columns - 4
        wide = self._paper.wide(number, _PERSON)
        self._paper.text(number, left, self.at, _PERSON, most * 0.65)
        begin = min(wide, most * 0.65) + 4
        self._paper.text(name, left + begin, self.at, _PERSON, most - begin)

    def _fits(self, height: float) -> bool:
        return self.at + height <= self._paper.height - _FOOT
