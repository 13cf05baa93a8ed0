"""`review`: what waits for a person, and that person's decisions. They take effect with the next night."""

from datetime import datetime
from pathlib import Path
from typing import Annotated, Any
from zoneinfo import ZoneInfo

import typer

from cli import review_page
from cli.operator import operator
from cli.show import print_json, print_table, say, warn
from cli.workspace import JsonOption, Workspace, WorkspaceOption
from gradphoto.decision import Decision
from gradphoto.matching.entry import Entry
from gradphoto.matching.unmet import unmet_text
from gradphoto.stages.decide import take_decision
from gradphoto.stages.inputs_found import inputs_now
from gradphoto.stages.review import (
    What,
    admitting,
    assigning,
    choosing,
    for_a_person,
    holding,
    rejecting,
    undoing,
)
from gradphoto.states import FileState

app = typer.Typer(help="人工核对：列出、认定、选用、退回、暂扣、准入、撤销；网页、校对表", no_args_is_help=True)
app.command()(review_page.serve)
app.command()(review_page.sheet)
CaptureArgument = Annotated[str, typer.Argument(metavar="CAPTURE", help="照片的sha256，或其开头至少8位")]
StudentArgument = Annotated[str, typer.Argument(metavar="STUDENT", help="学号")]


@app.command("list")
def list_(workspace: WorkspaceOption = Path(), as_json: JsonOption = False) -> None:
    """列出待人工核对的照片。"""
    place = Workspace(workspace)
    entries = [entry for entry in place.ledger.entries if entry.state is FileState.PENDING and for_a_person(entry)]
    if as_json:
        print_json(
            {"pending": [_line(entry) for entry in entries], "unmet": list(map(_unmet, place.season.unmet))}
        )
        return
    for decision in place.season.unmet:
        warn(unmet_text(decision))
    rows = [
        (entry.original.sha256[:12], entry.original.session, entry.original.path, entry.student_no,
         "；".join(reason.text for reason in entry.reasons))
        for entry in entries
    ]  # fmt: skip
    print_table("待人工核对", ("照片", "场次", "文件", "学号", "原因"), rows)


@app.command()
def assign(
    capture: CaptureArgument,
    student: StudentArgument,
    without_code: Annotated[bool, typer.Option(help="该学生没有采集码，仍然认定")] = False,
    also: Annotated[bool, typer.Option("--also", help="同一人的另一个学籍：原来的归属不变，再加上该学号")] = False,
    workspace: WorkspaceOption = Path(),
    as_json: JsonOption = False,
) -> None:
    """认定：这张照片是该学生的。"""
    place = Workspace(workspace)
    _decide(place, as_json, assigning(place.season, capture, student, without_code, also))


@app.command()
def choose(capture: CaptureArgument, workspace: WorkspaceOption = Path(), as_json: JsonOption = False) -> None:
    """选用：用这一张，即使检查有疑问。"""
    place = Workspace(workspace)
    _decide(place, as_json, choosing(place.season, capture))


@app.command()
def reject(
    capture: CaptureArgument,
    reason: Annotated[str, typer.Option(help="原因，会写进补拍名单：如 glasses、眼镜，或自己的话")],
    workspace: WorkspaceOption = Path(),
    as_json: JsonOption = False,
) -> None:
    """退回：这一张不能用，须重拍。"""
    place = Workspace(workspace)
    _decide(place, as_json, rejecting(place.season, capture, reason))


@app.command()
def hold(
    capture: CaptureArgument,
    reason: Annotated[str, typer.Option(help="原因")] = "",
    workspace: WorkspaceOption = Path(),
    as_json: JsonOption = False,
) -> None:
    """暂扣：在有人决定之前，不交付该学生的照片。"""
    place = Workspace(workspace)
    _decide(place, as_json, holding(place.season, capture, reason))


@app.command()
def admit(
    student: StudentArgument,
    reason: Annotated[str, typer.Option(help="原因")] = "",
    workspace: WorkspaceOption = Path(),
    as_json: JsonOption = False,
) -> None:
    """准入：该学生虽不在三类范围内，也予采集。"""
    place = Workspace(workspace)
    met = student in place.inputs.register.students
    known = () if met else inputs_now(place.folder, place.settings).register.students
    _decide(place, as_json, admitting(place.season, student, reason, known))


@app.command()
def undo(
    decision: Annotated[int, typer.Argument(metavar="DECISION", help="决定的编号")],
    workspace: WorkspaceOption = Path(),
    as_json: JsonOption = False,
) -> None:
    """撤销一个决定。"""
    place = Workspace(workspace)
    last = place.season.last_decision
    _decide(place, as_json, undoing(last, decision))


def _decide(place: Workspace, as_json: bool, what: What) -> None:
    who = operator(place)
    at = datetime.now(ZoneInfo(place.campaign.timezone)).isoformat(timespec="seconds")
    number = take_decision(place.store, who, at, **what)
    print_json({"decision": number}) if as_json else say(f"决定 {number} 已记录，下次运行 nightly 时生效")


def _unmet(decision: Decision) -> dict[str, Any]:
    return {"decision": decision.number, "act": decision.act.value, "sha256": decision.capture}


def _line(entry: Entry) -> dict[str, Any]:
    original = entry.original
    return {
        "sha256": original.sha256,
        "session": original.session,
        "path": original.path,
        "student_no": entry.student_no,
        "reasons": [reason.code for reason in entry.reasons],
    }
