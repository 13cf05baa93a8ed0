"""`returns import`: what CHSI sent back, as decisions that put the students on the retake list."""

from pathlib import Path
from typing import Annotated, Any

import typer

from cli.operator import operator
from cli.problem import FAULT, Problem
from cli.show import print_json, print_table, say, warn
from cli.workspace import JsonOption, Workspace, WorkspaceOption
from config.documents import read_ordinary
from gradphoto.adapters.reasons import reason
from gradphoto.adapters.sheets import MAX_BYTES
from gradphoto.inputs.problems import Held
from gradphoto.inputs.returns import read_returns
from gradphoto.safe_name import safe_name
from gradphoto.stages.decide import Overtaken
from gradphoto.stages.returns import WORDS, Outcome, sort_returns, take_returns

app = typer.Typer(help="学信网退回：导入退回名单，转为须重拍", no_args_is_help=True)
COLUMNS = ("行", "学号", "结果", "原因", "照片", "决定", "说明")


@app.command("import")
def import_(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="退回名单：学号、原因，CSV 或 XLSX")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="只看会怎样，不记录任何决定")] = False,
    workspace: WorkspaceOption = Path(),
    as_json: JsonOption = False,
) -> None:
    """导入学信网退回名单：对应到当时交付的照片，记为须重拍；看不懂或拿不准的行逐行列出。"""
    place = Workspace(workspace)
    name = safe_name(file.name)
    rows, held = read_returns(_read(file, name), name)
    sorted_ = sort_returns(place.store, place.season, name, rows)
    outcomes, held = sorted_.outcomes, sorted([*held, *sorted_.held], key=lambda one: one.row)
    if not dry_run:
        try:
            who = operator(place)
            outcomes = take_returns(place.store, place.season, who, place.now, sorted_)
        except Overtaken as trouble:
            line = f"刚刚有人对其中一张照片作了决定 {trouble.other.number}"
            raise Problem(f"{line}：其余的已记录，请查看后再导入一次") from None
    _tell(name, outcomes, held, dry_run, as_json)
    if held:
        raise typer.Exit(FAULT)


def _read(file: Path, name: str) -> bytes:
    try:
        return read_ordinary(file, MAX_BYTES)
    except OSError as trouble:
        raise Problem(f"{name}：无法读取（{reason(trouble)}），请检查路径和权限") from None


def _tell(name: str, outcomes: list[Outcome], held: list[Held], dry_run: bool, as_json: bool) -> None:
    if as_json:
        print_json(_document(name, outcomes, held, dry_run))
        return
    print_table("学信网退回", COLUMNS, [_cells(one) for one in outcomes])
    for one in held:
        warn(f"{one.text}；这一行没有采用")
    made = len({one.decision for one in outcomes if one.decision})
    due = len({one.sha256 for one in outcomes if one.outcome != "known"})
    said = f"将记录 {due} 个决定（--dry-run，什么也没有记录）" if dry_run else f"记录了 {made} 个决定"
    after = "，下次运行 nightly 时生效" if made else ""
    say(f"{name}：{len(outcomes)} 行，{said}{after}" + (f"；{len(held)} 行没有采用" if held else ""))


def _cells(one: Outcome) -> tuple[object, ...]:
    decision = one.decision or ""
    return one.row, one.student_no, WORDS[one.outcome], one.reason, one.sha256[:12], decision, one.says


def _document(name: str, outcomes: list[Outcome], held: list[Held], dry_run: bool) -> dict[str, Any]:
    return {
        "file": name,
        "dry_run": dry_run,
        "decisions": sorted({one.decision for one in outcomes if one.decision}),
        "rows": [one._asdict() for one in outcomes],
        "held": [one.model_dump() for one in held],
    }
