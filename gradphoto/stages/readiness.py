"""Readiness by the store: the lists of the sessions, signing for an item, and the sheets for the sites."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from pathlib import Path
from typing import NamedTuple

from config.bad_input import BadInput
from config.campaign import Campaign, Session, Window
from gradphoto.adapters.fresh import write_fresh
from gradphoto.adapters.lettering import Lettering
from gradphoto.adapters.site_sheet import Line, Row, site_sheet
from gradphoto.adapters.store import Store
from gradphoto.appointment import day_words
from gradphoto.phone import is_phone
from gradphoto.readiness import Duty, Signature, duties, whose
from gradphoto.signoffs import sign, signatures
from gradphoto.slots import named


class Unsigned(BadInput):
    """A signature that cannot be taken; its message is one line for whoever signs."""


class Wanted(NamedTuple):
    """What somebody signs for, or takes back."""

    items: Sequence[str]
    centre: str = ""
    """Empty where the session has one centre only, and for items of the session itself."""
    note: str = ""
    undo: bool = False


def readiness(store: Store, campaign: Campaign, sessions: Iterable[Session]) -> list[Duty]:
    """The lists of some sessions, in their order."""
    return [duty for one in sessions for duty in duties(campaign, one, signatures(store, one.id))]


def sign_for(store: Store, campaign: Campaign, session: Session, wanted: Wanted, who: str, at: str) -> list[Duty]:
    """Sign for items of one session, or take signatures back; returns what changed. All or none of them.

    `Unsigned` when there is no such item, it does not say whose, a telephone number is asked for and lacking,
    or there is no signature to take back. Signing again in the same words changes nothing.
    """
    found = duties(campaign, session, signatures(store, session.id))
    meant = [_meant(found, item, wanted, campaign) for item in dict.fromkeys(wanted.items)]
    changed = [duty for duty in meant if _changes(duty, wanted, who)]
    for duty in changed:
        _refuse_lacking(duty, wanted)
    if changed:
        sign(store, session.id, [_signature(duty, wanted, who, at) for duty in changed])
    return changed


def write_sheets(
    store: Store, campaign: Campaign, sessions: Iterable[Session], to: Path, letters: Lettering
) -> list[Path]:
    """Write `准备-<session>.pdf` for each session that has a list, over nothing that is there; or `OSError`."""
    paths: list[Path] = []
    for session in sessions:
        lines = list(_lines(campaign, duties(campaign, session, signatures(store, session.id))))
        if not lines:
            continue
        title = f"拍摄现场准备清单　{day_words(session.date)}"
        about = [
            campaign.name,
            f"场次：{session.id}　地点：{session.address}",
            _windows(campaign, session.windows),
        ]
        paths += write_fresh(to, {f"准备-{session.id}.pdf": site_sheet(title, about, lines, letters)}).paths
    return paths


def _meant(found: Sequence[Duty], item: str, wanted: Wanted, campaign: Campaign) -> Duty:
    same = [duty for duty in found if duty.item.id == item]
    if not same:
        known = " ".join(dict.fromkeys(duty.item.id for duty in found))
        raise Unsigned(f"这一场的清单里没有 {item!r}，可用的是：{known or '（清单是空的）'}")
    whole = [duty for duty in same if not duty.centre]
    one = whole or [
        duty for duty in same if duty.centre == wanted.centre or (not wanted.centre and len(same) == 1)
    ]
    if not one:
        centres = "、".join(f"{duty.centre}（{whose(campaign, duty)}）" for duty in same)
        raise Unsigned(f"{item} 由各教学点分别签，请加 --centre，可用的是：{centres}")
    return one[0]


def _changes(duty: Duty, wanted: Wanted, who: str) -> bool:
    if wanted.undo and duty.signature is None:
        raise Unsigned(f"{duty.item.id} 还没有人签字，没有可以撤回的")
    stands = duty.signature
    return wanted.undo or stands is None or (stands.who, stands.note) != (who, wanted.note)


def _refuse_lacking(duty: Duty, wanted: Wanted) -> None:
    words = wanted.note.replace("，", " ").replace("：", " ").split()
    if duty.item.asks == "phone" and not wanted.undo and not any(map(is_phone, words)):
        raise Unsigned(f'{duty.item.id} 须留下负责人的电话：请加 --note "姓名 电话"，电话与姓名之间空一格')


def _signature(duty: Duty, wanted: Wanted, who: str, at: str) -> Signature:
    return Signature(item=duty.item.id, centre=duty.centre, who=who, at=at, note=wanted.note, undo=wanted.undo)


def _lines(campaign: Campaign, every: Iterable[Duty]) -> Iterator[Line]:
    """One for each item, with a row for everybody who signs."""
    for _, same in groupby(every, lambda duty: duty.item.id):
        duties_of = list(same)
        first = duties_of[0]
        due = "拍摄当天" if first.item.days == 0 else f"{first.due.month}月{first.due.day}日前"
        rows = tuple(_row(campaign, duty) for duty in duties_of)
        yield Line(first.item.text, first.serves, f"期限：{due}", rows)


def _row(campaign: Campaign, duty: Duty) -> Row:
    one = duty.signature
    signed = f"{one.who}　{one.at[:16].replace('T', ' ')}" if one else ""
    return Row(whose(campaign, duty), signed, one.note if one else "")


def _windows(campaign: Campaign, windows: Iterable[Window]) -> str:
    ordered = sorted(windows, key=lambda one: (one.start, one.centre))
    times = (f"{named(campaign, one.centre)} {one.start:%H:%M}—{one.end:%H:%M}" for one in ordered)
    return f"时间：{'；'.join(times)}"
