"""`desk pack` and `desk back`: what a laptop takes to the venue, and its logs when it comes home."""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from cli.eligible import told
from cli.ingest import SessionArgument
from cli.passphrase import PassphraseOption, new_passphrase
from cli.problem import FAULT, Problem
from cli.show import print_json, say, warn
from cli.workspace import JsonOption, Workspace, WorkspaceOption
from gradphoto.adapters.kit_file import seal
from gradphoto.adapters.kit_folder import write_kit
from gradphoto.desk.people import People
from gradphoto.inputs.problems import Held
from gradphoto.portable import whole_drive
from gradphoto.safe_name import printable
from gradphoto.stages.inputs_found import inputs_now
from gradphoto.stages.kit import kit_campaign, workspace_kit
from gradphoto.stages.log_back import Back, take_back

SHOWN = 10
"""Lines of one kind; the rest is counted."""
WORDS = {"new": "新收", "longer": "续写", "known": "已有", "refused": "未收"}


def pack(
    session: SessionArgument,
    to: Annotated[Path, typer.Option("--to", metavar="DIR", help="U盘或文件夹，写入其中的 <场次>/")],
    passphrase_file: PassphraseOption = None,
    workspace: WorkspaceOption = Path(),
    as_json: JsonOption = False,
) -> None:
    """打包：一台笔记本在现场登记所需的，只有本场学生，加密，附双击启动。"""
    place = Workspace(workspace, sweep=False)
    session = place.session(session)
    kit = workspace_kit(place.store, place.folder, place.settings, session, own_logs=True)
    if not kit.students:
        raise Problem(f"{session}：名册里没有这一场的学生，请先把名册放进 rosters/")
    held = inputs_now(place.folder, place.settings).register.held
    path = write_kit(whole_drive(to), session, seal(kit, new_passphrase(passphrase_file)))
    named = People(kit, kit_campaign(kit)).named
    for line in (*filter(None, [kit.lacking]), *_held_lines(held), *told(named)):
        warn(line)
    if as_json:
        counts = {"students": len(kit.students), "photographed": len(kit.photographed), "bound": len(kit.bound)}
        people = [one._asdict() for one in named]
        print_json({"session": session, "file": str(path), **counts, "lacking": kit.lacking, "named": people})
        return
    say(
        f"{session}：{len(kit.students)} 名学生，其中 {len(kit.photographed)} 名已拍，已有绑定 {len(kit.bound)} 个"
    )
    say(f"已写入 {path}，整个文件夹拷到笔记本，双击“开始登记”；口令另外告诉登记的人")


def _held_lines(held: Sequence[Held]) -> list[str]:
    """Rows of rosters whose students are not in the kit."""
    more = [f"…… 名册里另有 {len(held) - SHOWN} 行没有采用"] if len(held) > SHOWN else []
    return [*(f"{one.text}；这一行不在登记包里" for one in held[:SHOWN]), *more]


def back(
    session: SessionArgument,
    sources: Annotated[
        list[Path], typer.Argument(metavar="FILE_OR_FOLDER", help="日志 scanlog-*.csv，或登记包所在的文件夹、U盘")
    ],
    workspace: WorkspaceOption = Path(),
    as_json: JsonOption = False,
) -> None:
    """收回：把笔记本上的登记日志抄进 inbox/<场次>，逐行核对，不改动原件。"""
    place = Workspace(workspace, sweep=False)
    session = place.session(session)
    taken = take_back(place.folder, place.campaign_now, session, [whole_drive(source) for source in sources])
    if as_json:
        print_json({"session": session, "logs": [one.model_dump(mode="json") for one in taken]})
    else:
        _show(session, taken)
    if any(one.became == "refused" for one in taken):
        raise typer.Exit(FAULT)


def _show(session: str, taken: list[Back]) -> None:
    for one in taken:
        into = f"{printable(one.file)}：inbox/{session}/{one.name}"
        say(f"{WORDS[one.became]} {into}，{one.rows} 行" if one.name else f"未收 {one.file}：{one.why}")
        for line in (*one.warnings, *(held.text for held in one.held)):
            warn(line)
