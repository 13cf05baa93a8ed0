"""What is shipped by id as TOML beside what an office writes itself: campaigns, profiles, sizes, exports."""

import re
import tomllib
from importlib.resources import files
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from config.documents import DocumentTrouble, parse, read_text, syntax, tuples
from config.problems import first_problem

Model = TypeVar("Model", bound=BaseModel)


class Shelf:
    """The shipped documents of one kind."""

    def __init__(self, kind: str) -> None:
        self.folder = files("config") / kind

    def ids(self) -> list[str]:
        """Of all of them, in order."""
        names = (path.name for path in self.folder.iterdir())
        return sorted(name.removesuffix(".toml") for name in names if name.endswith(".toml"))

    def holds(self, name: str) -> bool:
        """Whether that is one of the ids; an id holds no dot and no slash, a file name does."""
        return re.fullmatch(r"[a-z0-9][a-z0-9-]*", name) is not None and (self.folder / f"{name}.toml").is_file()

    def text(self, name: str, workspace: Path) -> str:
        """The shipped one of that id, or a file, which counts from the workspace; `OSError`, `DocumentTrouble`."""
        if self.holds(name):
            return (self.folder / f"{name}.toml").read_text(encoding="utf-8")
        return read_text(workspace / name)


def parsed(model: type[Model], text: str) -> Model:
    """What a text says; `DocumentTrouble` names the line or the key, and why."""
    try:
        return model.model_validate(tuples(parse(text)), strict=True)
    except tomllib.TOMLDecodeError as trouble:
        raise DocumentTrouble(syntax(trouble)) from None
    except ValidationError as trouble:
        raise DocumentTrouble(f"{first_problem(trouble)}，请更正后再试") from None
