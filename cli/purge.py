"""`purge`: a student's or a centre's pictures destroyed, in two steps, with a receipt."""

from datetime import datetime
from pathlib import Path
from typing import Annotated, Any
from zoneinfo import ZoneInfo

import typer

from cli.keep import existing_store
from cli.operator import operator
from cli.problem import Problem
from cli.show import print_json, print_table, say
from cli.workspace import JsonOption, Workspace, WorkspaceOption
from gradphoto.purge import Receipt, Scope
from gradphoto.purges import purges, receipts
from gradphoto.receipt import KINDS, receipt_text
from gradphoto.stages.purge import Listing, purge_list
from gradphoto.stages.purge_apply import confirm, purge_copy
from gradphoto.stages.purge_papers import complete_purges, write_receipts

SHOWN = 10
"""Paths that are printed of each kind; `--json` has them all."""


def purge(
    centre: Annotated[str | None, typer.Option(metavar="CENTRE", help="销毁该中心的全部照片")] = None,
    student: Annotated[list[str] | None, typer.Option(metavar="STUDENT", help="销毁该学生的照片，可重复")] = None,
    confirm_: Annotated[str | None, typer.Option("--confirm", metavar="DIGEST", help="清单的校验码")] = None,
    store: Annotated[str | None, typer.Option("--store", metavar="URL", help="在这个备份中也销毁")] = None,
    workspace: WorkspaceOption = Path(),
    as_json: JsonOption = False,
) -> None:
    """销毁：先列清单，确认后销毁照片并出具回执。"""
    if store is not None:
        _in_copy(store, workspace, bool(centre or student or confirm_), as_json)
        return
    if bool(centre) == bool(student):
        raise Problem("请写明 --centre CENTRE 或 --student STUDENT（可重复），二者选一")
    place, scope = Workspace(workspace), Scope(centre=centre or "", students=tuple(sorted(set(student or ()))))
    if confirm_ is None:
        _show(purge_list(place.store, place.folder, place.settings, scope), as_json)
    else:
        _confirmed(place, scope, confirm_, as_json)


def _confirmed(place: Workspace, scope: Scope, digest: str, as_json: bool) -> None:
    complete_purges(place.store, place.folder)
    known = {(one.digest, one.scope): number for number, one in purges(place.store).items()}
    number = known.get((digest, scope)) or _begin(place, scope, digest)
    complete_purges(place.store, place.folder)
    receipt = receipts(place.store)[number]
    (path,) = write_receipts(place.folder, [receipt])
    _show_receipt(receipt, path, as_json)


def _begin(place: Workspace, scope: Scope, digest: str) -> int:
    listing = purge_list(place.store, place.folder, place.settings, scope)
    if listing.digest != digest:
        raise Problem(f"清单已变（现在的校验码是 {listing.digest}），什么也没有销毁：请重新查看清单再确认")
    who = operator(place)
    at = datetime.now(ZoneInfo(place.campaign.timezone)).isoformat(timespec="seconds")
    return confirm(place.store, listing, who, at)


def _show(listing: Listing, as_json: bool) -> None:
    if as_json:
        print_json(_listed(listing))
        return
    counts = listing.purge.counts
    rows = [(KINDS[kind], counts[kind]) for kind in KINDS if counts.get(kind)]
    print_table(f"将销毁：{listing.purge.scope.text}", ("什么", "数量"), rows)
    say("无法由程序销毁，须逐项处理：")
    for each in listing.beyond:
        say(f"□ {each.total}")
        for path in each.places[:SHOWN]:
            say(f"    {path}")
        if len(each.places) > SHOWN:
            say(f"    …… 共 {len(each.places)} 个，全部见 --json")
    say(f"还没有销毁任何东西。核对后再运行一次，加上 --confirm {listing.digest}")


def _listed(listing: Listing) -> dict[str, Any]:
    return {
        **listing.purge.scope.model_dump(),
        "digest": listing.digest,
        "counts": listing.purge.counts,
        "files": [
            {"session": one.session, "source": one.source, "path": one.path, "sha256": one.sha256}
            for one in listing.files
        ],
        "delete": list(listing.purge.delete),
        "redact": list(listing.purge.redact),
        "repack": list(listing.purge.repack),
        "beyond": [{"what": each.total, "places": list(each.places)} for each in listing.beyond],
    }


def _show_receipt(receipt: Receipt, path: Path, as_json: bool) -> None:
    if as_json:
        print_json({**receipt.model_dump(mode="json"), "paper": str(path)})
        return
    say(receipt_text(receipt))
    say(f"回执：{path}，请打印签字")


def _in_copy(url: str, workspace: Path, more: bool, as_json: bool) -> None:
    if more:
        raise Problem("--store 把已确认的销毁用到一个备份上，不要同时写 --centre、--student 或 --confirm")
    copy = existing_store(url, workspace)
    known = len(purges(copy))
    held = purge_copy(copy)
    if as_json:
        print_json({"store": url, "purges": known, "deleted": held})
    elif known:
        say(f"{url}：{known} 次销毁都已用到这个备份上，删去 {held} 个对象")
    else:
        say(f"{url}：这个备份不知道任何销毁，请先运行 gradphoto backup")
