"""`export`: portraits under the names that somebody else asks for, with the lists beside them."""

from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, Any

import typer

from cli.bundles import ToOption
from cli.problem import Problem
from cli.show import print_json, say, warn
from cli.workspace import JsonOption, Workspace, WorkspaceOption
from config.export_profile import ExportProfile, load_export_profile
from gradphoto.adapters.room import in_passing, refuse_shortage
from gradphoto.packed import Packed
from gradphoto.room import Need
from gradphoto.stages.blocked import BLOCKED, blocked_of
from gradphoto.stages.export import Made, Order, export, size_of

SHOWN = 10
"""Students who are named; the rest is counted."""


def export_command(
    profile: Annotated[
        str,
        typer.Option(
            "--profile", metavar="P", help="导出方式：chsi-upload、by-id-no、by-student-no，或自己的 .toml 文件"
        ),
    ],
    centre: Annotated[
        list[str] | None, typer.Option("--centre", metavar="C", help="中心，可写多次", show_default="全部")
    ] = None,
    to: ToOption = Path(),
    workspace: WorkspaceOption = Path(),
    as_json: JsonOption = False,
) -> None:
    """导出：各中心最新照片包里的照片，按导出方式命名并附名单；先逐人核对，不覆盖任何文件。"""
    place = Workspace(workspace)
    wanted = load_export_profile(profile, place.folder)
    bundles, blocked = _bundles(place, centre or [])
    size = size_of(bundles)
    largest = max((packed.bytes for packed in bundles.values()), default=0)
    refuse_shortage([Need("目标文件夹", to.absolute(), [size]), *in_passing([largest])])
    order = Order(wanted, bundles, to, _name(wanted, centre or []), place.now)
    _tell(export(place.store, place.season, order), order, blocked, as_json)


def _bundles(place: Workspace, centres: Iterable[str]) -> tuple[dict[str, Packed], list[str]]:
    """The newest bundles of these centres, and those of all that are blocked; one named by somebody is refused."""
    named = list(dict.fromkeys(place.centre(one) for one in centres))
    for one in named:
        place.bundle(one)
    if not place.bundles:
        raise Problem("还没有照片包：请先运行 gradphoto nightly")
    chosen = {one: packed for one, packed in place.bundles.items() if not named or one in named}
    blocked = {one for one, _ in blocked_of(place.store, [(one, chosen[one].version) for one in chosen])}
    for one in named:
        if one in blocked:
            line = f"中心 {one} 第 {chosen[one].version} 版照片包{BLOCKED}，不能导出"
            raise Problem(f"{line}：请先运行 gradphoto nightly")
    return {one: packed for one, packed in chosen.items() if one not in blocked}, sorted(blocked)


def _name(profile: ExportProfile, centres: Iterable[str]) -> str:
    """`chsi-upload-yanchi.zip`; of all centres, or of many, without them."""
    named = sorted(set(centres))
    stem = "-".join([profile.id, *(named if len(named) <= 3 else [f"{len(named)}-centres"])])
    return f"{stem}.zip" if profile.form == "zip" else stem


def _tell(made: Made, order: Order, blocked: list[str], as_json: bool) -> None:
    for one in blocked:
        warn(f"中心 {one} 的最新照片包{BLOCKED}，没有导出：请先运行 gradphoto nightly")
    for left in made.left_out[:SHOWN]:
        warn(f"学号 {left.student_no} 没有导出：{left.says}")
    if len(made.left_out) > SHOWN:
        warn(f"另有 {len(made.left_out) - SHOWN} 人没有导出")
    if as_json:
        print_json(_document(made, order, blocked))
    elif made.path and made.exported:
        say(f"{made.path}（{len(made.exported.photos)} 人，{len(order.bundles)} 个中心，已记录）")
    else:
        say("没有可以导出的照片")


def _document(made: Made, order: Order, blocked: list[str]) -> dict[str, Any]:
    exported = made.exported
    return {
        "profile": order.profile.id,
        "path": str(made.path) if made.path else None,
        "sha256": exported.sha256 if exported else None,
        "photos": len(exported.photos) if exported else 0,
        "bundles": [one.model_dump() for one in exported.bundles] if exported else [],
        "left_out": [one._asdict() for one in made.left_out],
        "blocked": blocked,
    }
