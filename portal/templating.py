"""How a page is filled: one way for all of them, in the language of whoever looks.

What stands in a template is Chinese and marked by `_` or `trans`. What our code put into words passes through the
filter `shown`; names, paths and what people wrote never do.
"""

from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, Template
from jinja2.utils import htmlsafe_json_dumps
from markupsafe import Markup
from starlette.templating import Jinja2Templates

from config.language import CHINESE, ENGLISH
from gradphoto.language import shown, spoken
from portal.marked import marked
from portal.script_words import script_words

_TEMPLATES = Path(__file__).parent / "templates"
_TAGS = {CHINESE: "zh-CN", ENGLISH: "en"}
"""Languages as HTML names them."""


def pages() -> Jinja2Templates:
    """The templates for an application's routes."""
    return Jinja2Templates(env=_environment())


def template(name: str) -> Template:
    """One by itself, without the empty lines that its tags would leave."""
    return _environment(trim_blocks=True, lstrip_blocks=True).get_template(name)


def _environment(**more: bool) -> Environment:
    loader, extensions = FileSystemLoader(_TEMPLATES), ["jinja2.ext.i18n"]
    made = Environment(loader=loader, autoescape=True, extensions=extensions, **more)  # type: ignore[arg-type]
    made.install_gettext_callables(marked, _one_for_all, newstyle=True)  # type: ignore[attr-defined]
    made.globals |= {"lang": _lang, "dictionary": _dictionary}
    made.filters["shown"] = _shown
    return made


def _one_for_all(text: str, _many: str, _count: int) -> str:
    """Chinese has no plural, and the English does without."""
    return marked(text)


def _lang() -> str:
    return _TAGS[spoken()]


def _dictionary() -> Markup:
    """What the page's scripts say, for `words.js`; nothing where they say it as they are written.

    A block of data is not executed, so the pages' policy needs no exception for it.
    """
    said = script_words()
    block = Markup('<script type="application/json" id="translations">{}</script>')
    return block.format(htmlsafe_json_dumps(said)) if said else Markup("")


def _shown(value: Any) -> Any:
    return shown(value) if isinstance(value, str) else value
