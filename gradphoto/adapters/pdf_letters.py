"""Words in a PDF in a font that is embedded in it: Type 3, of the glyphs as FreeType draws them.

Every font that `lettering` opens can be embedded so, also OpenType with CFF and variable ones, and only of the
characters that are used. The words stay text: a reader finds and copies them.
"""

from typing import NamedTuple

from PIL import Image

from gradphoto.adapters.lettering import DPI, Lettering
from gradphoto.adapters.pdf_file import PdfFile

_EM = 200
"""Pixels of a glyph's square: at 8 points 1800 dpi."""
_MOST = 256
"""Glyphs of a simple font, which are told by one byte."""
_INK = 128
"""Below it a pixel is black."""
GAP = "＿"
"""Where a character would stand that the font lacks."""


class _Glyph(NamedTuple):
    code: int
    """Its place among all glyphs of the document."""
    width: int
    drawing: int
    """The number of the object that draws it."""
    low: int
    high: int
    """Where its ink ends, from the line on which letters stand."""


class Letters:
    """The characters of one document, each embedded when it is first used."""

    def __init__(self, letters: Lettering, pdf: PdfFile) -> None:
        self._letters, self._pdf = letters, pdf
        self._glyphs: dict[str, _Glyph] = {}

    def line(self, text: str, middle: float, baseline: float, size: float, most: float) -> str:
        """The operators for words round a middle, pressed together where they are wider than `most`."""
        glyphs = self._shown(text)
        width = sum(glyph.width for glyph in glyphs) / _EM * size
        pressed = min(1.0, most / width) if width else 1.0
        left = middle - width * pressed / 2
        runs = "".join(f"/F{glyph.code // _MOST} 1 Tf <{glyph.code % _MOST:02X}> Tj " for glyph in glyphs)
        return f"BT {size * pressed:.4f} 0 0 {size:.4f} {left:.4f} {baseline:.4f} Tm {runs}ET\n"

    def from_left(self, text: str, left: float, baseline: float, size: float) -> str:
        """The operators for words that begin at a place and are as wide as they are."""
        runs: list[tuple[int, list[int]]] = []
        for glyph in self._shown(text):
            font, code = divmod(glyph.code, _MOST)
            if not runs or runs[-1][0] != font:
                runs.append((font, []))
            runs[-1][1].append(code)
        words = "".join(f"/F{font} 1 Tf <{bytes(codes).hex().upper()}> Tj " for font, codes in runs)
        return f"BT {size:.4f} 0 0 {size:.4f} {left:.4f} {baseline:.4f} Tm {words}ET\n"

    def widths(self, text: str) -> list[float]:
        """How wide each character is, in sizes of the font."""
        return [glyph.width / _EM for glyph in self._shown(text)]

    def close(self, number: int) -> None:
        """Write the dictionary of fonts that the pages refer to."""
        every = list(self._glyphs.items())
        parts = [every[start : start + _MOST] for start in range(0, len(every), _MOST)]
        fonts = [f"/F{index} {self._font(index, dict(part))} 0 R" for index, part in enumerate(parts)]
        self._pdf.add(f"<< {' '.join(fonts)} >>", number)

    def _shown(self, text: str) -> list[_Glyph]:
        lacking = self._letters.lacking(text)
        return [self._glyph(GAP if char in lacking else char) for char in text]

    def _glyph(self, char: str) -> _Glyph:
        if char not in self._glyphs:
            image, below = self._letters.drawn(char, _EM * 72 / DPI)
            drawing = self._pdf.stream("", _drawing(image, below))
            self._glyphs[char] = _Glyph(len(self._glyphs), image.width, drawing, -below, image.height - below)
        return self._glyphs[char]

    def _box(self) -> str:
        """What every glyph of the document keeps within: one for all fonts, or readers take a line for several."""
        every = self._glyphs.values()
        low, high = min(one.low for one in every), max(one.high for one in every)
        return f"[0 {low} {max(one.width for one in every)} {high}]"

    def _font(self, index: int, glyphs: dict[str, _Glyph]) -> int:
        name = f"/GradphotoHan{index}"
        drawings = " ".join(f"/g{at} {one.drawing} 0 R" for at, one in enumerate(glyphs.values()))
        names = " ".join(f"/g{at}" for at in range(len(glyphs)))
        widths = " ".join(str(one.width) for one in glyphs.values())
        about = self._pdf.add(f"<< /Type /FontDescriptor /FontName {name} /Flags 4 /ItalicAngle 0 >>")
        meaning = self._pdf.stream("", _meaning(list(glyphs)))
        return self._pdf.add(
            f"<< /Type /Font /Subtype /Type3 /Name {name} /FontBBox {self._box()}"
            f" /FontMatrix [{1 / _EM} 0 0 {1 / _EM} 0 0] /Resources << >>"
            f" /CharProcs << {drawings} >> /Encoding << /Type /Encoding /Differences [0 {names}] >>"
            f" /FirstChar 0 /LastChar {len(glyphs) - 1} /Widths [{widths}]"
            f" /FontDescriptor {about} 0 R /ToUnicode {meaning} 0 R >>"
        )


def _drawing(image: Image.Image, below: int) -> bytes:
    """A glyph as a mask of ink, in pixels from the line on which letters stand."""
    width, height = image.size
    mask = image.point([0] * _INK + [255] * (256 - _INK)).convert("1", dither=Image.Dither.NONE)
    box = f"{width} 0 0 {-below} {width} {height - below} d1 q {width} 0 0 {height} 0 {-below} cm"
    words = f"BI /W {width} /H {height} /IM true /BPC 1 /F /AHx ID {mask.tobytes().hex()}> EI Q"
    return f"{box} {words}".encode("ascii")


def _meaning(characters: list[str]) -> bytes:
    """Which character each byte stands for; at most a hundred in a block, as the format has it."""
    rows = [f"<{at:02X}> <{char.encode('utf-16-be').hex().upper()}>" for at, char in enumerate(characters)]
    blocks = [rows[start : start + 100] for start in range(0, len(rows), 100)]
    body = "".join(f"{len(block)} beginbfchar\n{chr(10).join(block)}\nendbfchar\n" for block in blocks)
    return (
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap\n"
        "/CMapName /Gradphoto-UCS2 def /CMapType 2 def\n"
        "1 begincodespacerange <00> <FF> endcodespacerange\n"
        f"{body}endcmap CMapName currentdict /CMap defineresource pop end end\n"
    ).encode("ascii")
