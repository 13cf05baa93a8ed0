"""What stands in the templates and scripts of the pages, and what of a page is Chinese though it is no data."""

import re
from collections.abc import Collection, Iterable, Iterator
from pathlib import Path
from typing import Any

from babel.messages.jslexer import tokenize
from jinja2 import Environment

from config.campaign import Campaign
from gradphoto.roster import Student
from tests.pages import ROOT

CHINESE = re.compile("[\u3000-\u303f\u3400-\u9fff\uff00-\uff65]+")
"""Its signs, and its punctuation."""
TEMPLATES = sorted((ROOT / "portal/templates").rglob("*.html"))
SCRIPTS = sorted((ROOT / "portal/static").glob("*.js"))


def unmarked(path: Path) -> Iterator[str]:
    """Every Chinese text that is given to nobody who could translate it."""
    source = path.read_text(encoding="utf-8")
    found = _in_template(source) if path.suffix == ".html" else _in_script(source)
    return (f"{path.name}:{line} {text.strip()}" for line, text in found)


def _in_template(source: str) -> Iterator[tuple[int, str]]:
    inside, before = False, ["", ""]
    for line, kind, said in Environment().lex(source):
        if kind == "whitespace":
            continue
        if said in ("trans", "endtrans") and before[-1].startswith("{%"):
            inside = said == "trans"
        text = kind == "data" and not inside
        if CHINESE.search(said) and (text or (kind == "string" and before != ["_", "("])):
            yield line, said
        before = [before[-1], said]


def _in_script(source: str) -> Iterator[tuple[int, str]]:
    before = ["", ""]
    for token in tokenize(source, jsx=False):
        words = token.type == "template_string" or (token.type == "string" and before != ["_", "("])
        if words and CHINESE.search(token.value):
            yield token.lineno, token.value
        before = [before[-1], token.value]


def left(page: str, data: Iterable[str]) -> set[str]:
    """What is Chinese in a page beside data, each with what stands round it."""
    for one in sorted(data, key=len, reverse=True):
        page = page.replace(one, "·")
    return {page[max(0, one.start() - 40) : one.end() + 20] for one in CHINESE.finditer(page)}


def data_of(campaign: Campaign, students: Collection[Student], *more: str) -> set[str]:
    """Everything Chinese that people wrote: the campaign's file, the register, and `more`."""
    every = [
        *texts_of(campaign.model_dump()),
        *(text for one in students for text in texts_of(one.model_dump())),
        *more,
    ]
    rules = [part for one in every for part in re.split("[；。]", one)]  # a rule is quoted without its last sign
    return {one for one in (*every, *rules) if CHINESE.search(one) and len(one) > 1}


def texts_of(value: Any) -> Iterator[str]:
    """Every string of a document."""
    if isinstance(value, str):
        yield value
    for one in value.values() if isinstance(value, dict) else value if isinstance(value, (list, tuple)) else ():
        yield from texts_of(one)
