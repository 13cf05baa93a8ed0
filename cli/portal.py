"""`portal`: the pages on which centres see their students and fetch their files, and the links to sign in."""

import signal
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any
from zoneinfo import ZoneInfo

import typer

from cli.desk import OPEN
from cli.meant import meant
from cli.operator import operator
from cli.problem import Problem
from cli.show import print_json, print_table, say, warn
from cli.workspace import JsonOption, Workspace, WorkspaceOption
from config.language import CHINESE
from gradphoto.invites import INVITE_WORDS, OPERATOR, Standing
from gradphoto.language import speak
from gradphoto.stages.invites import Invites, make_invite, revoke_invites
from gradphoto.stages.place import Place

PORT = 8321
"""Of a portal whose address nobody set, so that links made beside it lead there."""
COLUMNS = ("编号", "给谁", "状态", "制作时间", "有效期至")
DaysOption = Annotated[
    int | None, typer.Option("--days", metavar="N", min=1, max=366, help="有效天数", show_default="设置中的")
]


app = typer.Typer(cls=meant(OPEN), help="门户网页：教学点看进度、报地址、下载照片包；邀请链接")


@app.command(OPEN)
def open_(
    host: Annotated[str, typer.Option(help="监听地址，默认只有本机可用")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="端口，0 为任意")] = PORT,
    workspace: WorkspaceOption = Path(),
    as_json: JsonOption = False,
) -> None:
    """打开门户网页，直到按 Ctrl-C。"""
    from portal.run import run_portal  # the pages' libraries take their time, and the other commands do without
    from portal.serve import is_loopback

    place = Place(workspace)
    speak(place.settings.language or CHINESE)  # centres look at the pages, wherever the terminal stands
    place.campaign_now  # noqa: B018  (refused before anything is opened)
    local = is_loopback(host)
    if not local:
        warn(f"{host} 能被别的机器访问：请在前面放一个提供 HTTPS 的反向代理，见 docs/deploy.md 的「门户」")
        if not place.settings.portal_url.startswith("https:"):
            warn("设置中的 portal_url 不是 https 地址：登录状态会不加密地传送")
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # whoever stops it stops it as Ctrl-C does

    def tell(url: str, link: str) -> None:
        _tell(place.settings.portal_url or url, link if local else "", as_json)

    try:
        run_portal(place, host, port, lambda: _now(place), operator(place), tell)
    except KeyboardInterrupt:
        say("已结束") if not as_json else None


@app.command()
def invite(
    centre: Annotated[str | None, typer.Argument(metavar="[CENTRE]", help="中心")] = None,
    operator: Annotated[bool, typer.Option("--operator", help="给操作员，而不是教学点")] = False,
    days: DaysOption = None,
    workspace: WorkspaceOption = Path(),
    as_json: JsonOption = False,
) -> None:
    """制作邀请链接：只显示这一次，教学点凭它登录。"""
    place = Workspace(workspace)
    if (centre is None) is not operator:
        raise Problem("请写明给谁：gradphoto portal invite CENTRE，或 gradphoto portal invite --operator")
    whose = place.centre(centre) if centre else OPERATOR
    made, token = make_invite(place.store, whose, days or place.settings.portal_invite_days, _now(place))
    link = f"{place.settings.portal_url or f'http://127.0.0.1:{PORT}'}/enter#{token}"
    if as_json:
        print_json({"invite": made.number, "centre": centre, "expires": made.expires.isoformat(), "link": link})
        return
    say(f"邀请 {made.number}（{_whose(place, whose)}），有效期至 {made.expires:%Y-%m-%d %H:%M}：\n{link}")
    say("链接只显示这一次，谁有它谁就能登录：请单独发给本人。收回用 gradphoto portal revoke")
    if not place.settings.portal_url:
        warn("设置中没有 portal_url：这个链接只能在本机打开")


@app.command()
def invites(workspace: WorkspaceOption = Path(), as_json: JsonOption = False) -> None:
    """列出邀请：给谁、是否有效；链接本身没有留存。"""
    place = Workspace(workspace)
    found = Invites(place.store).standing(_now(place))
    if as_json:
        print_json({"invites": [_document(one) for one in found]})
        return
    print_table("邀请", COLUMNS, [_row(place, one) for one in found])


@app.command()
def revoke(
    numbers: Annotated[list[str], typer.Argument(metavar="INVITE|CENTRE…", help="编号，或中心（全部邀请）")],
    workspace: WorkspaceOption = Path(),
    as_json: JsonOption = False,
) -> None:
    """撤销邀请：立即生效，用它登录的人也随即退出。"""
    place = Workspace(workspace)
    found = Invites(place.store).standing(_now(place))
    wanted = [number for word in numbers for number in _numbers(place, word, found)]
    gone = revoke_invites(place.store, wanted, _now(place))
    if as_json:
        print_json({"revoked": gone})
    else:
        say(f"已撤销邀请 {'、'.join(map(str, gone))}" if gone else "没有需要撤销的：都已过期或已撤销")


def _numbers(place: Workspace, word: str, found: list[Standing]) -> list[int]:
    if word.isdecimal() and len(word) < 10:
        return [int(word)]
    centre = place.centre(word)
    return [one.invite.number for one in found if one.invite.centre == centre]


def _now(place: Place) -> datetime:
    return datetime.now(ZoneInfo(place.campaign_now.timezone))


def _whose(place: Workspace, centre: str) -> str:
    return "操作员" if centre == OPERATOR else f"{centre} {place.campaign.centre(centre).name}"


def _row(place: Workspace, one: Standing) -> tuple[object, ...]:
    known = {centre.id for centre in place.campaign.centres} | {OPERATOR}
    whose = _whose(place, one.invite.centre) if one.invite.centre in known else one.invite.centre
    times = (f"{at:%Y-%m-%d %H:%M}" for at in (one.invite.made, one.invite.expires))
    return (one.invite.number, whose, INVITE_WORDS[one.state], *times)


def _document(one: Standing) -> dict[str, Any]:
    times = {name: getattr(one.invite, name).isoformat() for name in ("made", "expires")}
    return {"invite": one.invite.number, "centre": one.invite.centre or None, "state": one.state, **times}


def _tell(url: str, link: str, as_json: bool) -> None:
    """The link stands on the terminal only: whoever has it sees everything."""
    if as_json:
        print_json({"url": url, "operator": link or None})
    else:
        say(f"门户：{url}")
        way = f"操作员从这里登录（不要给别人，重启后换新）：\n{link}"
        say(way if link else "操作员的链接：gradphoto portal invite --operator")
        say("按 Ctrl-C 结束")
    print(end="", flush=True)
