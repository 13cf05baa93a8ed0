"""The sheets of prints as a PDF: a page a sheet, each picture embedded once, placed as often as it is printed."""

from io import BytesIO
from typing import IO, NamedTuple

from PIL import Image, ImageCms

from config.print_size import INCH, PrintSize
from gradphoto.adapters.lettering import Lettering
from gradphoto.adapters.pdf_file import PdfFile, pdf_text
from gradphoto.adapters.pdf_letters import Letters
from gradphoto.print_layout import Sheet, sheets

_POINT = 72 / INCH
"""Points of a millimetre."""
_HAIR = 0.1
"""Millimetres of a cut mark's line."""
_QUALITY = 95
_DATE = slice(24, 36)
"""Where an ICC profile has the time of its making: it is left blank."""


class Portrait(NamedTuple):
    """Whose prints, and the picture as JPEG in sRGB."""

    student_no: str
    name: str
    jpeg: bytes


def print_jpeg(image: Image.Image, dpi: int) -> bytes:
    """A picture for a print: as good as JPEG makes it without waste, colour at full resolution.

    Without Huffman tables of its own, for which Pillow's buffer is too small when a picture is mostly noise.
    """
    out = BytesIO()
    image.save(out, "JPEG", quality=_QUALITY, subsampling="4:4:4", dpi=(dpi, dpi))
    return out.getvalue()


class PrintSheets:
    """One PDF on an open binary file. Memory holds one student at a time; `close` ends it."""

    def __init__(self, file: IO[bytes], size: PrintSize, letters: Lettering, title: str) -> None:
        self._size, self._title = size, title
        self._pdf = PdfFile(file)
        self._letters = Letters(letters, self._pdf)
        self._fonts, self._tree = self._pdf.reserve(), self._pdf.reserve()
        self._colours = self._pdf.stream("/N 3 /Alternate /DeviceRGB", _srgb())
        self._sheets = sheets(size)
        self.pages: list[int] = []
        """The numbers of the pages' objects."""

    def add(self, portrait: Portrait) -> None:
        """The sheets of one student."""
        width, height = self._size.pixels
        words = f"/Width {width} /Height {height} /BitsPerComponent 8 /ColorSpace [/ICCBased {self._colours} 0 R]"
        about = f"/Type /XObject /Subtype /Image {words} /Filter /DCTDecode"
        picture = self._pdf.stream(about, portrait.jpeg, deflate=False)
        for sheet in self._sheets:
            drawing = self._pdf.stream("", self._drawing(sheet, portrait).encode("ascii"))
            self.pages.append(self._page(picture, drawing))

    def close(self) -> None:
        """What a PDF has at its end."""
        self._letters.close(self._fonts)
        kids = " ".join(f"{number} 0 R" for number in self.pages)
        self._pdf.add(f"<< /Type /Pages /Count {len(self.pages)} /Kids [{kids}] >>", self._tree)
        catalog = self._pdf.add(f"<< /Type /Catalog /Pages {self._tree} 0 R >>")
        self._pdf.close(catalog, self._pdf.add(f"<< /Title {pdf_text(self._title)} /Producer (gradphoto) >>"))

    def _page(self, picture: int, drawing: int) -> int:
        sheet = self._size.sheet
        box = f"[0 0 {sheet.width * _POINT:.4f} {sheet.height * _POINT:.4f}]"
        with_ = f"<< /XObject << /P {picture} 0 R >> /Font {self._fonts} 0 R >>"
        words = f"/Parent {self._tree} 0 R /MediaBox {box} /Resources {with_} /Contents {drawing} 0 R"
        return self._pdf.add(f"<< /Type /Page {words} >>")

    def _drawing(self, sheet: Sheet, portrait: Portrait) -> str:
        """The page in millimetres."""
        pictures = [
            f"q {one.width} 0 0 {one.height} {one.left:.4f} {one.bottom:.4f} cm /P Do Q\n"
            for one in sheet.pictures
        ]
        marks = [f"{x1:.4f} {y1:.4f} m {x2:.4f} {y2:.4f} l S\n" for x1, y1, x2, y2 in sheet.marks]
        words, across = f"{portrait.student_no}  {portrait.name}", self._size.sheet.width
        foot = self._letters.line(words, across / 2, sheet.baseline, sheet.words, across * 0.9)
        return f"{_POINT:.6f} 0 0 {_POINT:.6f} 0 0 cm\n{_HAIR} w\n{''.join([*pictures, *marks])}{foot}"


def _srgb() -> bytes:
    profile = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    profile[_DATE] = bytes(12)
    return bytes(profile)
