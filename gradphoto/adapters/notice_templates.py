"""The templates of notices: Jinja2 in a sandbox, the workspace's own before the shipped ones.

A template sees plain values only, reads no file, and a word that it does not know is an error, not a gap. Every
error names the file and the line.
"""

import traceback
from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path
from typing import Any

from jinja2 import FunctionLoader, StrictUndefined, Template, TemplateSyntaxError, UndefinedError
from jinja2.exceptions import SecurityError
from jinja2.sandbox import ImmutableSandboxedEnvironment

from config.bad_input import BadInput
from config.documents import DocumentTrouble, read_text
from gradphoto.adapters.reasons import reason

FOLDER = "templates"
"""Of the workspace: what stands here wins."""
SHIPPED = files("config") / "templates" / "notices"
MEDIA = ("wechat", "sms", "page", "group")
"""To be pasted for one student, sent to one student, printed for one student, pasted for a whole centre."""
_LONGEST = 20_000
"""Characters of a text."""


class TemplateTrouble(BadInput):
    """A template that cannot be used: one line with its file, its line and what to do."""


class Templates:
    """The templates of one kind of notice, each read when it is first used; `TemplateTrouble`."""

    def __init__(self, workspace: Path, kind: str) -> None:
        self._folder, self._kind = workspace / FOLDER, kind
        self._sources: dict[str, tuple[str, str]] = {}
        self._environment = ImmutableSandboxedEnvironment(
            loader=FunctionLoader(self._load), undefined=StrictUndefined, autoescape=False,
            trim_blocks=True, lstrip_blocks=True,
        )  # fmt: skip
        self._environment.globals.pop("lipsum")  # it draws lots

    def text(self, medium: str, values: Mapping[str, Any]) -> str:
        """What the template of a medium says of these values, without space at its ends; never empty."""
        name = template_name(self._kind, medium)
        try:
            text = self._template(name).render(values).strip()
        except TemplateTrouble:
            raise
        except Exception as trouble:
            raise self._trouble(name, trouble) from None
        if not text or len(text) > _LONGEST:
            what = "没有写出任何文字" if not text else f"写出的文字超过 {_LONGEST} 字"
            raise TemplateTrouble(f"模板 {self._where(name)}：{what}，请更正")
        return text

    def _template(self, name: str) -> Template:
        try:
            return self._environment.get_template(name)
        except TemplateSyntaxError as trouble:
            said = trouble.message or "语法有错"
            where = self._where(name)
            raise TemplateTrouble(f"模板 {where} 第{trouble.lineno}行：写法不对（{said}），请更正") from None

    def _load(self, name: str) -> tuple[str, str, None]:
        """Source and file of a template."""
        path = self._folder / name
        try:
            source, where = read_text(path), str(path)
        except FileNotFoundError:
            source, where = (SHIPPED / name).read_text(encoding="utf-8"), name
        except DocumentTrouble as trouble:
            raise TemplateTrouble(f"模板 {path}：{trouble}") from None
        except OSError as trouble:
            raise TemplateTrouble(f"模板 {path}：无法读取（{reason(trouble)}），请检查文件") from None
        self._sources[name] = (source, where)
        return source, where, None

    def _where(self, name: str) -> str:
        return self._sources.get(name, ("", name))[1]

    def _trouble(self, name: str, trouble: Exception) -> TemplateTrouble:
        """Only what is missing is quoted: other messages may hold a value, and values are people's."""
        where = self._where(name)
        lines = [frame.lineno for frame in traceback.extract_tb(trouble.__traceback__) if frame.filename == where]
        at = f" 第{lines[-1]}行" if lines else ""
        if isinstance(trouble, UndefinedError):
            why = f"用了没有的项（{trouble.message}）"
        elif isinstance(trouble, SecurityError):
            why = "用了不允许的写法"
        else:
            why = f"不能执行（{type(trouble).__name__}）"
        return TemplateTrouble(f"模板 {where}{at}：{why}，请更正；可用的项见 docs/notices.md")


def template_name(kind: str, medium: str) -> str:
    """The file of a template.

    >>> template_name("session", "sms")
    'session-sms.txt'
    """
    return f"{kind}-{medium}.txt"


def shipped_templates() -> dict[str, bytes]:
    """Every shipped template by its name, to be copied and edited; with the byte order mark that Notepad likes."""
    names = sorted(each.name for each in SHIPPED.iterdir() if each.name.endswith(".txt"))
    return {name: (SHIPPED / name).read_text(encoding="utf-8").encode("utf-8-sig") for name in names}
