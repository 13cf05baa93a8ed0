"""`review serve` and `review sheet`: the pages for a person's decisions, and the list that students sign."""

import signal
from pathlib import Path
from typing import Annotated

import typer

from cli.operator import operator
from cli.problem import Problem
from cli.show import print_json, say, warn
from cli.workspace import JsonOption, Workspace, WorkspaceOption

ToOption = Annotated[Path, typer.Option("--to", metavar="DIR", help="目标文件夹", show_default="当前文件夹")]


def serve(
    session: Annotated[str | None, typer.Argument(metavar="[SESSION]", help="只看该场次")] = None,
    port: Annotated[int, typer.Option(min=0, max=65535, help="端口，0 为任意")] = 0,
    host: Annotated[str, typer.Option(help="地址，默认只有本机可用")] = "127.0.0.1",
    allow_remote: Annotated[bool, typer.Option("--allow-remote", help="允许别的机器访问")] = False,
    workspace: WorkspaceOption = Path(),
    as_json: JsonOption = False,
) -> None:
    """核对网页：待核对的照片逐张决定，成品照片快速翻看；按 Ctrl-C 结束。"""
    from portal.office import Office  # the pages' libraries take their time, and the other commands do without
    from portal.serve import is_loopback
    from portal.serve import serve as serve_pages

    place = Workspace(workspace)
    if session is not None:
        place.session(session)
    if not is_loopback(host) and not allow_remote:
        raise Problem(f"{host} 能被别的机器访问：照片只应在本机查看，确要开放请加 --allow-remote")
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # whoever stops it stops it as Ctrl-C does
    office = Office(place.store, place.folder, place.settings, operator(place))
    try:
        serve_pages(office, host, port, session, lambda url: _tell(url, as_json, remote=not is_loopback(host)))
    except KeyboardInterrupt:
        say("已结束。决定都已记录") if not as_json else None


def sheet(
    centre: Annotated[str, typer.Argument(help="中心", metavar="CENTRE")],
    to: ToOption = Path(),
    font: Annotated[Path | None, typer.Option(metavar="FILE", help="中文字体文件", show_default="本机的")] = None,
    workspace: WorkspaceOption = Path(),
    as_json: JsonOption = False,
) -> None:
    """校对表：该中心的照片、学号、姓名和签名处，PDF；不覆盖任何文件。"""
    from gradphoto.stages.sheet import write_sheet

    place = Workspace(workspace)
    place.refuse_purged(place.centre(centre))
    place.refuse_unread(centre)
    written = write_sheet(place.store, place.season, centre, to, font)
    if not written:
        raise Problem(f"中心 {centre} 还没有可校对的照片：请先运行 gradphoto nightly")
    for one in written.unprintable:
        warn(f"学号 {one.student_no}：姓名中的 {one.codes} 字体里没有，校对表上留了空，请手写")
    if as_json:
        lacking = [{"student_no": one.student_no, "characters": one.characters} for one in written.unprintable]
        print_json({"path": str(written.path), "portraits": written.portraits, "unprintable": lacking})
    else:
        say(f"{written.path}（{written.portraits} 人）")


def _tell(url: str, as_json: bool, remote: bool) -> None:
    """The address stands on the terminal only: whoever has it can decide."""
    if remote:
        warn("别的机器也能访问此页，且没有加密：只在可信的网络中使用")
    print_json({"url": url}) if as_json else say(f"{url}\n请在浏览器中打开；这个地址不要给别人。按 Ctrl-C 结束")
    print(end="", flush=True)
