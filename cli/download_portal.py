"""`download` from a portal: on a centre's own machine, which has no workspace."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn, TransferSpeedColumn

from cli.passphrase import typed
from cli.problem import Problem
from cli.show import err, print_json, say, warn
from gradphoto.adapters.fetch_bundle import Hear
from gradphoto.adapters.portal_client import Portal
from gradphoto.adapters.room import in_passing, refuse_shortage
from gradphoto.portal_offer import PortalAddress, portal_address
from gradphoto.room import Need
from gradphoto.stages.fetch import ask, fetch_bundle, missing_bytes, there_already

_PROMPT = "令牌（链接中 # 后面的部分）："
_LACKING = "没有令牌：请粘贴整个链接，或用环境变量 GRADPHOTO_TOKEN 给出令牌"


def download_from_portal(address: str, token: str | None, to: Path, as_json: bool) -> None:
    """Fetch the newest bundle that the portal offers to the token, and say where it is."""
    place = portal_address(address)
    token = _token(place, token)
    if place.is_open:
        warn("地址不是 https：令牌和照片在途中不加密，只应在可信的内部网络中这样用")
    with Portal(place, token) as portal:
        offer = ask(portal, warn)
        known = there_already(offer, to)
        if not known:
            refuse_shortage(_needs(to, missing_bytes(offer, to), offer.bytes))
            with _bar(offer.name, offer.bytes, as_json) as hear:
                fetch_bundle(portal, offer, to, hear, warn)
    path = to / offer.name
    if as_json:
        print_json({"path": str(path), "version": offer.version, "sha256": offer.sha256, "bytes": offer.bytes})
    else:
        say(f"{path}（第 {offer.version} 版，{'早已下载，内容相同' if known else '已校验'}）")


def _needs(to: Path, missing: int, size: int) -> list[Need]:
    """For what is still to come, and for the bundle unpacked aside to be verified."""
    return [Need("目标文件夹", to.absolute(), [missing]), *in_passing([size])]


def _token(place: PortalAddress, given: str | None) -> str:
    """The link's own, else what was given, else what somebody types; never shown."""
    token = (place.token or given or typed(_PROMPT, _LACKING)).strip()
    if not token or not token.isascii() or not token.isprintable():
        raise Problem("令牌不对：请原样粘贴收到的链接，或链接中 # 后面的部分")
    return token


@contextmanager
def _bar(name: str, size: int, quiet: bool) -> Iterator[Hear]:
    said = (TextColumn("{task.description}"), BarColumn(), DownloadColumn())
    pace = (TransferSpeedColumn(), TimeRemainingColumn())
    with Progress(*said, *pace, console=err, disable=quiet or not err.is_terminal) as bars:
        task = bars.add_task(name, total=size)
        yield lambda there: bars.update(task, completed=there)
