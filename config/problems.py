"""What pydantic found wrong, as words for the operator: which key, why, and what stands there."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from pydantic import ValidationError

_WHY = {
    "missing": "缺少此项",
    "extra_forbidden": "不认识的项",
    "string_type": "应为加引号的文字",
    "bool_type": "应为 true 或 false",
    "int_type": "应为整数",
    "int_parsing": "应为整数",
    "int_from_float": "应为整数",
    "float_type": "应为数字",
    "float_parsing": "应为数字",
    "finite_number": "应为数字",
    "date_type": "应为不加引号的日期，如 2023-07-02",
    "datetime_type": "应为不加引号的日期和时间，如 2023-07-02T10:00:00",
    "tuple_type": "应为列表，如 [ … ]",
    "dict_type": "应为一组键和值",
    "model_type": "应为一组键和值",
    "literal_error": "只能是 {expected}",
    "string_pattern_mismatch": "写法不对，应符合 {pattern}",
    "string_too_short": "不能为空",
    "greater_than": "应大于 {gt}",
    "greater_than_equal": "不能小于 {ge}",
    "less_than": "应小于 {lt}",
    "less_than_equal": "不能大于 {le}",
}


class Problem(NamedTuple):
    """One thing that is wrong: `place` is the path of keys and indexes to it, `why` one Chinese line."""

    place: tuple[int | str, ...]
    why: str

    @property
    def text(self) -> str:
        """The whole line: `<key>：<why>`."""
        return f"{dotted(self.place)}：{self.why}" if self.place else self.why


def dotted(place: tuple[int | str, ...]) -> str:
    """A path as one word, indexes counted from 0.

    >>> dotted(("checks", "blurred", 0, "means"))
    'checks.blurred.0.means'
    """
    return ".".join(str(part) for part in place)


def problems(trouble: ValidationError) -> Iterator[Problem]:
    """Everything that pydantic found, in its order."""
    for error in trouble.errors(include_url=False):
        yield Problem(tuple(part for part in error["loc"] if part != "[key]"), _why(error))


def first_problem(trouble: ValidationError) -> str:
    """The first of them as one line: `<key>：<why>`."""
    return next(problems(trouble)).text


def _why(error: Any) -> str:
    plain = error["msg"].removeprefix("Value error, ")
    known = _WHY.get(error["type"], "").format_map(error.get("ctx", {})).replace("' or '", "' 或 '")
    shown = "" if error["type"] in ("missing", "value_error") else f"（{str(error['input'])[:60]!r}）"
    return " ".join(f"{known or plain}{shown}".split())
