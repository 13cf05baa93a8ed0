"""`shipments`: how each centre's delivery stands, what is released, when it is announced; the whole group."""

from pathlib import Path
from typing import Annotated, Any

import typer

from cli import shipments_parcels
from cli.manifests import ALL, release_wanted
from cli.operator import operator
from cli.parcels_table import PARCEL_COLUMNS, parcel_rows
from cli.shipments_waybills import app as waybills
from cli.show import print_json, print_table, say, warn
from cli.workspace import JsonOption, Workspace, WorkspaceOption
from gradphoto.adapters.fresh import write_fresh
from gradphoto.delivery_notice import delivery_notice
from gradphoto.shipment import Shipment
from gradphoto.shipping_rules import day as checked_day
from gradphoto.stages.addresses import addresses_now
from gradphoto.stages.shipments import shipments_of
from gradphoto.stages.stock import Said, announce

OPEN = ("待定", "open")
"""Instead of a day: it was taken back."""
FEW = 6
"""Centres that are named one by one."""
CENTRE_COLUMNS = ("中心", "名称", "下发时间", "未放行", "地址", "注意")
CentresArgument = Annotated[list[str], typer.Argument(metavar="CENTRE…", help="中心，all 为全部")]

app = typer.Typer(help="寄送：放行、运单号、装箱单、核对封箱、寄出、收到、下发时间", no_args_is_help=True)
for command in (
    shipments_parcels.slips,
    shipments_parcels.seal,
    shipments_parcels.sent,
    shipments_parcels.received,
    shipments_parcels.cancel,
):
    app.command()(command)
app.add_typer(waybills, name="waybills")


@app.command("list")
def list_(
    centre: Annotated[str | None, typer.Argument(metavar="[CENTRE]", help="只看该中心")] = None,
    workspace: WorkspaceOption = Path(),
    as_json: JsonOption = False,
) -> None:
    """各中心的下发时间、地址和包裹现在怎样。"""
    place = Workspace(workspace)
    only = place.centre(centre) if centre else None
    found = shipments_of(place.store, place.campaign, place.bundles)
    shown = {one: going for one, going in found.items() if only in (None, one)}
    known = addresses_now(place.store, place.inputs)
    flags = {one: known[one].flags if one in known else () for one in shown}
    usable = {one: one in known and not known[one].address.unusable for one in shown}
    if as_json:
        documents = (_document(place, one, going, usable[one], flags[one]) for one, going in shown.items())
        print_json({"centres": list(documents)})
        return
    rows = (
        (one, place.campaign.centre(one).name, going.word, going.outstanding,
         "" if usable[one] else "没有可用的地址", "；".join(flags[one]))
        for one, going in shown.items()
    )  # fmt: skip
    print_table("下发", CENTRE_COLUMNS, rows)
    parcels = [row for one, going in shown.items() for row in parcel_rows(one, going)]
    if parcels:
        print_table("包裹", PARCEL_COLUMNS, parcels)


@app.command()
def release(centres: CentresArgument, workspace: WorkspaceOption = Path(), as_json: JsonOption = False) -> None:
    """放行：把尚未交寄的照片装成包裹（首寄、补寄），等下一次寄送清单。"""
    place = Workspace(workspace)
    parcels = release_wanted(place, centres)
    if as_json:
        print_json({"released": [parcel.number for parcel in parcels]})
        return
    for parcel in parcels:
        say(f"{parcel.number} {parcel.kind}，{len(parcel.prints)} 人")
    say("接着用 gradphoto manifests 写顺丰导入表" if parcels else "没有可放行的：都已放行，或还没有照片包")


@app.command()
def date(
    centre: Annotated[str, typer.Argument(metavar="CENTRE", help="中心，all 为全部")],
    day: Annotated[str, typer.Argument(metavar="DATE", help="如 2023-08-01；待定 或 open 为收回")],
    workspace: WorkspaceOption = Path(),
    as_json: JsonOption = False,
) -> None:
    """下发时间：定下（或收回）该中心照片下发的日期。"""
    place = Workspace(workspace)
    wanted = [one.id for one in place.campaign.centres] if centre == ALL else [place.centre(centre)]
    when = "" if day in OPEN else checked_day(day)
    changed = announce(place.store, wanted, when, Said(operator(place), place.now))
    last = max(session.date.isoformat() for session in place.campaign.sessions)
    if when and when <= last:
        warn(f"{when} 不晚于最后一场采集（{last}），请核对")
    if as_json:
        print_json({"date": when or None, "changed": changed})
        return
    said = f"定于 {when} 下发" if when else "下发时间待通知"
    who = "、".join(changed) if len(changed) < FEW else f"{len(changed)} 个中心"
    say(f"{who} {said}" if changed else f"没有变化：{said}")
    if changed and when:
        say("接着用 gradphoto shipments notices 写给各中心的通知")


@app.command()
def notices(
    centres: Annotated[
        list[str] | None, typer.Argument(metavar="[CENTRE]…", help="中心", show_default="定了日期、有照片的全部")
    ] = None,
    to: Annotated[
        Path | None, typer.Option("--to", metavar="DIR", help="目标文件夹", show_default="工作区的 manifests/")
    ] = None,
    workspace: WorkspaceOption = Path(),
    as_json: JsonOption = False,
) -> None:
    """下发通知：给定了日期的每个中心写一份中文通知。"""
    place = Workspace(workspace)
    found = shipments_of(place.store, place.campaign, place.bundles)
    every = [one for one in place.bundles if found[one].date]
    wanted = [place.centre(one) for one in centres] if centres else every
    for one in (one for one in wanted if not found[one].date):
        warn(f"中心 {one} 下发时间待通知，没有写：请先用 gradphoto shipments date 定下")
    known = addresses_now(place.store, place.inputs)
    folder = (to or place.folder / "manifests").absolute()
    paths: list[Path] = []
    for one in (one for one in wanted if found[one].date):
        where, packed = known.get(one), place.bundles.get(one)
        text = delivery_notice(
            place.campaign, one, found[one], where.address if where else None,
            len(packed.deliveries) if packed else 0, bool(where and where.downloads),
        )  # fmt: skip
        paths += write_fresh(folder, {f"下发通知-{one}.txt": text.encode()}).paths
    if as_json:
        print_json({"files": list(map(str, paths))})
        return
    for path in paths:
        say(str(path))


def _document(
    place: Workspace, centre: str, shipment: Shipment, usable: bool, flags: tuple[str, ...]
) -> dict[str, Any]:
    name = place.campaign.centre(centre).name
    return {
        "id": centre,
        "name": name,
        **shipment.model_dump(mode="json"),
        "address": {"usable": usable, "flags": list(flags)},
    }
