"""What a centre's move to another day would mean: who is told, what has to be done again. Writes nothing."""

from collections.abc import Iterator
from datetime import datetime
from typing import NamedTuple

from config.bad_input import BadInput
from config.campaign import Campaign, Session
from config.lookup import makeup_window
from gradphoto.readiness import Duty, duties
from gradphoto.signoffs import signatures
from gradphoto.slots import named
from gradphoto.slots_move import Move, move
from gradphoto.slots_words import remarks
from gradphoto.stages.close import closed_sessions
from gradphoto.stages.slots import Planned, Planner


class Contact(NamedTuple):
    """Somebody to be told, and how they are reached; empty where nobody wrote it down."""

    whom: str
    person: str
    phone: str


class Effect(NamedTuple):
    """What has to be done in one session because of the move, a Chinese line each."""

    session: str
    todo: tuple[str, ...]


class Moved(NamedTuple):
    """A move that was tried: the plan then, who is told, the sessions that it touches, what to write where."""

    move: Move
    planned: Planned
    contacts: tuple[Contact, ...]
    effects: tuple[Effect, ...]
    remarks: tuple[str, ...]
    toml: str
    """The centre's windows as they would stand in `campaign.toml`."""


def try_move(planner: Planner, text: str) -> Moved:
    """Move one centre in the campaign as it stands, and see. `BadInput` when that cannot be."""
    tried = move(planner.campaign, text)
    over = closed_sessions(planner.store, (*tried.sessions, tried.target))
    if over:
        raise BadInput(f"{' '.join(sorted(over))} 已经收工，{tried.centre} 不能再改期")
    planned = planner.planned(tried.centre, tried.campaign)
    return Moved(
        tried,
        planned,
        tuple(_contacts(planner, tried)),
        tuple(_effects(planner, tried)),
        (*_remarks(tried), *remarks(tried.campaign, {tried.centre: planned.plan}, planner.measured)),
        _toml(tried),
    )


def _contacts(planner: Planner, tried: Move) -> Iterator[Contact]:
    address = planner.season.inputs.addresses.get(tried.centre)
    phones = filter(None, (address.mobile, address.phone)) if address else ()
    yield Contact(named(planner.campaign, tried.centre), address.contact if address else "", " ".join(phones))
    office = planner.campaign.contact
    yield Contact(office.department, office.person, office.phone)


def _effects(planner: Planner, tried: Move) -> Iterator[Effect]:
    for session in (*(one for one in tried.sessions if one != tried.target), tried.target):
        yield Effect(session, tuple(_todo(planner, tried, session)))


def _todo(planner: Planner, tried: Move, session: str) -> Iterator[str]:
    after, before = _found(tried.campaign, session), _found(planner.campaign, session)
    signed = signatures(planner.store, session)
    if after is None:
        yield "不再有任何教学点，取消该场次，告知场地"
    elif before is None:
        yield "新增场次：向场地确认，通知摄制组"
    else:
        others = dict.fromkeys(one.centre for one in after.windows if one.centre != tried.centre)
        names = "、".join(named(tried.campaign, one) for one in others)
        yield f"同场还有 {names}" if names else "同场没有别的教学点"
    lapsed = _signed(duties(planner.campaign, before, signed), tried) if before else 0
    if lapsed and session != tried.target:
        yield f"准备清单中 {named(tried.campaign, tried.centre)} 已签的 {lapsed} 项作废"
    if after is not None and session == tried.target:
        left = sum(one.signature is None for one in duties(tried.campaign, after, signed))
        yield f"准备清单有 {left} 项还没有签字"
    if after is not None:
        yield "重新打登记包（desk pack），重新张贴海报"


def _signed(every: list[Duty], tried: Move) -> int:
    return sum(one.centre == tried.centre and one.signature is not None for one in every)


def _found(campaign: Campaign, session: str) -> Session | None:
    return next((one for one in campaign.sessions if one.id == session), None)


def _remarks(tried: Move) -> Iterator[str]:
    for clash in tried.clashes:
        yield f"与 {clash} 冲突，请用 @时:分 换一个时间"
    makeup = makeup_window(tried.campaign)
    last = max((window.end for window in tried.windows), default=datetime.min)
    if makeup and last > makeup[1].start:
        yield f"在零星补拍（{makeup[1].start:%m-%d %H:%M}）之后，漏拍的学生没有补拍时间"


def _toml(tried: Move) -> str:
    session = tried.campaign.session(tried.target)
    head = f"# 写在已有的场次 {session.id} 那一段的末尾\n"
    if _is_new(tried):
        head = f'[[sessions]]\nid = "{session.id}"\ndate = {session.date}\nvenue = "{session.venue}"\n'
        head += f'address = "{session.address}"\ncrew = "{session.crew}"\n'
    windows = (
        f'\n[[sessions.windows]]\ncentre = "{tried.centre}"\n'
        f"start = {window.start.isoformat()}\nend = {window.end.isoformat()}\n"
        for window in tried.windows
    )
    return head + "".join(windows)


def _is_new(tried: Move) -> bool:
    return all(window.centre == tried.centre for window in tried.campaign.session(tried.target).windows)
