"""What an export is: a profile in TOML, the name of each portrait and the lists beside them, as one precise type.

A new profile is a new file, and no code. What a field means stands in `docs/exports.md`; whether every student has
what a profile asks is looked at when it is used.
"""

import re
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from config.bad_input import BadInput
from config.documents import DocumentTrouble
from config.frozen import Frozen
from config.naming import TITLES, WINDOWS, Template, bundle_template, export_template
from config.shipped import Shelf, parsed
from config.unreadable import unreadable

EXPORTS = Shelf("exports")
LIST_TITLES = TITLES | {
    "file": "照片文件",
    "sha256": "照片校验值",
    "captured_at": "拍摄时间",
    "width": "宽",
    "height": "高",
    "bytes": "字节数",
    "bundle": "照片包",
    "campaign": "采集活动",
    "institution": "院校名称",
    "institution_code": "院校代码",
}
"""What a column of a list may show, with what people call it."""
_LIST_NAME = re.compile(r"[^/\x00-\x1f.][^/\x00-\x1f]{0,60}\.(csv|xlsx)")


class ExportError(BadInput):
    """A profile that cannot be used, or an export that cannot be made; one line a trouble for the operator."""


def _known(value: str) -> str:
    if value not in LIST_TITLES:
        raise ValueError(f"没有字段 {value!r}，可用的是 {' '.join(LIST_TITLES)}")
    return value


def _list_name(value: str) -> str:
    if not _LIST_NAME.fullmatch(value) or set(value) & WINDOWS:
        raise ValueError(f"{value!r} 应是一个文件名，以 .csv 或 .xlsx 结尾")
    return value


class Column(Frozen):
    """One column: its header, and the field below it."""

    title: str = Field(min_length=1)
    field: Annotated[str, AfterValidator(_known)]
    required: bool = False
    """Whether a student without it keeps the whole export back."""


class List(Frozen):
    """One table beside the pictures, a row for each of them, in one or several forms."""

    files: tuple[Annotated[str, AfterValidator(_list_name)], ...] = Field(min_length=1)
    columns: tuple[Column, ...] = Field(min_length=1)


class Photos(Frozen):
    """How the portraits are called."""

    name: str
    """A template of `config.naming`; `/` makes folders."""
    ascii: bool = True
    """Whether names are held to letters, figures and `. _ -`."""

    @property
    def template(self) -> Template:
        """The parsed name.

        >>> load_export_profile("by-student-no").photos.template.fields
        ('student_no',)
        """
        return export_template(self.name)

    @model_validator(mode="after")
    def _possible(self) -> Self:
        export_template(self.name)
        if self.ascii and "/" not in self.name:
            bundle_template(self.name)
        return self


class ExportProfile(Frozen):
    """One profile."""

    id: str = Field(pattern=r"^[a-z0-9][a-z0-9-]{0,39}$")
    source: str = Field(min_length=1)
    """Who asks for it, and where that is written."""
    form: Literal["zip", "folder"] = "zip"
    uploaded: bool = False
    """Whether its pictures may come back by `returns import`."""
    photos: Photos
    lists: tuple[List, ...] = ()

    @model_validator(mode="after")
    def _apart(self) -> Self:
        names = [file.casefold() for each in self.lists for file in each.files]
        if len(set(names)) < len(names):
            raise ValueError("lists 中有两张表同名，请改名")
        return self


def load_export_profile(id_or_path: str | Path, workspace: Path = Path()) -> ExportProfile:
    """The shipped profile of that id, or the one in a TOML file; a path counts from the workspace.

    `ExportError` names the key and why, or what profiles there are.
    """
    name = str(id_or_path)
    try:
        return parsed(ExportProfile, EXPORTS.text(name, workspace))
    except DocumentTrouble as trouble:
        why = str(trouble)
    except OSError as trouble:
        why = f"无法读取（{unreadable(trouble)}），可用的有 {' '.join(shipped_profiles())}，或一个 .toml 文件"
    raise ExportError(f"导出方式 {name!r}：{why}")


def shipped_profiles() -> list[str]:
    """The ids of the shipped profiles, in order."""
    return EXPORTS.ids()
