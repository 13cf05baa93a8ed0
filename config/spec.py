"""The specification of a delivered portrait: a profile in TOML, parsed into one precise type.

A profile says what the portrait must be and what every check of a photo means. The figures the
checks look at are measured elsewhere; how a photo compares with them stands in `gradphoto.checks`.
"""

from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import Field, FiniteFloat, model_validator

from config.bad_input import BadInput
from config.documents import DocumentTrouble
from config.extends import resolved
from config.frozen import Frozen
from config.shipped import Shelf, parsed
from config.unreadable import unreadable

Means = Literal["refuse", "person", "hint"]
"""What a finding does: refused outright, a person must look, or merely shown."""

CheckName = Literal[
    "several-faces", "tilted", "turned", "blurred", "overexposed", "underexposed", "backdrop-uneven",
    "backdrop-colour", "eyes-closed", "glasses", "blue-top", "mouth-open",
    "crown-doubtful", "dark-edges", "remeasured",
]  # fmt: skip
FigureName = Literal[
    "faces", "roll", "yaw", "sharpness", "clip_high", "backdrop_luma", "backdrop_spread", "backdrop_delta",
    "eye_open", "glasses", "blue_top", "mouth_open", "crown_gap",
    "edge_dark", "portrait_faces", "crown_out", "eye_out", "face_out", "centre_out",
]  # fmt: skip
"""The last line's are measured in the portrait; `…_out` is by how many pixels a length is outside its range."""

PositiveInt = Annotated[int, Field(gt=0, le=65_535)]
"""What a JPEG can say of its size and density."""
PositiveFloat = Annotated[FiniteFloat, Field(gt=0)]
Bytes = Annotated[int, Field(gt=0, lt=1 << 30)]
Channel = Annotated[int, Field(ge=0, le=255)]


SHIPPED = Shelf("specs")
SPECS = SHIPPED.folder


class SpecError(BadInput):
    """A profile that cannot be used; its message is one line for the operator."""


class Range(Frozen):
    """From `low` to `high`, both allowed; in pixels of the portrait."""

    low: PositiveFloat
    high: PositiveFloat

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if self.low > self.high:
            raise ValueError(f"low {self.low:g} 大于 high {self.high:g}")
        return self

    def __contains__(self, value: float) -> bool:
        return self.low <= value <= self.high


class Aim(Frozen):
    """Where a crop is drawn to within its ranges; in pixels of the portrait."""

    crown: PositiveFloat
    eye: PositiveFloat
    face: PositiveFloat


class Bound(Frozen):
    """One bound of a check: `figure` outside `low`..`high` is a finding with this meaning."""

    figure: FigureName
    low: FiniteFloat | None = None
    high: FiniteFloat | None = None
    means: Means

    @model_validator(mode="after")
    def _bounded(self) -> Self:
        if self.low is None and self.high is None:
            raise ValueError("low 和 high 至少要有一个")
        return self


class Spec(Frozen):
    """One profile. `crown` and `eye` count from the upper edge, `face` is the width at the ears."""

    id: str = Field(pattern=r"^[a-z0-9][a-z0-9-]{0,39}$")
    width: PositiveInt
    height: PositiveInt
    dpi: PositiveInt
    quality_min: int = Field(ge=1, le=100)
    bytes_min: Bytes
    bytes_max: Bytes
    crown: Range
    eye: Range
    face: Range
    aim: Aim
    backdrop: tuple[Channel, Channel, Channel]
    """sRGB."""
    checks: dict[CheckName, tuple[Bound, ...]]
    """The first bound of a check that a figure breaks is its finding, so the gravest stands first."""

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if self.bytes_min >= self.bytes_max:
            raise ValueError(f"bytes_min {self.bytes_min} 不小于 bytes_max {self.bytes_max}")
        for name in ("crown", "eye", "face"):
            if getattr(self.aim, name) not in getattr(self, name):
                raise ValueError(f"aim.{name} {getattr(self.aim, name):g} 不在 {name} 的范围内")
        return self


def load_spec(id_or_path: str | Path, workspace: Path = Path()) -> Spec:
    """The shipped profile of that id, or the one in a TOML file; `SpecError` names the key and why.

    A path counts from the workspace.
    """
    name, text = read_spec(id_or_path, workspace)
    return parse_spec(text, name)


def parse_spec(text: str, where: str) -> Spec:
    """The profile that a text says; `where` is how `SpecError` names the file."""
    try:
        return parsed(Spec, text)
    except DocumentTrouble as trouble:
        raise SpecError(f"规格文件 {where}：{trouble}") from None


def read_spec(id_or_path: str | Path, workspace: Path = Path()) -> tuple[str, str]:
    """Name and text of a shipped profile or of a file, to be kept; `SpecError` names the file.

    The text says everything, also what the profile takes over from those that it `extends`.
    """
    name = str(id_or_path)
    try:
        return name, resolved(_text(name, workspace), lambda base: _text(base, workspace))
    except DocumentTrouble as trouble:
        raise SpecError(f"规格文件 {name}：{trouble}") from None


def shipped_specs() -> list[str]:
    """The ids of the shipped profiles."""
    return SHIPPED.ids()


def _text(name: str, workspace: Path) -> str:
    try:
        return SHIPPED.text(name, workspace)
    except OSError as trouble:
        why = f"无法读取（{unreadable(trouble)}），请检查名称或路径；现有的是 {'、'.join(shipped_specs())}"
        raise SpecError(f"规格文件 {name}：{why}") from None
