"""`campaign notices`: each student's notice, per centre, and who must be told again."""

from pathlib import Path
from typing import Annotated

import typer

from cli.notices_shown import FontOption, OneOption, clock, papers_json, per_page, say_papers, say_passed_on
from cli.show import print_json, say
from cli.workspace import JsonOption, Workspace, WorkspaceOption
from gradphoto.adapters.fresh import write_fresh
from gradphoto.adapters.notice_templates import FOLDER, Templates, shipped_templates
from gradphoto.stages.inputs_found import inputs_now
from gradphoto.stages.notice_papers import Made, Order, differences, write_notices
from gradphoto.stages.notices_sent import call_off, pass_on
from gradphoto.stages.session_notices import Asked, Drawn, draw
from gradphoto.told import Kind


def notices(
    centre: Annotated[str | None, typer.Option(metavar="CENTRE", help="只做该中心")] = None,
    session: Annotated[str | None, typer.Option(metavar="SESSION", help="只做该场次")] = None,
    to: Annotated[
        Path | None, typer.Option("--to", metavar="DIR", help="目标文件夹", show_default="工作区的 notices/")
    ] = None,
    every: Annotated[bool, typer.Option("--all", help="没有变化的也重做")] = False,
    only_list: Annotated[bool, typer.Option("--list", help="只列出要做谁的、谁须再次通知，什么也不写")] = False,
    one_a_page: OneOption = False,
    font: FontOption = None,
    told: Annotated[bool, typer.Option("--told", help="登记：做好的通知已经发给学生")] = False,
    templates: Annotated[
        bool, typer.Option("--templates", help="把自带的模板拷到工作区的 templates/，供修改")
    ] = False,
    workspace: WorkspaceOption = Path(),
    as_json: JsonOption = False,
) -> None:
    """通知学生：时间、地点、采集码、着装要求；微信、短信、打印页。"""
    place = Workspace(workspace)
    if templates:
        _copy_templates(place, as_json)
        return
    wanted = [place.centre(centre)] if centre else []
    if told:
        _pass_on(place, wanted, as_json)
        return
    asked = Asked(clock(place), wanted, place.session(session) if session else "", every)
    words, inputs = Templates(place.folder, Kind.SESSION), inputs_now(place.folder, place.settings)
    drawn = draw(place.store, inputs, words, asked)
    order = Order(
        (to or place.folder / "notices").absolute(), asked.now, place.now, every, per_page(one_a_page), font
    )
    made = _listed(place, drawn, order) if only_list else write_notices(place.store, drawn.batch, words, order)
    made.warnings = [*drawn.warnings, *made.warnings]
    made.cancelled = drawn.cancelled
    if not only_list:
        call_off(place.store, Kind.SESSION, drawn.cancelled, place.now)
    if as_json:
        print_json(papers_json(made, drawn.left_out))
    else:
        say_papers(made, drawn.left_out)


def _listed(place: Workspace, drawn: Drawn, order: Order) -> Made:
    made, wanted = differences(place.store, drawn.batch, order.every)
    made.due = len(wanted)
    return made


def _pass_on(place: Workspace, wanted: list[str], as_json: bool) -> None:
    centres = wanted or [one.id for one in place.campaign_now.centres]
    say_passed_on(pass_on(place.store, Kind.SESSION, centres, place.now), as_json, "通知还没有做")


def _copy_templates(place: Workspace, as_json: bool) -> None:
    """What is there already is the office's own and stays."""
    folder = place.folder / FOLDER
    new = {name: data for name, data in shipped_templates().items() if not (folder / name).exists()}
    paths = [str(path) for path in write_fresh(folder, new).paths] if new else []
    if as_json:
        print_json({"files": paths})
        return
    for path in paths:
        say(path)
    if not paths:
        say(f"{folder} 中的模板都在，没有改动")
