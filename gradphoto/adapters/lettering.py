"""Chinese words for a PDF, drawn by FreeType as fine pictures of the glyphs.

ReportLab embeds TrueType outlines only, and the Chinese fonts that a Linux office has are OpenType with CFF, of
which some are variable. FreeType draws every one of them. A character that no font has is never a silent box:
it is named.
"""

from collections.abc import Iterable
from functools import cached_property, lru_cache
from pathlib import Path
from typing import NamedTuple

from PIL import Image, ImageChops, ImageDraw, ImageFont

from config.bad_input import BadInput

DPI = 600
"""Of the pictures: as fine as an office printer."""

FONTS = (
    "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc",
    "/usr/share/fonts/noto-cjk/NotoSansCJK-Regular.ttc",
    "/usr/share/fonts/google-noto-sans-cjk-fonts/NotoSansCJK-Regular.ttc",
    "/usr/share/fonts/google-noto-sans-cjk-vf-fonts/NotoSansCJK-VF.ttc",
    "/usr/share/fonts/truetype/wqy/wqy-zenhei.ttc",
    "/usr/share/fonts/truetype/droid/DroidSansFallbackFull.ttf",
)
"""Where Chinese fonts stand, the one with most characters first."""
_SIMPLIFIED = 2
"""The face within Noto's collections that draws characters as the mainland does."""
_NOBODYS = "\U0010ffff"
"""A character that no font has: what is drawn for it is drawn for any other that is lacking."""


class NoFont(BadInput):
    """There is no Chinese font on this machine, or the one named cannot be used: what is wrong, and what to do."""

    def __init__(self, what: str, do: str) -> None:
        super().__init__(f"{what}：{do}")
        self.what = what


class Drawn(NamedTuple):
    """Words as a picture, cut off above and below their ink so that it covers nothing else."""

    image: Image.Image
    below: int
    """Pixels from the line on which letters stand down to the lower edge."""


class Lettering:
    """One font at every size. `NoFont` when it cannot be opened."""

    def __init__(self, path: Path | None = None) -> None:
        self._path = path or _installed()
        self._known: dict[str, bool] = {}
        self._font(16)

    def drawn(self, text: str, points: float) -> Drawn:
        """The words in black on white."""
        font = self._font(round(points * DPI / 72))
        ascent, descent = font.getmetrics()
        image = Image.new("L", (max(1, round(font.getlength(text))), ascent + descent), 255)
        ImageDraw.Draw(image).text((0, 0), text, fill=0, font=font)
        _, top, _, bottom = ImageChops.invert(image).getbbox() or (0, 0, 1, 1)
        return Drawn(image.crop((0, top, image.width, bottom)), bottom - ascent)

    def lacking(self, text: str) -> str:
        """The characters of a text that the font does not have, each once, in order."""
        return "".join(dict.fromkeys(char for char in text if not char.isspace() and not self._has(char)))

    def _has(self, char: str) -> bool:
        if char not in self._known:  # a page of text asks for the same few hundred characters again and again
            self._known[char] = self._shape(char) != self._box
        return self._known[char]

    @cached_property
    def _box(self) -> tuple[tuple[int, int], bytes]:
        return self._shape(_NOBODYS)

    def _shape(self, char: str) -> tuple[tuple[int, int], bytes]:
        mask = self._font(64).getmask(char)
        return mask.size, bytes(mask)

    def _font(self, pixels: int) -> ImageFont.FreeTypeFont:
        return _open(self._path, pixels)


@lru_cache(maxsize=16)
def _open(path: Path, pixels: int) -> ImageFont.FreeTypeFont:
    try:
        return ImageFont.truetype(path, pixels, index=_SIMPLIFIED if path.name.startswith("NotoSansCJK") else 0)
    except OSError:
        raise NoFont(f"字体文件 {path}", "无法使用，请用 --font 指定一个中文字体文件（.ttf .otf .ttc）") from None


def _installed(paths: Iterable[str] = FONTS) -> Path:
    found = next((Path(path) for path in paths if Path(path).is_file()), None)
    if found is None:
        raise NoFont("没有找到中文字体", "请安装 fonts-noto-cjk，或用 --font 指定一个中文字体文件")
    return found
