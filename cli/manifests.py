"""`manifests`: what the courier carries, and what is released for it."""

from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, Any

import typer

from cli.operator import operator
from cli.problem import FAULT, Problem
from cli.show import print_json, say, warn
from cli.workspace import JsonOption, Workspace, WorkspaceOption
from gradphoto.parcels import Parcel
from gradphoto.stages.addresses import addresses_now, addresses_of, released_to, remarks_of
from gradphoto.stages.blocked import BLOCKED, blocked_of
from gradphoto.stages.consign import Written, release, write_manifests

ALL = "all"
"""Instead of a centre: every one that has a bundle."""


def manifests(
    to: Annotated[
        Path | None, typer.Option("--to", metavar="DIR", help="目标文件夹", show_default="工作区的 manifests/")
    ] = None,
    release_: Annotated[
        list[str] | None, typer.Option("--release", metavar="CENTRE", help="放行该中心的包裹，all 为全部")
    ] = None,
    workspace: WorkspaceOption = Path(),
    as_json: JsonOption = False,
) -> None:
    """寄送清单：邮寄名单和顺丰导入表；不覆盖任何文件。"""
    place = Workspace(workspace)
    inputs = place.inputs
    parcels = release_wanted(place, release_ or [])
    known = addresses_now(place.store, inputs)
    written = write_manifests(
        place.store,
        inputs.campaign,
        addresses_of(known),
        inputs.held_addresses,
        place.sender,
        (to or place.folder / "manifests").absolute(),
        remarks_of(known),
    )
    for line in written.discrepancies:
        warn(line)
    if as_json:
        print_json(_written(written, [parcel.number for parcel in parcels]))
    else:
        for path in written.paths:
            say(str(path))
        for held in written.held:
            warn(f"{held.centre} 暂缓寄送：{held.reason}")
    for one in known.values():
        for line in one.flags if one.centre in place.bundles else ():
            warn(f"{one.centre} {line}")
    if written.discrepancies:
        raise typer.Exit(FAULT)


def release_wanted(place: Workspace, names: Iterable[str]) -> list[Parcel]:
    """Release the parcels of some centres, `all` for every one; what there was to release, in that order."""
    every = ALL in names
    wanted = list(place.bundles) if every else [place.centre(one) for one in names]
    _warn_blocked(place, wanted, every)
    prefix, who = place.campaign.parcel_prefix, operator(place)
    found = []
    for centre in wanted:
        if centre in place.bundles:
            noted = released_to(place.store, place.inputs, centre, who, place.now)
            found.append(release(place.store, centre, place.bundles[centre], prefix, noted))
    return [parcel for parcel in found if parcel]


def _warn_blocked(place: Workspace, centres: Iterable[str], every: bool) -> None:
    """What was asked for by name and is blocked is refused before anything is released."""
    versions = [(one, place.bundles[one].version) for one in centres if one in place.bundles]
    for centre, version in sorted(blocked_of(place.store, versions)):
        line = f"中心 {centre} 第 {version} 版照片包{BLOCKED}，不能放行：请先运行 gradphoto nightly"
        if not every:
            raise Problem(line)
        warn(line)


def _written(written: Written, released: list[str]) -> dict[str, Any]:
    return {
        "files": [str(path) for path in written.paths],
        "rows": written.rows,
        "released": released,
        "on_courier_sheet": list(written.parcels),
        "held": [held._asdict() for held in written.held],
        "discrepancies": list(written.discrepancies),
    }
