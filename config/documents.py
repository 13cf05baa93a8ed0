"""TOML files that people edit: ordinary files of a sensible size, parsed or refused in one Chinese line."""

import errno
import os
import re
import stat
import tomllib
from collections.abc import Iterable
from pathlib import Path
from typing import Any

DEEPEST = 20
"""Tables and lists within each other; ours go to four. Python's own limit would be a crash."""
LARGEST = 4 << 20
"""Bytes of a TOML file; the shipped campaign has 30 thousand."""

_BITS = 63


class DocumentTrouble(ValueError):
    """A text that is no document of ours; its message says why in Chinese."""


def read_ordinary(path: Path, largest: int = LARGEST) -> bytes:
    """The bytes of an ordinary file, of one that is larger the first `largest` + 1; nothing waits for a pipe.

    `OSError` also for what is no ordinary file.
    """
    flags = ("O_NONBLOCK", "O_BINARY")
    handle = os.open(path, os.O_RDONLY | sum(getattr(os, name, 0) for name in flags))
    with open(handle, "rb") as file:  # noqa: PTH123
        if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
            raise OSError(errno.ENODEV, "no ordinary file", str(path))
        return file.read(largest + 1)


def read_text(path: Path) -> str:
    """The text of a file in UTF-8, with a byte order mark or without; `OSError`, `DocumentTrouble`."""
    if "\0" in str(path):
        raise DocumentTrouble("路径中含有空字符，请更正")
    data = read_ordinary(path)
    if len(data) > LARGEST:
        raise DocumentTrouble(f"超过 {LARGEST >> 20} MB，不像是设置，请检查路径")
    try:
        return data.decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")
    except UnicodeDecodeError:
        raise DocumentTrouble("不是 UTF-8 编码，请另存为 UTF-8 后再试") from None


def parse(text: str) -> dict[str, Any]:
    """The document that a text says; `TOMLDecodeError` for its syntax, `DocumentTrouble` for the rest."""
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        raise
    except RecursionError:
        raise DocumentTrouble(_TOO_DEEP) from None
    except ValueError:  # a number of more than 4300 digits
        raise DocumentTrouble("其中有一个数字太长，请检查") from None
    _sound(document)
    return document


_TOO_DEEP = f"表格或列表嵌套超过 {DEEPEST} 层，请检查括号和键名"


def syntax(trouble: tomllib.TOMLDecodeError) -> str:
    """Where the syntax is broken, in Chinese."""
    at = re.search(r"at line (\d+), column (\d+)", str(trouble))
    where = f"第{at[1]}行第{at[2]}列附近" if at else "到文件末尾"
    return f"不是有效的TOML：{where}，请检查等号、引号、括号和日期的写法"


def tuples(value: Any) -> Any:
    """A document with tuples for its lists, as the strict types have them."""
    if isinstance(value, dict):
        return {key: tuples(item) for key, item in value.items()}
    return tuple(map(tuples, value)) if isinstance(value, list) else value


def _sound(document: dict[str, Any]) -> None:
    """Neither too deep nor with numbers beyond TOML's own; layer by layer, for a recursion must not happen."""
    layer = list(document.items())
    for _ in range(DEEPEST):
        for key, value in layer:
            if isinstance(value, int) and value.bit_length() > _BITS:
                raise DocumentTrouble(f"{key}：数字太长，请检查")
        layer = [(key, item) for key, value in layer for item in _items(value)]
    if layer:
        raise DocumentTrouble(f"{layer[0][0]}：{_TOO_DEEP}")


def _items(value: Any) -> Iterable[Any]:
    """What stands in a table or list, without its keys: a trouble is said of the outermost."""
    return value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
