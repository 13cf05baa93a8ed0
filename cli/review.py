"""`review`: what waits for a person, and that person's decisions. They take effect with the next night."""

import getpass
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any
from zoneinfo import ZoneInfo

import typer

from cli.problem import Problem
from cli.show import print_json, print_table, say
from cli.workspace import JsonOption, Workspace, WorkspaceOption
from gradphoto.decision import Act
from gradphoto.matching.kind import Kind
from gradphoto.matching.ledger import Entry
from gradphoto.original import Digest
from gradphoto.stages.decide import take_decision
from gradphoto.states import FileState

app = typer.Typer(help="人工核对：列出、认定、选用、退回、准入、撤销", no_args_is_help=True)
CaptureArgument = Annotated[str, typer.Argument(metavar="CAPTURE", help="照片的sha256，或其开头至少8位")]
StudentArgument = Annotated[str, typer.Argument(metavar="STUDENT", help="学号")]


@app.command("list")
def list_(workspace: WorkspaceOption = Path(), as_json: JsonOption = False) -> None:
    """列出待人工核对的照片。"""
    place = Workspace(workspace)
    entries = [
        entry for entry in place.ledger.entries if entry.state is FileState.PENDING and _for_a_person(entry)
    ]
    if as_json:
        print_json({"pending": [_line(entry) for entry in entries]})
        return
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
    workspace: WorkspaceOption = Path(),
    as_json: JsonOption = False,
) -> None:
    """认定：这张照片是该学生的。"""
    place = Workspace(workspace)
    sha256, student = _portrait(place, capture), _student(place, student)
    if not place.season.bindings.codes.get(student) and not without_code:
        raise Problem(f"学号 {student} 没有采集码：没有采集码不得采集，确要认定请加 --without-code")
    _decide(place, as_json, act=Act.ASSIGN, capture=sha256, student_no=student, without_code=without_code)


@app.command()
def choose(capture: CaptureArgument, workspace: WorkspaceOption = Path(), as_json: JsonOption = False) -> None:
    """选用：用这一张，即使检查有疑问。"""
    place = Workspace(workspace)
    _decide(place, as_json, act=Act.CHOOSE, capture=_portrait(place, capture))


@app.command()
def reject(
    capture: CaptureArgument,
    reason: Annotated[str, typer.Option(help="原因，会写进补拍名单")],
    workspace: WorkspaceOption = Path(),
    as_json: JsonOption = False,
) -> None:
    """退回：这一张不能用，须重拍。"""
    place = Workspace(workspace)
    if not reason.strip():
        raise Problem("--reason 不能为空：请写明退回的原因")
    _decide(place, as_json, act=Act.REJECT, capture=_portrait(place, capture), reason=reason.strip())


@app.command()
def admit(
    student: StudentArgument,
    reason: Annotated[str, typer.Option(help="原因")] = "",
    workspace: WorkspaceOption = Path(),
    as_json: JsonOption = False,
) -> None:
    """准入：该学生虽不在三类范围内，也予采集。"""
    place = Workspace(workspace)
    _decide(place, as_json, act=Act.ADMIT, student_no=_student(place, student), reason=reason.strip())


@app.command()
def undo(
    decision: Annotated[int, typer.Argument(metavar="DECISION", help="决定的编号")],
    workspace: WorkspaceOption = Path(),
    as_json: JsonOption = False,
) -> None:
    """撤销一个决定。"""
    place = Workspace(workspace)
    last = place.season.decisions[-1].number if place.season.decisions else 0
    if not 1 <= decision <= last:
        raise Problem(f"没有决定 {decision}：现有 1 至 {last}" if last else "还没有任何决定")
    _decide(place, as_json, act=Act.UNDO, undone=decision)


def _decide(place: Workspace, as_json: bool, **what: Any) -> None:
    who = place.settings.operator or getpass.getuser()
    at = datetime.now(ZoneInfo(place.campaign.timezone)).isoformat(timespec="seconds")
    number = take_decision(place.store, who, at, **what)
    print_json({"decision": number}) if as_json else say(f"决定 {number} 已记录，下次运行 nightly 时生效")


def _portrait(place: Workspace, prefix: str) -> Digest:
    """The one capture of that digest; a slate or a broken file is nobody's portrait."""
    if len(prefix) < 8:
        raise Problem(f"照片 {prefix!r}：至少写出sha256的前8位")
    found = [match for match in place.season.matches if match.sha256.startswith(prefix.lower())]
    if len(found) != 1:
        raise Problem(f"照片 {prefix!r}：{'有不止一张' if found else '没有这张照片'}，请核对sha256")
    if found[0].classified.kind is not Kind.PORTRAIT:
        raise Problem(f"照片 {prefix!r}：不是人像（采集码照、空镜或异常文件），不能认定、选用或退回")
    return found[0].sha256


def _student(place: Workspace, student_no: str) -> str:
    if student_no not in place.season.inputs.register.students:
        raise Problem(f"名册中没有学号 {student_no!r}")
    return student_no


def _for_a_person(entry: Entry) -> bool:
    """Whether the next night would not settle it by itself."""
    return not {reason.code for reason in entry.reasons} <= {"not-read", "not-packed"}


def _line(entry: Entry) -> dict[str, Any]:
    original = entry.original
    return {
        "sha256": original.sha256,
        "session": original.session,
        "path": original.path,
        "student_no": entry.student_no,
        "reasons": [reason.code for reason in entry.reasons],
    }
