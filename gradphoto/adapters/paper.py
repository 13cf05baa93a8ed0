"""Paper: pages of words, lines and boxes as PDF, measured in millimetres from the upper left corner.

Fonts are embedded (`pdf_letters`), and the same calls make the same bytes. What stands where is the business of
whoever draws.
"""

from io import BytesIO

from gradphoto.adapters.lettering import Lettering
from gradphoto.adapters.pdf_file import PdfFile, pdf_text
from gradphoto.adapters.pdf_letters import Letters
from gradphoto.paragraphs import broken

_POINT = 72 / 25.4
_BASE = 0.86
"""From the top of a line of letters down to where they stand, in sizes of the font."""


class Paper:
    """One document with pages of one size; `page` begins each, `close` gives the bytes."""

    def __init__(self, width: float, height: float, letters: Lettering, title: str) -> None:
        self.width, self.height, self._title = width, height, title
        self._out = BytesIO()
        self._pdf = PdfFile(self._out)
        self._letters = Letters(letters, self._pdf)
        self._fonts, self._tree = self._pdf.reserve(), self._pdf.reserve()
        self._pages: list[list[str]] = []

    @property
    def pages(self) -> int:
        """How many there are."""
        return len(self._pages)

    def page(self) -> None:
        """Begin a page."""
        self._pages.append([])

    def text(
        self, words: str, left: float, top: float, size: float, most: float = 1000, at: int | None = None
    ) -> None:
        """Words from a place on, `size` millimetres high, pressed together where they are wider than `most`.

        `at` is another page than the last, by its index.
        """
        width = min(self.wide(words, size), most)
        self._middle(words, left + width / 2, top, size, most, at)

    def middle(self, words: str, middle: float, top: float, size: float, most: float = 1000) -> None:
        """Words round a place."""
        self._middle(words, middle, top, size, most, None)

    def bar(self, words: str, left: float, top: float, width: float, size: float, end: str = "") -> None:
        """White words on a black bar that is half as high again as they are; `end` stands at its right end."""
        self._draw(f"q 0 g {self._box(left, top, width, size * 1.5)} f 1 g\n")
        self.text(words, left + size * 0.4, top + size * 0.25, size, width - size * 0.8)
        self.text(end, left + width - self.wide(end, size) - size * 0.4, top + size * 0.25, size)
        self._draw("Q\n")

    def box(self, left: float, top: float, width: float, height: float, line: float = 0.25) -> None:
        """A rectangle's outline."""
        self._draw(f"{line} w {self._box(left, top, width, height)} S\n")

    def fill(self, left: float, top: float, width: float, height: float) -> None:
        """A black rectangle."""
        self._draw(f"{self._box(left, top, width, height)} f\n")

    def line(self, left: float, top: float, right: float, thick: float = 0.25) -> None:
        """A level line."""
        self._draw(f"{thick} w {left:.4f} {self.height - top:.4f} m {right:.4f} {self.height - top:.4f} l S\n")

    def tick(self, left: float, top: float, side: float) -> None:
        """A tick within a square."""
        x, y = left, self.height - top - side
        points = [(x + side * a, y + side * b) for a, b in ((0.18, 0.5), (0.42, 0.22), (0.85, 0.82))]
        (x1, y1), (x2, y2), (x3, y3) = points
        self._draw(f"0.7 w {x1:.4f} {y1:.4f} m {x2:.4f} {y2:.4f} l {x3:.4f} {y3:.4f} l S\n")

    def wide(self, words: str, size: float) -> float:
        """How wide words are."""
        return sum(self._letters.widths(words)) * size

    def broken(self, words: str, size: float, most: float) -> list[str]:
        """Words as lines that are no wider than `most`."""
        return broken(words, self._letters.widths(words), most / size)

    def close(self) -> bytes:
        """The document."""
        numbers = [self._page("".join(drawn)) for drawn in self._pages]
        self._letters.close(self._fonts)
        kids = " ".join(f"{number} 0 R" for number in numbers)
        self._pdf.add(f"<< /Type /Pages /Count {len(numbers)} /Kids [{kids}] >>", self._tree)
        catalog = self._pdf.add(f"<< /Type /Catalog /Pages {self._tree} 0 R >>")
        self._pdf.close(catalog, self._pdf.add(f"<< /Title {pdf_text(self._title)} /Producer (gradphoto) >>"))
        return self._out.getvalue()

    def _middle(self, words: str, middle: float, top: float, size: float, most: float, at: int | None) -> None:
        if words.strip():
            self._draw(self._letters.line(words, middle, self.height - top - size * _BASE, size, most), at)

    def _draw(self, operators: str, at: int | None = None) -> None:
        self._pages[-1 if at is None else at].append(operators)

    def _box(self, left: float, top: float, width: float, height: float) -> str:
        return f"{left:.4f} {self.height - top - height:.4f} {width:.4f} {height:.4f} re"

    def _page(self, drawn: str) -> int:
        drawing = self._pdf.stream("", f"{_POINT:.6f} 0 0 {_POINT:.6f} 0 0 cm\n{drawn}".encode("ascii"))
        box = f"[0 0 {self.width * _POINT:.4f} {self.height * _POINT:.4f}]"
        words = f"/Parent {self._tree} 0 R /MediaBox {box} /Resources << /Font {self._fonts} 0 R >>"
        return self._pdf.add(f"<< /Type /Page {words} /Contents {drawing} 0 R >>")
