"""What a print is: a profile in TOML with its size and its sheet in millimetres, parsed into one precise type.

A new size is a new file. Where the head stands in a print follows from the photo profile: `gradphoto.print_crop`.
"""

from pathlib import Path
from typing import Annotated, Self

from pydantic import Field, FiniteFloat, model_validator

from config.bad_input import BadInput
from config.documents import DocumentTrouble
from config.frozen import Frozen
from config.shipped import Shelf, parsed
from config.unreadable import unreadable

PRINTS = Shelf("prints")
DEFAULT = "33x48"
INCH = 25.4
"""Millimetres."""
HEAD, FOOT = 0.5, 3.5
"""Millimetres that a sheet needs above its pictures for cut marks, and below them for marks and words."""

Millimetres = Annotated[FiniteFloat, Field(gt=0, le=1000)]


class PrintError(BadInput):
    """A size that cannot be used; its message is one line for the operator."""


class Extent(Frozen):
    """A width and a height in millimetres."""

    width: Millimetres
    height: Millimetres


class PrintSize(Frozen):
    """One profile: how large a print is, and how many of them go on which sheet."""

    id: str = Field(pattern=r"^[a-z0-9][a-z0-9-]{0,39}$")
    source: str = Field(min_length=1)
    """Who asks for that size."""
    photo: Extent
    sheet: Extent
    copies: int = Field(ge=1, le=100)
    """Prints a student; what one sheet does not hold goes on a second one."""
    dpi: int = Field(ge=100, le=1200)
    gap: Annotated[FiniteFloat, Field(ge=0, le=50)]
    """Millimetres between two pictures."""

    @property
    def pixels(self) -> tuple[int, int]:
        """Width and height of a print's pixels.

        >>> load_print_size("33x48").pixels
        (390, 567)
        """
        return round(self.photo.width * self.dpi / INCH), round(self.photo.height * self.dpi / INCH)

    @property
    def columns(self) -> int:
        """How many pictures stand beside each other, at most."""
        return _fitting(self.sheet.width - 2 * HEAD, self.photo.width, self.gap)

    @property
    def rows(self) -> int:
        """How many pictures stand above each other, at most."""
        return _fitting(self.sheet.height - HEAD - FOOT, self.photo.height, self.gap)

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if not self.columns * self.rows:
            raise ValueError("sheet 放不下一张 photo（上边留 0.5 mm，下边留 3.5 mm 写学号和姓名）")
        return self


def load_print_size(id_or_path: str | Path, workspace: Path = Path()) -> PrintSize:
    """The shipped size of that id, or the one in a TOML file; a path counts from the workspace.

    `PrintError` names the key and why, or what sizes there are.
    """
    name = str(id_or_path)
    try:
        return parsed(PrintSize, PRINTS.text(name, workspace))
    except DocumentTrouble as trouble:
        why = str(trouble)
    except OSError as trouble:
        why = f"无法读取（{unreadable(trouble)}），可用的有 {' '.join(shipped_sizes())}，或一个 .toml 文件"
    raise PrintError(f"冲印尺寸 {name!r}：{why}")


def shipped_sizes() -> list[str]:
    """The ids of the shipped profiles, in order."""
    return PRINTS.ids()


def _fitting(room: float, length: float, gap: float) -> int:
    """How many lengths with gaps between them fit; a hundredth of a millimetre is nobody's loss."""
    return int((room + gap + 0.01) // (length + gap))
