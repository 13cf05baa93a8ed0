"""What an export holds: the name of each portrait and the rows of its lists, all of it looked at first. Pure.

Everything that is wrong is said at once, by student number and field, and nothing is repaired or left out.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from config.campaign import Campaign
from config.export_profile import LIST_TITLES, ExportError, ExportProfile, List
from gradphoto.bundle import Delivery, bundle_name
from gradphoto.photo_names import PhotoNameError, Values, filled, unshared, values_of
from gradphoto.roster import Student

SHOWN = 10
"""Troubles that are told; the rest is counted."""
Rows = list[tuple[str, ...]]


class Item(NamedTuple):
    """A portrait that is to go: its delivery in a centre's bundle, and its student. `code` is the bound one."""

    delivery: Delivery
    student: Student
    version: int
    code: str = ""


class Planned(NamedTuple):
    """The files of an export: lists by name as rows, and by name each portrait, a centre after the other."""

    lists: Mapping[str, Rows]
    photos: Mapping[str, Item]


def planned(profile: ExportProfile, items: Iterable[Item], campaign: Campaign) -> Planned:
    """What the profile makes of these portraits; `ExportError` with a line a trouble."""
    ordered = sorted(items, key=lambda item: item.student.student_no)
    values = {item.student.student_no: _values(profile, item, campaign) for item in ordered}
    names, troubles = _names(profile, values)
    troubles += [line for each in profile.lists for line in _lacking(each, values)]
    troubles += _clashes(profile, names)
    if troubles:
        more = [f"另有 {len(troubles) - SHOWN} 处"] if len(troubles) > SHOWN else []
        raise ExportError("\n".join([*troubles[:SHOWN], *more]))
    told = {no: {**values[no], "file": names[no]} for no in values}
    lists = {file: _rows(each, told.values()) for each in profile.lists for file in each.files}
    photos = [(item.student.centre, names[item.student.student_no], item) for item in ordered]
    return Planned(lists, {name: item for _, name, item in sorted(photos, key=lambda each: each[:2])})


def _names(profile: ExportProfile, values: Mapping[str, Values]) -> tuple[dict[str, str], list[str]]:
    template, names, troubles = profile.photos.template, dict[str, str](), list[str]()
    for student_no, known in values.items():
        try:
            names[student_no] = filled(template, known, profile.photos.ascii)
        except PhotoNameError as trouble:
            troubles.append(str(trouble))
    try:
        unshared(template, names)
    except PhotoNameError as trouble:
        troubles.append(str(trouble))
    return names, troubles


def _values(profile: ExportProfile, item: Item, campaign: Campaign) -> Values:
    one, student = item.delivery, item.student
    more = {
        "session": one.session,
        "centre_name": campaign.centre(student.centre).name,
        "capture_code": item.code,
        "sha256": one.sha256,
        "captured_at": one.captured_at,
        "width": str(one.width),
        "height": str(one.height),
        "bytes": str(one.bytes),
        "bundle": bundle_name(student.centre, item.version),
        "campaign": campaign.id,
        "institution": campaign.institution,
        "institution_code": campaign.institution_code,
    }
    named = values_of(student, profile.photos.template, **more)
    return {**{field: getattr(student, field, "") for field in LIST_TITLES}, **more, **named}


def _lacking(each: List, values: Mapping[str, Values]) -> Iterator[str]:
    """The photo's own name is filled in last, so it is not looked for."""
    for column in each.columns:
        for student_no, known in values.items():
            if column.required and column.field != "file" and not known[column.field]:
                title = LIST_TITLES[column.field]
                yield f"学号 {student_no}：{each.files[0]} 的 {column.title} 没有内容（{title}），请在名册中补上"


def _clashes(profile: ExportProfile, names: Mapping[str, str]) -> Iterator[str]:
    """A list and a portrait, or a folder and a file, under one name."""
    lists = {file.casefold() for each in profile.lists for file in each.files}
    for student_no, name in names.items():
        if name.casefold().partition("/")[0] in lists:
            yield f"学号 {student_no}：照片文件名与名单相同，请改 lists 的 files 或 photos 的 name"


def _rows(each: List, values: Iterable[Values]) -> Rows:
    header = tuple(column.title for column in each.columns)
    return [header, *(_row(each, known) for known in values)]


def _row(each: List, known: Values) -> tuple[str, ...]:
    return tuple(known[column.field] for column in each.columns)


def centres_of(items: Sequence[Item]) -> list[tuple[str, int]]:
    """The bundle versions that the portraits come from, each once, in order."""
    return sorted({(item.student.centre, item.version) for item in items})
