"""`ingest` and `close`: what comes from the cameras, and that a session is over."""

import getpass
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any
from zoneinfo import ZoneInfo

import typer

from cli.progress import bars
from cli.show import print_json, say, warn
from cli.workspace import JsonOption, Workspace, WorkspaceOption
from gradphoto.adapters.room import refuse_shortage
from gradphoto.progress import counter
from gradphoto.stages.close import close_session
from gradphoto.stages.ingest import Ingested
from gradphoto.stages.ingest import ingest as ingest_source
from gradphoto.stages.room import ingest_needs

SessionArgument = Annotated[str, typer.Argument(help="场次", metavar="SESSION")]


def ingest(
    session: SessionArgument,
    sources: Annotated[
        list[Path] | None, typer.Argument(help="来源文件夹", metavar="SOURCE", show_default="inbox/<场次>")
    ] = None,
    workspace: WorkspaceOption = Path(),
    as_json: JsonOption = False,
) -> None:
    """收片：把原片逐个校验后收入仓库，不改动来源。"""
    place = Workspace(workspace)
    session = place.session(session)
    folders = [(source, source.as_posix()) for source in sources or []]
    folders = folders or [(place.folder / "inbox" / session, f"inbox/{session}")]
    refuse_shortage(ingest_needs(place.store, session, folders))
    with bars(quiet=as_json):
        taken = [
            ingest_source(place.store, session, path, name, place.settings.shard_size, counter("ingest"))
            for path, name in folders
        ]
    if as_json:
        print_json({"session": session, **_counts(taken)})
        return
    counts = _counts(taken)
    say(f"{session}：新收 {counts['added']} 个文件，已有 {counts['known']} 个")
    for refusal in counts["refused"]:
        warn(f"未收 {refusal['path']}：{refusal['reason']}")
    for path in counts["growing"]:
        warn(f"未收 {path}：还在复制中，下次再收")
    for path in counts["purged"]:
        warn(f"未收 {path}：已经销毁过，请从来源中删去")


def close(session: SessionArgument, workspace: WorkspaceOption = Path(), as_json: JsonOption = False) -> None:
    """收工：说明该场次已经结束，当晚的流程可以开始；重复执行无妨。"""
    place = Workspace(workspace)
    session = place.session(session)
    now = datetime.now(ZoneInfo(place.campaign_now.timezone)).isoformat(timespec="seconds")
    new = close_session(place.store, session, getpass.getuser(), now)

    from flows.start import tell_closed  # Prefect takes a second to import

    told = tell_closed(session, place.folder)
    if as_json:
        print_json({"session": session, "closed": True, "new": new, "event": told})
        return
    say(f"{session} 已收工" if new else f"{session} 早已收工，无需重复")
    if not told:
        say("没有可用的 Prefect 服务器，未发出事件：请运行 gradphoto nightly，或等定时任务")


def _counts(taken: Sequence[Ingested]) -> dict[str, Any]:
    return {
        "added": sum(len(one.added) for one in taken),
        "known": sum(one.known for one in taken),
        "refused": [{"path": each.path, "reason": each.reason} for one in taken for each in one.refused],
        "growing": [path for one in taken for path in one.growing],
        "purged": [path for one in taken for path in one.purged],
    }
