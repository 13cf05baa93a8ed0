"""`desk`: the check-in desk of a session, and what a laptop needs for it."""

import os
import signal
import sys
import webbrowser
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cli.desk_bind import bind
from cli.desk_pack import back, pack
from cli.eligible import told
from cli.meant import meant
from cli.passphrase import PassphraseOption, passphrase
from cli.problem import Problem
from cli.show import print_json, say, warn
from cli.workspace import JsonOption, Workspace, WorkspaceOption
from gradphoto.adapters.desk_log import open_log
from gradphoto.adapters.kit_file import open_kit
from gradphoto.kit import Kit
from gradphoto.portable import whole_drive
from gradphoto.stages.kit import kit_campaign, workspace_kit

if TYPE_CHECKING:
    from gradphoto.desk.seen import Seen

OPEN = "open"
"""The command that is meant where none is named."""
PackOption = Annotated[Path | None, typer.Option("--pack", metavar="FILE", help="登记包，没有工作区时用")]
ToOption = Annotated[
    Path | None,
    typer.Option(
        "--to", metavar="DIR", help="日志写进其中的 <场次>/", show_default="工作区的 inbox，或登记包旁边"
    ),
]
WatchOption = Annotated[Path | None, typer.Option("--watch", metavar="FOLDER", help="跟拍：联机拍摄的文件夹")]


app = typer.Typer(
    cls=meant(OPEN, alone=False), help="登记台：扫码绑定学生；打包、收回、批量绑定", no_args_is_help=True
)
for command in (pack, back, bind):
    app.command()(command)


@app.command(OPEN)
def open_(
    session: Annotated[str | None, typer.Argument(metavar="SESSION", help="场次；给了登记包可以不写")] = None,
    kit_file: PackOption = None,
    station: Annotated[str | None, typer.Option(help="工位名", show_default="1、2 …中空着的")] = None,
    to: ToOption = None,
    port: Annotated[int, typer.Option(min=0, max=65535, help="端口，0 为任意")] = 0,
    watch: WatchOption = None,
    passphrase_file: PassphraseOption = None,
    workspace: WorkspaceOption = Path(),
    as_json: JsonOption = False,
) -> None:
    """登记台网页：扫采集码、输学号或身份证后四位、读出姓名、回车绑定；按 Ctrl-C 结束。"""
    from portal.desk import Desk, clock  # the pages' libraries take their time, and the other commands do without
    from portal.desk_app import FRAMES, desk_page
    from portal.serve import serve_app

    if kit_file is None and session is None:
        raise Problem("请写明场次：gradphoto desk SESSION，或用 --pack 给出登记包")
    kit, folder = _packed(kit_file, session, passphrase_file) if kit_file else _at_work(workspace, session or "")
    campaign = kit_campaign(kit)
    log = open_log(folder if to is None else _within(whole_drive(to), kit.session), station)
    if station not in (None, log.station):
        warn(f"工位 {station} 有人在用，这里是工位 {log.station}")
    for line in filter(None, [kit.lacking]):
        warn(line)
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # whoever stops it stops it as Ctrl-C does
    desk = Desk(kit, campaign, log, clock(campaign.timezone), _watcher(kit, watch, log.path.parent))
    for line in told(desk.people.named):
        warn(line)
    try:
        serve_app(lambda token: desk_page(desk, token), "127.0.0.1", port, _teller(desk, as_json), FRAMES)
    except KeyboardInterrupt:
        say("已结束。登记都已写在日志里") if not as_json else None


def _packed(file: Path, session: str | None, passphrase_file: Path | None) -> tuple[Kit, Path]:
    """The kit of a file, and the folder beside it."""
    kit = open_kit(file, passphrase(passphrase_file))
    if session not in (None, kit.session):
        raise Problem(f"{file.name} 是场次 {kit.session} 的登记包，不是 {session} 的：请换一个，或不写场次")
    return kit, _within(file.absolute().parent, kit.session)


def _at_work(workspace: Path, session: str) -> tuple[Kit, Path]:
    place = Workspace(workspace, sweep=False)
    session = place.session(session)
    kit = workspace_kit(place.store, place.folder, place.settings, session)
    if not kit.students:
        warn(f"{session}：名册里没有这一场的学生，请把名册放进 rosters/ 再启动")
    return kit, place.folder / "inbox" / session


def _within(folder: Path, session: str) -> Path:
    """A folder of that session alone: two sessions' logs must not lie together."""
    return folder if folder.name == session else folder / session


def _watcher(kit: Kit, folder: Path | None, logs: Path) -> "Seen | None":
    """Whoever looks at the pictures while they come in."""
    if folder is None:
        return None
    from gradphoto.stages.watching import Venue, Watching

    watching = Watching(Venue(kit, [(folder, str(folder))], workers=os.cpu_count() or 1, beside=[logs]), [folder])
    watching.start()
    return watching


def _teller(desk: Any, as_json: bool) -> Callable[[str], None]:
    """The address stands on the terminal only: whoever has it can write into the log."""

    def tell(url: str) -> None:
        if as_json:
            print_json({"url": url, "station": desk.log.station, "log": str(desk.log.path)})
        else:
            say(f"工位 {desk.log.station}，日志 {desk.log.path}\n{url}")
            say("请在浏览器中打开；这个地址不要给别人。按 Ctrl-C 结束")
            _open(url)
        print(end="", flush=True)

    return tell


def _open(url: str) -> None:
    """Show the page at once where somebody sits; never a browser within the terminal."""
    windows = sys.platform in ("win32", "darwin") or any(map(os.environ.get, ("DISPLAY", "WAYLAND_DISPLAY")))
    if sys.stdout.isatty() and windows:
        webbrowser.open(url)
