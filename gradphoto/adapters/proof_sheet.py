"""The proof sheet (校对表) as PDF: a centre's portraits with number, name and a line for the student to sign.

The same portraits give the same bytes: no clock goes in, and pages follow the student numbers.
"""

from collections.abc import Iterator, Sequence
from io import BytesIO
from typing import NamedTuple

from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from gradphoto.adapters.lettering import DPI, Lettering

ACROSS, DOWN = 4, 5
"""Portraits of a page."""
_WIDTH, _HEIGHT = A4
_SIDE, _HEAD, _FOOT = 14 * mm, 24 * mm, 16 * mm
_CELL_WIDTH, _CELL_HEIGHT = (_WIDTH - 2 * _SIDE) / ACROSS, (_HEIGHT - _HEAD - _FOOT) / DOWN
_PHOTO_WIDTH, _PHOTO_HEIGHT = 25.5 * mm, 34 * mm


class Proof(NamedTuple):
    """One student's portrait as JPEG, to be signed."""

    student_no: str
    name: str
    jpeg: bytes


class Unprintable(NamedTuple):
    """A name with characters that the font lacks; the sheet asks for them to be written by hand."""

    student_no: str
    name: str
    characters: str

    @property
    def codes(self) -> str:
        """The characters by their Unicode numbers."""
        return " ".join(f"U+{ord(char):04X}" for char in self.characters)


def unprintable(proofs: Sequence[Proof], letters: Lettering) -> list[Unprintable]:
    """The names that the sheet cannot show in full."""
    found = (Unprintable(one.student_no, one.name, letters.lacking(one.name)) for one in proofs)
    return [each for each in found if each.characters]


def proof_sheet(title: str, proofs: Sequence[Proof], letters: Lettering) -> bytes:
    """The PDF; at least one page, also when there is no portrait yet."""
    out = BytesIO()
    canvas = Canvas(out, pagesize=A4, invariant=1, pageCompression=1)
    canvas.setTitle(title)
    pages = list(_pages(proofs))
    for number, page in enumerate(pages, 1):
        _head_and_foot(canvas, letters, title, number, len(pages))
        for place, proof in enumerate(page):
            _cell(canvas, letters, proof, *_corner(place))
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def _pages(proofs: Sequence[Proof]) -> Iterator[Sequence[Proof]]:
    most = ACROSS * DOWN
    for start in range(0, max(1, len(proofs)), most):
        yield proofs[start : start + most]


def _corner(place: int) -> tuple[float, float]:
    """The lower left corner of a cell, in points."""
    row, column = divmod(place, ACROSS)
    return _SIDE + column * _CELL_WIDTH, _HEIGHT - _HEAD - (row + 1) * _CELL_HEIGHT


def _head_and_foot(canvas: Canvas, letters: Lettering, title: str, number: int, pages: int) -> None:
    _words(canvas, letters, title, _WIDTH / 2, _HEIGHT - 14 * mm, 14)
    asked = "请核对照片、学号和姓名，无误后签名；有误请在签名处写明"
    _words(canvas, letters, asked, _WIDTH / 2, _HEIGHT - 20.5 * mm, 9)
    _words(canvas, letters, f"第 {number} 页 / 共 {pages} 页", _WIDTH / 2, 8 * mm, 9)


def _cell(canvas: Canvas, letters: Lettering, proof: Proof, left: float, bottom: float) -> None:
    middle = left + _CELL_WIDTH / 2
    photo = ImageReader(BytesIO(proof.jpeg))
    top = bottom + _CELL_HEIGHT - 1 * mm
    canvas.drawImage(photo, middle - _PHOTO_WIDTH / 2, top - _PHOTO_HEIGHT, _PHOTO_WIDTH, _PHOTO_HEIGHT)
    _words(canvas, letters, proof.student_no, middle, top - _PHOTO_HEIGHT - 3.6 * mm, 8.5)
    _name(canvas, letters, proof.name, middle, top - _PHOTO_HEIGHT - 8 * mm)
    canvas.setLineWidth(0.4)
    canvas.line(left + 13 * mm, bottom + 1.5 * mm, left + _CELL_WIDTH - 3 * mm, bottom + 1.5 * mm)
    _words(canvas, letters, "签名", left + 8 * mm, bottom + 1.5 * mm, 8)


def _name(canvas: Canvas, letters: Lettering, name: str, middle: float, bottom: float) -> None:
    """The name; where the font lacks a character, which one, and a gap to write it into."""
    lacking = letters.lacking(name)
    shown = "".join("＿" if char in lacking else char for char in name)
    _words(canvas, letters, shown, middle, bottom, 11, _CELL_WIDTH - 2 * mm)
    if lacking:
        codes = Unprintable("", name, lacking).codes
        _words(canvas, letters, f"无法打印 {codes}，请手写", middle, bottom - 3 * mm, 6)


def _words(
    canvas: Canvas,
    letters: Lettering,
    text: str,
    middle: float,
    bottom: float,
    points: float,
    most: float = _WIDTH - 2 * _SIDE,
) -> None:
    """Words round a middle, pressed together where they are wider than `most`, in points."""
    image, below = letters.drawn(text, points)
    width, height = min(image.width * 72 / DPI, most), image.height * 72 / DPI
    canvas.drawImage(ImageReader(image), middle - width / 2, bottom - below * 72 / DPI, width, height)
