"""One record as `fsck` has it before it."""

from collections.abc import Iterator
from typing import NamedTuple, TypeVar

from config.frozen import Frozen
from gradphoto.adapters.journal import Line

Model = TypeVar("Model", bound=Frozen)


class Record(NamedTuple):
    """One record; `name` is empty where a kind has one journal only."""

    key: str
    name: str
    number: int
    lines: list[Line]

    def each(self, model: type[Model], part: str = "") -> Iterator[tuple[str, Model]]:
        """Every line, or that part of it, with where it stands."""
        for number, line in enumerate(self.lines, 2):
            yield f"{self.key} 第{number}行", model.model_validate(line[part] if part else line)
