"""Room on the disks: for what waits in the inbox, and for one more session like the largest so far."""

import re
from collections.abc import Iterable
from pathlib import Path

from config.campaign import Campaign
from gradphoto.adapters.room import disk_of, in_passing, in_store, refuse_shortage
from gradphoto.adapters.store import Store, StoreTrouble
from gradphoto.doctor import Finding, attention, good, unfit
from gradphoto.records import originals, sessions_with_originals
from gradphoto.room import PORTRAIT, Need, NoRoom
from gradphoto.stages.room import night_needs

CAPTURES, CAPTURE = 600, 8 << 20
"""Of an ordinary session, and bytes of each, as long as none was taken in."""
_MORE = "请腾出磁盘空间或换一个更大的磁盘"


def room(store: Store, folder: Path, campaign: Campaign | None) -> Finding:
    """Whether it all fits; without a campaign, or with a store that fails, only the ordinary session is judged."""
    try:
        waiting = night_needs(store, campaign, folder, _sessions(campaign)) if campaign else []
        typical = _typical(store) if campaign else [CAPTURE] * CAPTURES
    except StoreTrouble:
        waiting, typical = [], [CAPTURE] * CAPTURES
    try:
        refuse_shortage([*waiting, *in_store(store, [0]), *in_passing([0])])
    except NoRoom as trouble:
        return unfit("disk", "；".join(_without_advice(line) for line in str(trouble).splitlines()), _MORE)
    return _ordinary(store, typical)


def _without_advice(line: str) -> str:
    return re.split("[，：]请", line)[0]


def _ordinary(store: Store, sizes: list[int]) -> Finding:
    bundles = [PORTRAIT] * len(sizes)
    needs = [*in_store(store, [*sizes, *bundles, *bundles]), *in_passing([*bundles, *sizes[:1]])]
    try:
        refuse_shortage(needs)
    except NoRoom:
        return attention("disk", f"不够再放一个场次（约 {sum(sizes) >> 20} MB）：{_free(needs)}", _MORE)
    return good("disk", f"够再放一个场次（约 {sum(sizes) >> 20} MB）：{_free(needs)}")


def _free(needs: Iterable[Need]) -> str:
    disks = ((need, disk_of(need.place)) for need in needs)
    return "，".join(f"{need.what}可用 {disk.free >> 20} MB" for need, disk in disks if disk)


def _sessions(campaign: Campaign) -> list[str]:
    return [session.id for session in campaign.sessions]


def _typical(store: Store) -> list[int]:
    """The sizes of the largest session, largest first."""
    every = ([one.size for one in originals(store, session)] for session in sessions_with_originals(store))
    return sorted(max(every, key=sum, default=[CAPTURE] * CAPTURES), reverse=True)
