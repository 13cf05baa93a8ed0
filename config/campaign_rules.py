"""What a campaign file must not say although every single value in it is of the right type.

The rules look at the file as `tomllib` reads it, so that one wrong value hides none of the other mistakes.
"""

from collections.abc import Callable, Iterator
from datetime import date, datetime
from itertools import combinations

from config.campaign import EVERY_CENTRE
from config.campaign_tables import Slot, Table, centre_ids, centre_texts, get, slots, tables, windows
from config.problems import Problem
from config.spelling import spelling
from config.toml_lines import Place

Rule = Callable[[Table], Iterator[Problem]]


def duplicate_ids(document: Table) -> Iterator[Problem]:
    """No two centres, sessions, groups or items of the checklist have one id, no two requirements one number."""
    keys = {"centres": "id", "sessions": "id", "groups": "id", "checklist": "id", "requirements": "number"}
    for kind, key in keys.items():
        seen: set[str] = set()
        for place, table in tables(document, kind):
            value = get(table, key, str)
            if value in seen:
                yield Problem((*place, key), f"{value} 与前面重复，请改用别的编号")
            seen |= {value} if value else set()


def blank_names(document: Table) -> Iterator[Problem]:
    """What people must be able to read is not left empty."""
    for kind, keys in (("centres", ("name",)), ("sessions", ("address", "crew")), ("groups", ("name",))):
        for place, table in tables(document, kind):
            for key in keys:
                if get(table, key, str) is not None and not table[key].strip():
                    yield Problem((*place, key), "不能为空")


def ambiguous_names(document: Table) -> Iterator[Problem]:
    """No two spellings of the centres are the same; equal ids are `duplicate_ids`."""
    firsts: dict[str, tuple[Place, str]] = {}
    for centre, table in tables(document, "centres"):
        for place, text in centre_texts(centre, table):
            first, owner = firsts.setdefault(spelling(text), (place, str(table.get("id"))))
            if first[:2] != centre and {first[-1], place[-1]} != {"id"}:
                yield Problem(place, f"“{text}”也指学习中心 {owner}，请改成只指一个的名称")
            elif first[:2] == centre and first != place and "aliases" in place:
                yield Problem(place, f"“{text}”在同一学习中心里重复，请删去一个")


def unknown_centres(document: Table) -> Iterator[Problem]:
    """A window belongs to a centre of this file, or to every centre."""
    known = {EVERY_CENTRE, *centre_ids(document)}
    for place, _, window in windows(document):
        centre = get(window, "centre", str)
        if centre is not None and centre not in known:
            yield Problem((*place, "centre"), f"没有编号为 {centre!r} 的学习中心，请改为 centres 中的编号")


def unknown_requirements(document: Table) -> Iterator[Problem]:
    """What a checklist serves is a sentence of this file."""
    known = {get(table, "number", str) for _, table in tables(document, "requirements")}
    for place, table in tables(document, "checklist"):
        number = get(table, "requirement", str)
        if number and number not in known:
            yield Problem((*place, "requirement"), f"没有编号为 {number!r} 的要求，请改为 requirements 中的编号")


def empty_windows(document: Table) -> Iterator[Problem]:
    """A window ends after it starts."""
    for slot in slots(document):
        if slot.end <= slot.start:
            yield Problem((*slot.place, "end"), f"{slot}结束不晚于开始，请更正（下午请用24小时制）")


def wrong_days(document: Table) -> Iterator[Problem]:
    """A window lies on its session's day."""
    for place, session, window in windows(document):
        day = get(session, "date", date)
        for key in ("start", "end"):
            when = get(window, key, datetime)
            if when and day and when.date() != day:
                yield Problem((*place, key), f"日期 {when.date()} 不是本场次的 {day}，请更正")


def wrong_session_ids(document: Table) -> Iterator[Problem]:
    """A session's id is its date and its venue."""
    for place, session in tables(document, "sessions"):
        id_, day, venue = get(session, "id", str), get(session, "date", date), get(session, "venue", str)
        if id_ is not None and day and venue and id_ != f"{day}-{venue}":
            yield Problem((*place, "id"), f"{id_!r} 应为 {f'{day}-{venue}'!r}（日期-场地）")


def overlaps(document: Table) -> Iterator[Problem]:
    """Neither a venue nor a crew has two windows at once; that one ends when the next begins is no overlap."""
    for one, two in combinations(sorted(slots(document), key=lambda slot: slot.place), 2):
        if one.start < two.end and two.start < one.end:
            yield from _clash(one, two)


def windowless_centres(document: Table) -> Iterator[Problem]:
    """Every centre is photographed some time."""
    served = {get(window, "centre", str) for _, _, window in windows(document)}
    for place, table in tables(document, "centres"):
        id_ = get(table, "id", str)
        if id_ is not None and id_ not in served:
            yield Problem((*place, "id"), f"学习中心 {id_} 没有任何拍摄时段，请补上时段或删去该中心")


CONTRADICTIONS: tuple[Rule, ...] = (
    duplicate_ids, blank_names, ambiguous_names, unknown_centres, empty_windows, wrong_days, wrong_session_ids,
    unknown_requirements,
)  # fmt: skip
"""With any of these broken nobody could say what the file means."""

RULES: tuple[Rule, ...] = (*CONTRADICTIONS, overlaps, windowless_centres)
"""The last two are mistakes in planning: the night's work can be done all the same."""


def _clash(one: Slot, two: Slot) -> Iterator[Problem]:
    for key, word in (("venue", "场地"), ("crew", "摄制组")):
        shared = get(one.session, key, str)
        if shared and shared == two.session.get(key):
            why = f"{two}与 {one.session.get('id')} 的 {one}重叠：同一{word} {shared}，请错开"
            yield Problem((*two.place, "start"), why)
            return
