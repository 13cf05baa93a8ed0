"""What is said of plans beside their times, a Chinese line each: what does not fit, what nobody knows. Pure."""

from collections.abc import Iterator, Mapping

from config.campaign import Campaign
from gradphoto.slots import following, grid, named
from gradphoto.slots_plan import Plan

BY = {
    "option": "按 --rate",
    "told": "同上次通知",
    "session": "按该场次所填",
    "measured": "按已拍场次实测",
    "campaign": "按活动设置",
}
"""Who says the rate."""
SLOWER = 0.9
"""Of the rate that was planned: below it the measured one is told."""


def remarks(campaign: Campaign, plans: Mapping[str, Plan], measured: float | None) -> list[str]:
    """All of them, by centre in the order of the plans."""
    found = [line for one in plans.values() for line in _of(campaign, one, plans, measured)]
    used = {slot.session for one in plans.values() for slot in one.seats.values()}
    unknown = [one.id for one in campaign.sessions if one.id in used and one.capacity is None]
    if unknown:
        found.append(f"等候区能排多少人还没有填，未按它限制：{' '.join(unknown)}（campaign.toml 的 capacity）")
    return found


def short(campaign: Campaign, one: Plan, plans: Mapping[str, Plan]) -> str:
    """That a centre's windows are too short, by how many and how long, and what follows from it."""
    name, many = named(campaign, one.centre), len(one.unplaced)
    if not one.openings:
        return f"{name}：没有拍摄时段，{many} 人无法安排"
    longer = f"时间不够，差 {many} 人，还要 {one.short_minutes} 分钟"
    return f"{name}：{longer}{_waiting(campaign, one)}{_spare(campaign, one, plans)}"


def _of(campaign: Campaign, one: Plan, plans: Mapping[str, Plan], measured: float | None) -> Iterator[str]:
    if one.unplaced:
        yield short(campaign, one, plans)
    for held in one.held:
        yield held.text
    yield from _shorter(campaign, one)
    for each in one.grids:
        if measured and measured < SLOWER * each.rate:
            yield (
                f"{named(campaign, one.centre)}：{each.session} 按每小时 {each.rate:g} 人排，"
                f"已拍场次实测只有 {measured:g} 人；重排请加 --rate {measured:g}"
            )


def _shorter(campaign: Campaign, one: Plan) -> Iterator[str]:
    """Where slots that were told are too long for the waiting area as it is known now."""
    for each in one.grids if one.unplaced else ():
        session = campaign.session(each.session)
        minutes = grid(campaign, session, each.rate, each.by).minutes
        if minutes < each.minutes:
            name = named(campaign, one.centre)
            yield (
                f"{name}：等候区只容 {session.capacity} 人，每段改成 {minutes} 分钟可以多排；"
                "要改请加 --anew，已通知的会变"
            )


def _waiting(campaign: Campaign, one: Plan) -> str:
    """Who begins when this centre should end."""
    sessions = dict.fromkeys(opening.slot.session for opening in one.openings)
    after = [window for id_ in sessions for window in following(campaign.session(id_), one.centre)]
    names = "、".join(f"{named(campaign, window.centre)} {window.start:%H:%M}" for window in after)
    return f"；其后紧接 {names}，会被推迟" if names else ""


def _spare(campaign: Campaign, one: Plan, plans: Mapping[str, Plan]) -> str:
    """Where in the same sessions there is room."""
    here = {opening.slot.session for opening in one.openings}
    spare = [
        f"{named(campaign, other.centre)} {other.places - len(other.seats)} 人"
        for other in plans.values()
        if other.centre != one.centre
        and other.places > len(other.seats)
        and here & {opening.slot.session for opening in other.openings}
    ]
    return f"；同场还空 {'、'.join(spare)}" if spare else ""
