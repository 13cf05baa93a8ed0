"""Notices on paper as PDF: several a sheet with a line to cut along, or one a sheet.

A text is set in the largest size in which it has room, so a longer one gets smaller and is never cut off. Its
first line may begin with `# `, a title; lines that begin with `* ` are set larger. The same texts make the same
bytes.
"""

from collections.abc import Iterator, Sequence
from io import BytesIO
from typing import NamedTuple

from gradphoto.adapters.lettering import Lettering
from gradphoto.adapters.pdf_file import PdfFile, pdf_text
from gradphoto.adapters.pdf_letters import Letters
from gradphoto.paragraphs import broken

WIDTH, HEIGHT = 210.0, 297.0
"""Millimetres of A4."""
SEVERAL = 3
"""Slips of a sheet."""
_SIDE, _EDGE = 18.0, 9.0
"""Millimetres left free at the sides, and above and below the text of a slip."""
_POINT = 72 / 25.4
_SIZES = {SEVERAL: (3.7, 3.5, 3.3, 3.1, 2.9, 2.7, 2.5, 2.3), 1: (5.0, 4.6, 4.2, 3.8, 3.4, 3.0, 2.6)}
"""Heights of the letters, in millimetres, the largest first; 2.3 mm are 6.5 points."""
_LEADING, _GAP = 1.5, 0.6
"""A line's height, and an empty line's, in sizes of the letters."""
_STYLES = {"# ": 1.6, "* ": 1.25}


class _Line(NamedTuple):
    text: str
    size: float
    middle: bool


class Slips(NamedTuple):
    """The PDF, its pages, and which of the texts (counted from 0) have no room at the smallest size."""

    pdf: bytes
    pages: int
    too_long: tuple[int, ...]


def slips(title: str, texts: Sequence[str], letters: Lettering, per_page: int = SEVERAL) -> Slips:
    """A slip for each text; `per_page` is `SEVERAL` or 1."""
    out = BytesIO()
    paper = _Paper(PdfFile(out), letters, per_page)
    for start in range(0, len(texts), per_page):
        paper.page(texts[start : start + per_page])
    paper.close(title)
    return Slips(out.getvalue(), len(paper.pages), tuple(paper.too_long))


class _Paper:
    """One document."""

    def __init__(self, pdf: PdfFile, letters: Lettering, per_page: int) -> None:
        self._pdf, self._letters, self._per_page = pdf, Letters(letters, pdf), per_page
        self._fonts, self._tree = pdf.reserve(), pdf.reserve()
        self.pages: list[int] = []
        self.too_long: list[int] = []
        self._done = 0

    def page(self, texts: Sequence[str]) -> None:
        room = HEIGHT / self._per_page
        drawn = [f"{_POINT:.6f} 0 0 {_POINT:.6f} 0 0 cm\n", self._cuts()]
        for place, text in enumerate(texts):
            drawn += self._slip(text, HEIGHT - place * room - _EDGE, room - 2 * _EDGE)
        box = f"[0 0 {WIDTH * _POINT:.4f} {HEIGHT * _POINT:.4f}]"
        drawing = self._pdf.stream("", "".join(drawn).encode("ascii"))
        words = f"/Parent {self._tree} 0 R /MediaBox {box} /Resources << /Font {self._fonts} 0 R >>"
        self.pages.append(self._pdf.add(f"<< /Type /Page {words} /Contents {drawing} 0 R >>"))

    def close(self, title: str) -> None:
        self._letters.close(self._fonts)
        kids = " ".join(f"{number} 0 R" for number in self.pages)
        self._pdf.add(f"<< /Type /Pages /Count {len(self.pages)} /Kids [{kids}] >>", self._tree)
        catalog = self._pdf.add(f"<< /Type /Catalog /Pages {self._tree} 0 R >>")
        self._pdf.close(catalog, self._pdf.add(f"<< /Title {pdf_text(title)} /Producer (gradphoto) >>"))

    def _cuts(self) -> str:
        """Dashed lines between the slips."""
        heights = (HEIGHT / self._per_page * place for place in range(1, self._per_page))
        lines = "".join(f"0 {height:.4f} m {WIDTH} {height:.4f} l S\n" for height in heights)
        return f"q 0.15 w [2 1.5] 0 d 0.5 G\n{lines}Q\n"

    def _slip(self, text: str, top: float, room: float) -> Iterator[str]:
        for size in _SIZES[self._per_page]:
            lines = list(self._lines(text, size))
            if sum(_height(one, size) for one in lines) <= room:
                break
        else:
            self.too_long.append(self._done)
        self._done += 1
        for line in lines:
            top -= _height(line, size)
            yield self._drawn(line, top + line.size * (_LEADING - 1))

    def _lines(self, text: str, size: float) -> Iterator[_Line]:
        for paragraph in text.splitlines():
            scale = next((scale for mark, scale in _STYLES.items() if paragraph.startswith(mark)), 1.0)
            words = paragraph[2:] if scale != 1 else paragraph
            widths = self._letters.widths(words)
            for line in broken(words, widths, (WIDTH - 2 * _SIDE) / (size * scale)):
                yield _Line(line, size * scale, paragraph.startswith("# "))

    def _drawn(self, line: _Line, baseline: float) -> str:
        if line.middle:
            return self._letters.line(line.text, WIDTH / 2, baseline, line.size, WIDTH - 2 * _SIDE)
        return self._letters.from_left(line.text, _SIDE, baseline, line.size)


def _height(line: _Line, size: float) -> float:
    return line.size * _LEADING if line.text.strip() else size * _GAP
