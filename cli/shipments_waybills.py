"""`shipments waybills`: the courier's numbers, from its file or typed in."""

from pathlib import Path
from typing import Annotated

import typer

from cli.operator import operator
from cli.problem import FAULT, Problem
from cli.show import print_json, say, warn
from cli.workspace import JsonOption, Workspace, WorkspaceOption
from config.documents import read_ordinary
from gradphoto.adapters.reasons import reason
from gradphoto.adapters.sheets import MAX_BYTES
from gradphoto.safe_name import safe_name
from gradphoto.stages.stock import Said, import_waybills, set_waybill

app = typer.Typer(help="运单号：从顺丰的文件导入，或手工填写", no_args_is_help=True)


@app.command("import")
def import_(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="顺丰导出的 CSV 或 XLSX")],
    workspace: WorkspaceOption = Path(),
    as_json: JsonOption = False,
) -> None:
    """导入运单号：用户订单号和运单号两列；不对的行按文件、行、列说明，不采用。"""
    place = Workspace(workspace)
    try:
        data = read_ordinary(file, MAX_BYTES)
    except OSError as trouble:
        raise Problem(f"{safe_name(str(file))}：无法读取（{reason(trouble)}），请检查文件") from None
    found = import_waybills(place.store, data, safe_name(file.name), Said(operator(place), place.now))
    for held in found.held:
        warn(held.text)
    if as_json:
        held_rows = [one.model_dump(mode="json") for one in found.held]
        print_json({"new": found.new, "known": found.known, "held": held_rows})
    else:
        say(f"新运单号 {len(found.new)} 个，此前已有 {len(found.known)} 个，未采用 {len(found.held)} 处")
    if found.held:
        raise typer.Exit(FAULT)


@app.command("set")
def set_(
    parcel: Annotated[str, typer.Argument(metavar="PARCEL", help="包裹")],
    waybill: Annotated[str, typer.Argument(metavar="WAYBILL", help="运单号")],
    instead: Annotated[str, typer.Option(metavar="WAYBILL", help="换掉的旧运单号")] = "",
    workspace: WorkspaceOption = Path(),
    as_json: JsonOption = False,
) -> None:
    """填写一个包裹的运单号；换掉旧的要写明旧的，换后须重新核对封箱。"""
    place = Workspace(workspace)
    new = set_waybill(place.store, parcel, waybill, instead, Said(operator(place), place.now))
    if as_json:
        print_json({"parcel": parcel, "waybill": waybill, "new": new})
    else:
        say(f"包裹 {parcel} 的运单号是 {waybill}" + ("" if new else "，此前已记下"))
