"""The page of a check at the venue: one file that needs nothing else, on a screen or on paper."""

from collections.abc import Mapping
from functools import cache

from jinja2 import Template

from gradphoto.original import Digest
from gradphoto.venue import KINDS, Report
from portal.templating import template

MARK = "<!-- gradphoto check -->"
"""By which a page of ours is known, so that a new one may take its place."""


def check_page(report: Report, pictures: Mapping[Digest, str], at: str, most: int) -> str:
    """The HTML; `pictures` are small JPEGs in base64, at most `most` a trouble; `at` is when, for people."""
    told = {"report": report, "pictures": pictures, "kinds": KINDS, "at": at, "most": most, "mark": MARK}
    return _template().render(told)


@cache
def _template() -> Template:
    return template("check.html")
