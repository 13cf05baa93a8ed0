"""Notices as files for whoever passes them on: per centre a table, a text for its group, and slips to print.

The files come first and the record of who was told after them: what is cut off between the two is made again to
the same bytes. Only what changed since is made, unless everything is asked for.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from config.campaign import Campaign
from gradphoto.adapters.fresh import write_fresh
from gradphoto.adapters.lettering import Lettering
from gradphoto.adapters.notice_slips import SEVERAL, slips
from gradphoto.adapters.notice_templates import Templates, TemplateTrouble, template_name
from gradphoto.adapters.store import Store
from gradphoto.adapters.tables import xlsx_bytes
from gradphoto.appointment import Appointment
from gradphoto.notices import Notice, centre_values, due
from gradphoto.sms import MOST, parts, units
from gradphoto.told import Act, Change, Kind, Told, changes, newest, note_told, told_records

NAMES = {Kind.SESSION: "通知", Kind.MAKEUP: "补拍"}
COLUMNS = ("学号", "姓名", "时间", "地点", "原因", "微信文字", "短信文字", "短信条数", "与上次通知不同之处")
SHOWN = 3
"""Students that a warning names."""


@dataclass(frozen=True)
class Order:
    """What is to be made. `now` is campaign time without a zone, `at` the same for people."""

    to: Path
    now: datetime
    at: str = ""
    every: bool = False
    per_page: int = SEVERAL
    font: Path | None = None


class Again(NamedTuple):
    """A student who was told something else before."""

    student_no: str
    centre: str
    changes: tuple[Change, ...]


class Sheaf(NamedTuple):
    """What was made for one centre."""

    centre: str
    paths: tuple[Path, ...]
    notices: tuple[Notice, ...]


@dataclass
class Made:
    """What it came to. `known` counts whose notice is the same as before, `due` whose is not made yet."""

    known: int = 0
    due: int = 0
    sheaves: list[Sheaf] = field(default_factory=list)
    again: list[Again] = field(default_factory=list)
    cancelled: list[Again] = field(default_factory=list)
    """Who was told to come and is not to: struck from the roster, not eligible, or with nowhere to go."""
    warnings: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Batch:
    """All notices of one kind, each student once; `groups` are the appointments told to a whole centre."""

    kind: Kind
    campaign: Campaign
    notices: Sequence[Notice]
    groups: Mapping[str, Appointment]
    makeup: str = ""


def differences(store: Store, batch: Batch, every: bool = False) -> tuple[Made, list[Notice]]:
    """What would be made, and whose. Writes nothing."""
    before = newest(told_records(store), batch.kind, Act.MADE)
    wanted = due(batch.notices, before, every)
    again = [
        Again(one.student.student_no, one.student.centre, found)
        for one in wanted
        if one.student.student_no in before and (found := changes(before[one.student.student_no][1], one.said))
    ]
    return Made(known=len(batch.notices) - len(wanted), again=again, warnings=list(_too_long(wanted))), wanted


def write_notices(store: Store, batch: Batch, templates: Templates, order: Order) -> Made:
    """Write and record what is due, over nothing that is there.

    `TemplateTrouble`, `NoFont`; `OSError` when the folder cannot be written to. What was written stays.
    """
    made, wanted = differences(store, batch, order.every)
    if not wanted:
        return made
    changed = {one.student_no: one.changes for one in made.again}
    letters, by_centre = Lettering(order.font), _by_centre(wanted)
    files = {
        centre: _files(batch, centre, notices, changed, templates, letters, order)
        for centre, notices in by_centre.items()
    }
    for centre, notices in by_centre.items():
        paths = write_fresh(order.to, files[centre]).paths
        names = tuple(path.name for path in paths)
        said = tuple(one.said for one in notices)
        told = Told(act=Act.MADE, kind=batch.kind, centre=centre, at=order.at, files=names, notices=said)
        note_told(store, told)
        made.sheaves.append(Sheaf(centre, paths, tuple(notices)))
    made.warnings += _unprintable(wanted, letters)
    return made


def _by_centre(notices: Iterable[Notice]) -> dict[str, list[Notice]]:
    found: dict[str, list[Notice]] = defaultdict(list)
    for one in notices:
        found[one.student.centre].append(one)
    return found


def _files(
    batch: Batch,
    centre: str,
    notices: Sequence[Notice],
    changed: Mapping[str, tuple[Change, ...]],
    templates: Templates,
    letters: Lettering,
    order: Order,
) -> dict[str, bytes]:
    """The three files of a centre by name."""
    stem, home = f"{NAMES[batch.kind]}-{centre}", batch.campaign.centre(centre).name
    group = templates.text("group", centre_values(batch.campaign, centre, batch.groups[centre], batch.makeup))
    printed = slips(f"{home} {NAMES[batch.kind]}", [one.page for one in notices], letters, order.per_page)
    if printed.too_long:
        name = template_name(batch.kind, "page")
        count = len(printed.too_long)
        raise TemplateTrouble(f"模板 {name}：{count} 人的通知在纸上放不下，请缩短文字，或加 --one-a-page")
    rows = [COLUMNS, *(_row(one, changed.get(one.student.student_no, ())) for one in notices)]
    return {
        f"{stem}.xlsx": xlsx_bytes(NAMES[batch.kind], rows),
        f"{stem}.txt": (group + "\n").replace("\n", "\r\n").encode("utf-8-sig"),
        f"{stem}.pdf": printed.pdf,
    }


def _row(one: Notice, found: Sequence[Change]) -> tuple[str, ...]:
    """No telephone number and no ID number: a centre knows how to reach its students."""
    return (
        one.student.student_no,
        one.student.name,
        one.appointment.when,
        one.appointment.where,
        one.why,
        one.wechat,
        one.sms if one.fits else "",
        str(parts(one.sms)) if one.fits else "",
        "；".join(change.text for change in found),
    )


def _too_long(notices: Iterable[Notice]) -> Iterator[str]:
    """A message that cannot be sent whole is not made."""
    for centre, found in sorted(_by_centre(one for one in notices if not one.fits).items()):
        longest = max(units(one.sms) for one in found)
        yield (
            f"中心 {centre} 有 {len(found)} 人的短信最短也有 {longest} 字，超过 {MOST} 字（2 条），没有写出："
            f"请缩短地址或短信模板（首先是学号 {_named(found)}）"
        )


def _unprintable(notices: Iterable[Notice], letters: Lettering) -> Iterator[str]:
    for one in notices:
        if lacking := letters.lacking(one.page):
            codes = " ".join(f"U+{ord(char):04X}" for char in lacking)
            yield f"学号 {one.student.student_no}：打印页上的 {codes} 字体里没有，留了空，请手写"


def _named(notices: Sequence[Notice]) -> str:
    return "、".join(one.student.student_no for one in notices[:SHOWN])
