"""A document that says only in what it differs from another: `extends = "<name>"`, merged into one whole text.

Tables are merged key by key, anything else replaces what the other says; an `id` is never taken over.
"""

import json
import tomllib
from collections.abc import Callable, Iterator
from typing import Any

from config.documents import DocumentTrouble, parse

_EXTENDS = "extends"
_MOST = 10


def resolved(text: str, read: Callable[[str], str]) -> str:
    """The text itself, or one that says all when it extends another; `read` gives the text behind a name.

    `DocumentTrouble` when there is no end to it. A text with a wrong syntax is left to whoever parses it.
    """
    try:
        document = parse(text)
    except (tomllib.TOMLDecodeError, DocumentTrouble):
        return text
    return written(_whole(document, read)) if _EXTENDS in document else text


def _whole(document: dict[str, Any], read: Callable[[str], str]) -> dict[str, Any]:
    for _ in range(_MOST):
        if _EXTENDS not in document:
            return document
        base = _base(document[_EXTENDS], read)
        own = {key: value for key, value in document.items() if key != _EXTENDS}
        document = merged({key: value for key, value in base.items() if key != "id"}, own)
    raise DocumentTrouble(f"{_EXTENDS}：超过 {_MOST} 层，是否互相引用？请更正")


def _base(name: Any, read: Callable[[str], str]) -> dict[str, Any]:
    if not isinstance(name, str):
        raise DocumentTrouble(f"{_EXTENDS}：应为加引号的名称（{name!r}）")
    try:
        return parse(read(name))
    except tomllib.TOMLDecodeError:
        raise DocumentTrouble(f"{_EXTENDS}：{name} 不是有效的TOML，请更正") from None


def merged(base: dict[str, Any], own: dict[str, Any]) -> dict[str, Any]:
    """What both say; where they differ `own` counts."""
    both = {
        key: merged(base[key], own[key]) for key in base.keys() & own.keys() if _are_tables(base[key], own[key])
    }
    return {
        key: both.get(key, own.get(key, base.get(key)))
        for key in (*base, *(key for key in own if key not in base))
    }


def _are_tables(*values: Any) -> bool:
    return all(isinstance(value, dict) for value in values)


def written(document: dict[str, Any]) -> str:
    """A document as TOML, keys in their order, a line each; tables after the rest."""
    return "".join(f"{line}\n" for line in _lines(document))


def _lines(document: dict[str, Any]) -> Iterator[str]:
    yield from _pairs({key: value for key, value in document.items() if not isinstance(value, dict)})
    for key, value in document.items():
        if isinstance(value, dict):
            yield f"[{_text(key)}]"
            yield from _pairs(value)


def _pairs(table: dict[str, Any]) -> list[str]:
    return [f"{_text(key)} = {written_value(value)}" for key, value in table.items()]


def written_value(value: Any) -> str:
    """One value as TOML has it."""
    if isinstance(value, dict):
        return f"{{ {', '.join(_pairs(value))} }}"
    if isinstance(value, list):
        return f"[{', '.join(map(written_value, value))}]"
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, bool):
        return str(value).lower()
    return value.isoformat() if hasattr(value, "isoformat") else repr(value)


def _text(value: str) -> str:
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
