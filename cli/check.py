"""`check`: before the venue is left, who must come before the camera again. Nothing is written but a page."""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from cli.check_show import document, show_report, show_warnings
from cli.check_watch import follow
from cli.ingest import SessionArgument
from cli.passphrase import PassphraseOption, passphrase
from cli.problem import FAULT, Problem
from cli.progress import bars
from cli.show import print_json, say
from cli.workspace import JsonOption, WorkspaceOption
from config.settings import cores
from gradphoto.adapters.arrivals import folders_of
from gradphoto.adapters.kit_file import open_kit
from gradphoto.portable import whole_drive
from gradphoto.progress import begin
from gradphoto.stages.inputs_found import inputs_now
from gradphoto.stages.kit import workspace_kit
from gradphoto.stages.place import Place
from gradphoto.stages.watching import Venue

Sources = Sequence[tuple[Path, str]]


def check(
    session: SessionArgument,
    sources: Annotated[
        list[Path] | None,
        typer.Argument(help="照片所在的文件夹或存储卡", metavar="SOURCE", show_default="inbox/<场次>"),
    ] = None,
    logs: Annotated[
        list[Path] | None, typer.Option("--log", metavar="FILE", help="登记台日志，或日志所在的文件夹")
    ] = None,
    pack: Annotated[Path | None, typer.Option("--pack", metavar="FILE", help="登记包，没有工作区时用")] = None,
    passphrase_file: PassphraseOption = None,
    page: Annotated[
        Path | None, typer.Option("--page", metavar="FILE", help="另写一页 HTML，可打印；里面有人像")
    ] = None,
    watch: Annotated[bool, typer.Option("--watch", help="跟着拍，每张随到随说；按 Ctrl-C 结束")] = False,
    workspace: WorkspaceOption = Path(),
    as_json: JsonOption = False,
) -> None:
    """现场检查：收工之前，谁没拍到、谁不合格、要叫谁回来；只看不写。"""
    given = [(whole_drive(source), source.as_posix()) for source in sources or []]
    logs = [each for log in logs or [] for each in _below(whole_drive(log))]
    made = _packed if pack else _placed
    venue, folders, lacking = made(session, given, logs, pack or workspace, passphrase_file, live=watch)
    if page:
        from cli.check_page import refuse_page  # the page's libraries take their time

        refuse_page(page, folders)
    if watch:
        report = follow(venue, folders, quiet=as_json)
    else:
        with bars(quiet=as_json):
            report = venue.look(lambda total: begin("read", total))
    show_warnings(venue, lacking)
    if page:
        from cli.check_page import write_page

        write_page(page, report, venue)
    if as_json:
        print_json(document(report, venue, lacking))
    else:
        show_report(report)
        say(f"网页：{page}（里面有人像和姓名，用完请删除）") if page else None
    if report.troubles:
        raise typer.Exit(FAULT)


Made = tuple[Venue, list[Path], str]
"""What to look at, its folders, and what is not known and why."""


def _below(log: Path) -> list[Path]:
    if not log.exists():
        raise Problem(f"登记台日志 {log}：不存在，请检查路径")
    return folders_of(log)


def _placed(
    session: str, given: Sources, logs: Sequence[Path], workspace: Path, _file: Path | None, live: bool
) -> Made:
    """By a workspace: its rosters, its desks' logs, its inbox unless other folders are given."""
    place = Place(workspace, sweep=False)
    inbox = place.inbox(place.session(session))
    kit = workspace_kit(place.store, place.folder, place.settings, session)
    sources = given or [(inbox, f"inbox/{session}")]
    venue = Venue(
        kit,
        sources,
        workers=place.settings.workers,
        inputs=inputs_now(place.folder, place.settings),
        beside=[*logs, *(folders_of(inbox) if given else [])],
        live=live,
    )
    return venue, [path for path, _ in sources], kit.lacking


def _packed(session: str, given: Sources, logs: Sequence[Path], pack: Path, file: Path | None, live: bool) -> Made:
    """By a sealed kit; the logs of its desk stand beside it."""
    kit = open_kit(pack, passphrase(file))
    if kit.session != session:
        raise Problem(f"登记包 {pack} 是 {kit.session} 的，不是 {session} 的：请改正场次，或换登记包")
    if not given:
        raise Problem("没有工作区：请在场次后面写出照片所在的文件夹或存储卡")
    beside = pack.absolute().parent
    venue = Venue(kit, given, workers=cores(), beside=[*logs, beside, beside / session], live=live)
    return venue, [path for path, _ in given], kit.lacking
