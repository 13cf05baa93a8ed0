"""How registers write when, how and for what a student entered, brought to the campaign's own words.

Text that is not understood gives nothing, never a guess; the campaign's words themselves are understood.
"""

import re
from functools import lru_cache

from config.spelling import spelling

_YEAR = r"(?P<year>20[0-9]{2})"
_SHORT = rf"(?:{_YEAR}|(?P<short>[0-9]{{2}}))"
_TAIL = r"(?:学期|学年|入学|招生|批次|级|班|生)*"
_SEASON = re.compile(
    rf"{_SHORT}(?:学年|[年级]){{0,2}}-?第?(?P<season>春|秋|spring|autumn|fall|上半年|下半年)季?{_TAIL}"
)
_SEASON_FIRST = re.compile(rf"(?P<season>春|秋|spring|autumn|fall)季?(?:学期)?-?{_SHORT}[年级]{{0,2}}{_TAIL}")
_SCHOOL_YEAR = re.compile(
    rf"{_YEAR}[-~/](?P<next>20[0-9]{{2}})(?:学年)?(?:-|/|\(|第)?(?P<half>[12一二上下])(?:学期|\))*{_TAIL}"
)
"""2021-2022-1: the school year that begins in autumn 2021, its first half."""
_DAY = r"(?:[0-2]?[0-9]|3[01])日?(?:t?00:00(?::00(?:\.0+)?)?)?"
_MONTH = re.compile(
    rf"{_YEAR}(?:年|[-/.])?(?P<month>0[1-9]|1[0-2]|(?<=[-/.年])[1-9])"
    rf"(?:月?(?:入学|级)?|(?:月|[-/.])?{_DAY}(?:入学)?)"
)
_WHOLE = re.compile(rf"(?:{_YEAR}(?:年|级|年级|学年)?|(?P<short>[0-9]{{2}})级){_TAIL}")
_DIGITS = str.maketrans("〇零一二三四五六七八九", "00123456789")
_SEASONS = {
    **dict.fromkeys(("春", "spring", "上半年"), "spring"),
    **dict.fromkeys(("秋", "autumn", "fall", "下半年"), "autumn"),
}
_MONTHS = {2: "spring", 3: "spring", 4: "spring", 8: "autumn", 9: "autumn", 10: "autumn"}
"""Months in which people enter; of any other month only the year is believed."""

_OPEN = ("open", "开放", "国开", "电大")
_ADULT = ("adult", "成人", "成教", "成高", "函授", "业余", "夜大", "脱产")
_BESIDE = re.compile(
    r"^(?:国家)?(?:开放|成人|成教|函授|业余)(?:高等)?(?:教育)?|层次$|\((?:开放|函授|业余|脱产)(?:教育)?\)$"
)
"""What is written beside a level and says something of the programme, or nothing."""
_LEVEL = re.compile(
    r"(?:(?:专科|高中)起点)?(?:升|大学)?(?P<named>本|专)科?(?:教育|生)?"
    r"(?:\((?:(?:专科|高中)起点(?:升?(?:本科|专科))?|专升本|高起[本专]|高职)\))?"
)
_LEVELS = {
    **dict.fromkeys(("undergraduate", "高中起点", "专科起点", "本"), "undergraduate"),
    **dict.fromkeys(("高起本", "高升本", "专升本", "专起本", "专接本", "专续本", "专本"), "undergraduate"),
    **dict.fromkeys(("专升本(本科)", "专升本科", "专起点本科", "第二学历本科", "本科二学历"), "undergraduate"),
    **dict.fromkeys(("junior", "高起专", "高升专", "高达专", "大专", "专"), "junior"),
    **dict.fromkeys(("高职", "高职高专", "高职专科", "高职(专科)", "专科(高职)"), "junior"),
}
"""专升本 and 专科起点 say where somebody came from: they study for a 本科."""


@lru_cache(maxsize=4096)
def terms_of(text: str) -> frozenset[str]:
    """The entry terms that a text names, a whole year where it does not say when; empty when unreadable.

    >>> sorted(terms_of("2021年秋季、2022级"))
    ['2021-autumn', '2022']
    """
    terms = [_term(part) for part in re.split("[、,;]", spelling(text))]
    return frozenset(term for term in terms if term) if all(terms) else frozenset()


def _term(text: str) -> str:
    text = _narrow_year(text)
    if found := _SEASON.fullmatch(text) or _SEASON_FIRST.fullmatch(text):
        return f"{_year(found)}-{_SEASONS[found['season']]}"
    if found := _SCHOOL_YEAR.fullmatch(text):
        return _half(int(found["year"]), int(found["next"]), found["half"])
    if found := _MONTH.fullmatch(text):
        season = _MONTHS.get(int(found["month"]))
        return f"{found['year']}-{season}" if season else found["year"]
    found = _WHOLE.fullmatch(text)
    return _year(found) if found else ""


def _year(found: re.Match[str]) -> str:
    return found["year"] or f"20{found['short']}"


def _narrow_year(text: str) -> str:
    """二〇二一年 as 2021年."""
    return text[:4].translate(_DIGITS) + text[4:] if re.match("二[〇零]", text) else text


def _half(year: int, following: int, half: str) -> str:
    """The first half of a school year is an autumn, its second the next spring."""
    if following != year + 1:
        return ""
    return f"{year}-autumn" if half in "1一上" else f"{following}-spring"


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
    for said in (spelled, _BESIDE.sub("", spelled)):
        if said in _LEVELS:
            return _LEVELS[said]
        if found := _LEVEL.fullmatch(said):
            return _LEVELS[found["named"]]
    return None
