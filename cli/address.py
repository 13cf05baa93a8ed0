"""`address`: where a centre's prints go, as it said itself, and whether it gets the files."""

from pathlib import Path
from typing import Annotated, Any

import typer

from cli.operator import operator
from cli.show import print_json, print_table, say, warn
from cli.workspace import JsonOption, Workspace, WorkspaceOption
from gradphoto.addresses import WAY_WORDS, AddressSaid, Known
from gradphoto.stages.addresses import addresses_now, confirm_electronic, say_address

COLUMNS = (
    "中心",
    "名称",
    "联系人",
    "办公电话",
    "移动电话",
    "详细地址",
    "电子数据",
    "出处",
    "签名",
    "备注",
    "注意",
)
CentreArgument = Annotated[str, typer.Argument(metavar="CENTRE", help="中心")]

app = typer.Typer(help="地址：照片寄到哪里、要不要电子数据；查看、登记、确认", no_args_is_help=True)


@app.command()
def show(
    centre: Annotated[str | None, typer.Argument(metavar="[CENTRE]", help="只看该中心")] = None,
    workspace: WorkspaceOption = Path(),
    as_json: JsonOption = False,
) -> None:
    """各中心现用的地址：从哪里来、谁说的、有什么要核实。"""
    place = Workspace(workspace)
    only = place.centre(centre) if centre else None
    known = addresses_now(place.store, place.inputs)
    found = [one for one in known.values() if only in (None, one.centre)]
    if as_json:
        print_json({"addresses": [_document(one) for one in found]})
        return
    if found:
        print_table("地址", COLUMNS, [_cells(place, one) for one in found])
    lacking = [one.id for one in place.campaign.centres if one.id not in known and only in (None, one.id)]
    if lacking:
        warn(f"还没有地址：{' '.join(lacking)}。请写进 mailing.csv，或用 gradphoto address set 登记")


@app.command("set")
def set_(
    centre: CentreArgument,
    contact: Annotated[str, typer.Option(help="联系人")],
    address: Annotated[str, typer.Option(help="详细地址，从省市写起")],
    signature: Annotated[str, typer.Option(help="签名：教学点谁确认的")],
    phone: Annotated[str, typer.Option(help="办公电话")] = "",
    mobile: Annotated[str, typer.Option(help="移动电话")] = "",
    electronic: Annotated[bool, typer.Option("--electronic/--no-electronic", help="需要电子数据")] = False,
    note: Annotated[str, typer.Option(help="备注")] = "",
    on_site: Annotated[bool, typer.Option("--on-site/--by-phone", help="现场登记，或操作员代填")] = True,
    workspace: WorkspaceOption = Path(),
    as_json: JsonOption = False,
) -> None:
    """登记：教学点在现场（或电话里）说的地址；后说的为准，此前的都留着。"""
    place = Workspace(workspace)
    said = AddressSaid(
        centre=place.centre(centre),
        contact=contact,
        phone=phone,
        mobile=mobile,
        address=address,
        electronic=electronic,
        note=note,
        signature=signature,
        way="site" if on_site else "operator",
        who=operator(place),
        at=place.now,
    )
    number = say_address(place.store, place.inputs, said)
    one = addresses_now(place.store, place.inputs)[centre]
    for line in one.flags:
        warn(f"{centre} {line}")
    if as_json:
        print_json({"record": number, "flags": list(one.flags)})
        return
    say(f"{centre} 的地址已登记（记录 {number}）")
    if electronic and not one.confirmed:
        say(f"该教学点要电子数据：核实后请运行 gradphoto address confirm {centre}")


@app.command()
def confirm(
    centre: CentreArgument,
    no: Annotated[bool, typer.Option("--no", help="不同意，或收回此前的确认")] = False,
    workspace: WorkspaceOption = Path(),
    as_json: JsonOption = False,
) -> None:
    """确认：同意把电子数据给该教学点；此后它的地址再有变动须重新确认。"""
    place = Workspace(workspace)
    number = confirm_electronic(
        place.store, place.centre(centre), operator(place), place.now, not no, place.inputs
    )
    if as_json:
        print_json({"record": number, "confirmed": not no})
    else:
        say(f"{centre} {'已收回电子数据的确认' if no else '可以下载电子数据了'}（记录 {number}）")


def _cells(place: Workspace, one: Known) -> tuple[object, ...]:
    where = one.address
    files = "否" if not where.electronic else "是，已确认" if one.confirmed else "是，待确认"
    source = where.where if not one.record else f"{WAY_WORDS[one.way]} {one.at[:10]}（记录 {one.record}）"
    odd = [*([f"不能寄：{where.unusable}"] if where.unusable else []), *one.doubts, *one.flags]
    return (
        one.centre, place.campaign.centre(one.centre).name, where.contact, where.phone, where.mobile,
        where.address, files, source, one.signature, where.note, "；".join(odd),
    )  # fmt: skip


def _document(one: Known) -> dict[str, Any]:
    where = one.address.model_dump(mode="json", exclude={"ref"})
    return {
        "centre": one.centre,
        **where,
        "way": one.way,
        "who": one.who,
        "at": one.at,
        "signature": one.signature,
        "record": one.record,
        "confirmed": one.confirmed,
        "edited": one.edited,
        "after_release": one.after_release,
        "usable": one.address.unusable is None,
        "doubts": list(one.doubts),
        "flags": list(one.flags),
    }
