"""What is wrong with a sheet that somebody brought, as one Chinese line: file, row, column and what to do.

A row's trouble is a value and the rest is read; only a file that cannot be read at all is an exception.
"""

from config.bad_input import BadInput
from config.frozen import Frozen


class Held(Frozen):
    """Something a person must put right. `row` counts as Excel does, 0 when the whole file is meant."""

    file: str
    row: int = 0
    column: str = ""
    message: str

    @property
    def text(self) -> str:
        """The whole line.

        >>> Held(file="名册.csv", row=3, column="学号", message="不能为空").text
        '名册.csv 第3行「学号」：不能为空'
        """
        if not self.row:
            line = (
                f"{self.file}「{self.column}」：{self.message}" if self.column else f"{self.file}：{self.message}"
            )
        elif self.column:
            line = f"{self.file} 第{self.row}行「{self.column}」：{self.message}"
        else:
            line = f"{self.file} 第{self.row}行：{self.message}"
        return " ".join(line.split())


class SheetError(BadInput):
    """A file that cannot be read as a whole; its message is one line, `held` the same as a value."""

    def __init__(self, held: Held) -> None:
        super().__init__(held.text)
        self.held = held
