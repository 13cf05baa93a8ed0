"""How registers write when, how and for what a student entered, brought to the campaign's own words.

Text that is not understood gives nothing, never a guess; the campaign's words themselves are understood.
"""

import re
from functools import lru_cache

from config.spelling import spelling

_YEAR = r"(?P<year>20[0-9]{2})"
_SEASON = re.compile(
    rf"(?:{_YEAR}|(?P<short>[0-9]{{2}}))[年级]{{0,2}}-?(?P<season>春|秋|spring|autumn)季?(?:学期|入学|招生|级)*"
)
_MONTH = re.compile(
    rf"{_YEAR}(?:年|[-/.])?(?P<month>0[1-9]|1[0-2]|(?<=[-/.年])[1-9])"
    r"(?:月?(?:入学|级)?|(?:月|[-/.])?(?:[0-2]?[0-9]|3[01])日?)"
)
_WHOLE = re.compile(rf"{_YEAR}(?:年|级|年级)?(?:入学|招生)?")
_SEASONS = {"春": "spring", "秋": "autumn", "spring": "spring", "autumn": "autumn"}
_MONTHS = {2: "spring", 3: "spring", 4: "spring", 8: "autumn", 9: "autumn", 10: "autumn"}
"""Months in which people enter; of any other month only the year is believed."""

_OPEN = ("open", "开放")
_ADULT = ("adult", "成人", "成教", "函授", "业余", "夜大", "脱产")
_LEVEL = re.compile(
    r"(?:(?:专科|高中)起点)?(?P<named>本|专)科?(?:教育|生)?(?:\((?:专科|高中)起点(?:本科|专科)?\))?"
)
_LEVELS = {
    "undergraduate": "undergraduate",
    "高中起点": "undergraduate",
    "高起本": "undergraduate",
    "专升本": "undergraduate",
    "专起本": "undergraduate",
    "本": "undergraduate",
    "junior": "junior",
    "高起专": "junior",
    "大专": "junior",
    "高职": "junior",
    "高职高专": "junior",
    "专": "junior",
}


@lru_cache(maxsize=4096)
def terms_of(text: str) -> frozenset[str]:
    """The entry terms that a text names, a whole year where it does not say when; empty when unreadable.

    >>> sorted(terms_of("2021年秋季、2022级"))
    ['2021-autumn', '2022']
    """
    terms = [_term(part) for part in re.split("[、,;]", spelling(text))]
    return frozenset(term for term in terms if term) if all(terms) else frozenset()


def _term(text: str) -> str:
    if found := _SEASON.fullmatch(text):
        return f"{found['year'] or '20' + found['short']}-{_SEASONS[found['season']]}"
    if found := _MONTH.fullmatch(text):
        season = _MONTHS.get(int(found["month"]))
        return f"{found['year']}-{season}" if season else found["year"]
    found = _WHOLE.fullmatch(text)
    return found["year"] if found else ""


@lru_cache(maxsize=4096)
def programme_of(text: str) -> str | None:
    """`open` (开放教育) or `adult` (成人教育); None when the text names neither, or both.

    >>> programme_of("成人高等教育（函授）")
    'adult'
    """
    spelled = spelling(text)
    is_open, is_adult = (any(word in spelled for word in words) for words in (_OPEN, _ADULT))
    return None if is_open == is_adult else "open" if is_open else "adult"


@lru_cache(maxsize=4096)
def level_of(text: str) -> str | None:
    """`undergraduate` (本科) or `junior` (专科); None when the text is not understood.

    >>> level_of("本科（专科起点）")
    'undergraduate'
    """
    spelled = spelling(text)
    if spelled in _LEVELS:
        return _LEVELS[spelled]
    found = _LEVEL.fullmatch(spelled)
    return _LEVELS[found["named"]] if found else None
