"""A night's report as a page shows it, line by line: written in Chinese, it is read in the page's language."""

import re

from gradphoto.language import shown
from gradphoto.language.template import HAN

_BETWEEN = re.compile(r"(\n|^[-#]+ |\s*\|\s*)", re.MULTILINE)
"""What parts one text of the Markdown from the next: lines, headings, items and the cells of tables."""


def report_shown(markdown: str) -> str:
    """The same report; what stands between its texts is kept."""
    parts = _BETWEEN.split(markdown)
    return "".join(part if place % 2 else _shown(part) for place, part in enumerate(parts))


def _shown(text: str) -> str:
    """Reasons that were joined are looked up one by one, which is quick, unless that leaves Chinese."""
    each = [shown(one) for one in text.split("；")]
    return shown(text) if any(map(HAN.search, each)) else "; ".join(each)
