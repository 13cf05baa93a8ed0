"""`retakes`: who comes again, their notices, who was told, and who is without a portrait in the end."""

from pathlib import Path
from typing import Annotated, Any

import typer

from cli.notices_shown import FontOption, OneOption, clock, papers_json, per_page, say_papers, say_passed_on
from cli.problem import Problem
from cli.show import print_json, print_table, say, warn
from cli.workspace import JsonOption, Workspace, WorkspaceOption
from config.campaign import Campaign
from config.lookup import makeup_window
from gradphoto.adapters.fresh import write_fresh
from gradphoto.adapters.notice_templates import Templates
from gradphoto.retakes import COLUMNS, standing_of
from gradphoto.retakes import retakes as make_retakes
from gradphoto.stages.close import closed_sessions
from gradphoto.stages.notice_papers import Order, write_notices
from gradphoto.stages.notices_sent import call_off, pass_on
from gradphoto.stages.retake_notices import (
    FINAL,
    draw_retakes,
    final_book,
    final_counts,
    final_list,
    open_ends,
    passed_on,
    stay_away,
)
from gradphoto.states import STUDENT_WORDS
from gradphoto.told import Kind, told_records

AHEAD = "本场未到"
"""Instead of what is known of a notice: the student's own centre is still to be photographed."""


def retakes(
    centre: Annotated[str | None, typer.Option(metavar="CENTRE", help="只看该中心")] = None,
    to: Annotated[Path | None, typer.Option("--to", metavar="DIR", help="把名单和补拍通知写到这个文件夹")] = None,
    every: Annotated[bool, typer.Option("--all", help="没有变化的通知也重做")] = False,
    one_a_page: OneOption = False,
    font: FontOption = None,
    told: Annotated[bool, typer.Option("--told", help="登记：做好的补拍通知已经发给学生")] = False,
    final: Annotated[bool, typer.Option("--final", help="最后仍没有照片的学生，给学籍管理部门")] = False,
    workspace: WorkspaceOption = Path(),
    as_json: JsonOption = False,
) -> None:
    """补拍名单：谁没有照片或须重拍、为什么、何时何地再来；也做补拍通知。"""
    place = Workspace(workspace)
    wanted = [place.centre(centre)] if centre else []
    if not told:
        _heed_unread(place, paper=to is not None)
    if told:
        _told(place, wanted, as_json)
    elif final:
        _final(place, wanted, to, as_json)
    elif to:
        order = Order(to.absolute(), clock(place), place.now, every, per_page(one_a_page), font)
        _papers(place, wanted, order, as_json)
    else:
        _list(place, wanted, as_json)


def _heed_unread(place: Workspace, paper: bool) -> None:
    """Whose picture nobody looked at yet counts as missing: nobody is told on paper to come again for that."""
    sessions = place.ledger.unread
    if not sessions:
        return
    says = f"场次 {' '.join(sessions)} 有文件尚未读取，名单还不准，请先运行 gradphoto nightly {' '.join(sessions)}"
    if paper:
        raise Problem(says)
    warn(says)


def _list(place: Workspace, wanted: list[str], as_json: bool) -> None:
    campaign, now = _planned(place), clock(place)
    batch = draw_retakes(campaign, place.ledger, Templates(place.folder, Kind.MAKEUP), now, wanted)
    notes = passed_on(told_records(place.store), batch)
    standings = [
        standing_of(one) for one in place.ledger.students.values() if not wanted or one.student.centre in wanted
    ]
    rows = make_retakes(campaign, standings, now)
    over = not batch.groups[campaign.centres[0].id].visits
    if as_json:
        found = [{**row._asdict(), "notice": notes.get(row.student_no, AHEAD)} for row in rows]
        print_json({"retakes": found, "ahead": not over})
        return
    past = over and makeup_window(campaign)
    body = []
    for row in rows:
        when = f"{row.when}（已过）" if past else row.when
        body.append((*row.cells[:-1], when, notes.get(row.student_no, AHEAD)))
    print_table("补拍名单", (*COLUMNS, "通知"), body)
    say(f"共 {len(rows)} 人")
    if rows and over:
        warn('补拍时间已过：可在 campaign.toml 中加一场（centre = "*" 的时段），再运行一次')


def _papers(place: Workspace, wanted: list[str], order: Order, as_json: bool) -> None:
    templates = Templates(place.folder, Kind.MAKEUP)
    batch = draw_retakes(_planned(place), place.ledger, templates, order.now, wanted)
    made = write_notices(place.store, batch, templates, order)
    made.cancelled = stay_away(told_records(place.store), batch, place.ledger, wanted)
    call_off(place.store, Kind.MAKEUP, made.cancelled, place.now)
    if as_json:
        print_json(papers_json(made))
    else:
        say_papers(made)


def _told(place: Workspace, wanted: list[str], as_json: bool) -> None:
    centres = wanted or [one.id for one in place.campaign.centres]
    found = pass_on(place.store, Kind.MAKEUP, centres, place.now)
    say_passed_on(found, as_json, "通知还没有做（gradphoto retakes --to DIR）")


def _final(place: Workspace, wanted: list[str], to: Path | None, as_json: bool) -> None:
    campaign, ledger = place.campaign, place.ledger
    left = final_list(campaign, ledger, wanted)
    for line in _open(place):
        warn(line)
    paths = write_fresh(to.absolute(), {FINAL: final_book(campaign, ledger, left)}).paths if to else ()
    if as_json:
        print_json(_final_json(campaign, left, final_counts(ledger, left), paths))
        return
    rows = [
        (campaign.centre(one.centre).name, one.student_no, one.name, STUDENT_WORDS[one.state], one.plain)
        for one in left
    ]
    print_table("仍无照片", ("教学点", "学号", "姓名", "状态", "原因"), rows)
    say(f"共 {len(left)} 人")
    for path in paths:
        say(str(path))


def _open(place: Workspace) -> list[str]:
    sessions = _planned(place)
    closed = closed_sessions(place.store, [one.id for one in sessions.sessions])
    return open_ends(sessions, clock(place), closed)


def _planned(place: Workspace) -> Campaign:
    """The campaign of the last run with the sessions as they stand in the workspace now."""
    return place.campaign.model_copy(update={"sessions": place.campaign_now.sessions})


def _final_json(
    campaign: Campaign, left: list[Any], counts: dict[str, tuple[int, int, int]], paths: tuple[Path, ...]
) -> dict[str, Any]:
    return {
        "final": [
            {"centre": one.centre, "student_no": one.student_no, "name": one.name, "state": one.state.value,
             "why": one.plain}
            for one in left
        ],
        "centres": [
            {"id": id_, "name": campaign.centre(id_).name, "expected": n[0], "delivered": n[1], "without": n[2]}
            for id_, n in counts.items()
        ],
        "files": [str(path) for path in paths],
    }  # fmt: skip
