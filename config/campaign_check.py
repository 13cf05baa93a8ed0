"""Every mistake in a campaign file, by line. What a mistake is stands in `config.campaign_rules`."""

import re
import tomllib
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from pydantic import ValidationError

from config.campaign import Campaign
from config.campaign_rules import CONTRADICTIONS, RULES, Rule
from config.documents import DocumentTrouble, parse, tuples
from config.problems import Problem, problems
from config.toml_lines import Place, key_lines, line_of

_KEY = re.compile(r"\s*[A-Za-z0-9_-]+\s*=")


class Mistake(NamedTuple):
    """One mistake: its line, counted from 1, and one Chinese line that says what to do."""

    line: int
    message: str


def check_campaign(text: str) -> list[Mistake]:
    """Every mistake in the text of a campaign file, in order of line; empty when there is none."""
    return mistakes(text, RULES)


def contradictions(text: str) -> list[Mistake]:
    """The mistakes that keep a file from being a campaign: `check_campaign` without those of planning."""
    return mistakes(text, CONTRADICTIONS)


def mistakes(text: str, rules: Sequence[Rule]) -> list[Mistake]:
    """What the syntax, the types and these rules find; a line that is no TOML is one mistake, not several."""
    try:
        broken, lines = _mended(text.removeprefix("\ufeff").replace("\r\n", "\n").split("\n"))
    except DocumentTrouble as trouble:
        return [Mistake(1, str(trouble))]
    if lines is None:
        return sorted(broken)
    document = tomllib.loads("\n".join(lines))
    where, told = key_lines("\n".join(lines)), {mistake.line for mistake in broken}
    found = {_mistake(problem, where) for problem in _problems(document, rules)}
    return sorted({*broken, *(mistake for mistake in found if mistake.line not in told)})


def strict(document: dict[str, Any]) -> Campaign:
    """The campaign that a document says, nothing converted: a quoted number is no number."""
    return Campaign.model_validate(tuples(document), strict=True)


def _problems(document: dict[str, Any], rules: Sequence[Rule]) -> Iterator[Problem]:
    try:
        strict(document)
    except ValidationError as trouble:
        yield from problems(trouble)
    for rule in rules:
        yield from rule(document)


def _mistake(problem: Problem, where: dict[Place, int]) -> Mistake:
    """The line says which of the sessions it is, so the key goes without numbers."""
    key = ".".join(part for part in problem.place if isinstance(part, str))
    return Mistake(line_of(problem.place, where), f"{key}：{problem.why}" if key else problem.why)


def _mended(lines: list[str]) -> tuple[list[Mistake], list[str] | None]:
    """The mistakes in syntax, and the lines without them; None when what follows cannot be made out."""
    found: list[Mistake] = []
    while trouble := _trouble(lines):
        at = re.search(r"at line (\d+), column (\d+)", trouble)
        line, column = (int(at[1]), int(at[2])) if at else (len(lines), 0)
        instead = _instead(lines[line - 1], trouble)
        found.append(_syntax(line, column, instead))
        if instead is None:
            return found, None
        lines = [*lines[: line - 1], instead, *lines[line:]]
    return found, lines


def _trouble(lines: Sequence[str]) -> str:
    try:
        parse("\n".join(lines))
    except tomllib.TOMLDecodeError as trouble:
        return str(trouble)
    return ""


def _instead(line: str, trouble: str) -> str | None:
    """What can stand for the line so that the rest is read: only one that is wrong in itself can be helped.

    Its key stays, with a value of no use, or it would count as missing; a key said twice goes.
    """
    key = _KEY.match(line)
    if key and _trouble([line]):
        return f"{key[0]} nan"
    return "" if key and "overwrite" in trouble else None


def _syntax(line: int, column: int, instead: str | None) -> Mistake:
    where = f"第 {column} 列附近" if column else "到文件末尾"
    why = "这一项写了两次，请删去一个" if instead == "" else "请检查等号、引号、括号和日期的写法"
    rest = "（其后的内容未能检查）" if instead is None else ""
    return Mistake(line, f"不是有效的 TOML：{where}，{why}{rest}")
