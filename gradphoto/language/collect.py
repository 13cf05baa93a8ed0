"""The Chinese texts of a Python source, as templates: what Babel collects, and what a shown line is known by.

For example `f"{one.id}：{len(found)} 个文件"` is the template `{0}：{1} 个文件`.
"""

import ast
from collections.abc import Collection, Iterator
from inspect import cleandoc
from typing import IO, Any, NamedTuple

from gradphoto.language.template import HAN

_DEFINITIONS = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)


class Text(NamedTuple):
    """A string of a source; `values` are the expressions that its `{0}`, `{1}` … stand for."""

    line: int
    template: str
    values: tuple[str, ...] = ()


def texts(source: str, docstrings: bool = False) -> Iterator[Text]:
    """Every string with Chinese in it, in the order of the lines; of docstrings only functions', and if wanted."""
    tree = ast.parse(source)
    left_out = set(_docstrings(tree, docstrings)) | set(_inside(tree))
    found = (_text(node) for node in ast.walk(tree) if id(node) not in left_out)
    yield from sorted((text for text in found if text and HAN.search(text.template)), key=lambda text: text.line)


def collect(file: IO[bytes], _keywords: Any, _tags: Collection[str], options: dict[str, str]) -> Iterator[Any]:
    """Babel's way of asking: line, function, message, comments. The option `docstrings` is for commands."""
    for text in texts(file.read().decode(), docstrings=bool(options.get("docstrings"))):
        told = [f"{{{number}}}: {value}" for number, value in enumerate(text.values)]
        yield text.line, None, text.template, told


def _text(node: ast.AST) -> Text | None:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return Text(node.lineno, cleandoc(node.value) if "\n    " in node.value else node.value)
    if not isinstance(node, ast.JoinedStr):
        return None
    values = [part.value for part in node.values if isinstance(part, ast.FormattedValue)]
    numbers = iter(range(len(values)))
    parts = [str(part.value) if isinstance(part, ast.Constant) else f"{{{next(numbers)}}}" for part in node.values]
    return Text(node.lineno, "".join(parts), tuple(ast.unparse(value) for value in values))


def _inside(tree: ast.AST) -> Iterator[int]:
    """The constant pieces of f-strings, which are no texts of their own."""
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            yield from (id(part) for part in node.values)
        if isinstance(node, ast.FormattedValue) and node.format_spec:
            yield id(node.format_spec)


def _docstrings(tree: ast.AST, functions_shown: bool) -> Iterator[int]:
    for node in ast.walk(tree):
        for at, child in enumerate(getattr(node, "body", None) or ()) if isinstance(node, _DEFINITIONS) else ():
            if isinstance(child, ast.Expr) and isinstance(child.value, ast.Constant):
                shown = functions_shown and at == 0 and isinstance(node, ast.FunctionDef)
                if not shown:
                    yield id(child.value)
