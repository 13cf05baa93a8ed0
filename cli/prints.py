"""`prints`: the sheets of a centre's prints for the lab."""

from pathlib import Path
from typing import Annotated, Any

import typer

from cli.bundles import ToOption
from cli.progress import bars
from cli.show import print_json, say, warn
from cli.workspace import JsonOption, Workspace, WorkspaceOption
from config.print_size import DEFAULT, load_print_size
from gradphoto.stages.prints import Made, Order, print_centre


def prints(
    centre: Annotated[str, typer.Argument(help="中心", metavar="CENTRE")],
    to: ToOption = Path(),
    size: Annotated[
        str, typer.Option(metavar="SIZE", help="尺寸：33x48、35x45、35x49、35x53，或自己的 .toml 文件")
    ] = DEFAULT,
    every: Annotated[bool, typer.Option("--all", help="印过的也再印")] = False,
    font: Annotated[Path | None, typer.Option(metavar="FILE", help="中文字体文件", show_default="本机的")] = None,
    workspace: WorkspaceOption = Path(),
    as_json: JsonOption = False,
) -> None:
    """冲印：每人八张二寸照片排在六寸相纸上，PDF；只排没有印过的，不覆盖任何文件。"""
    place = Workspace(workspace)
    packed = place.bundle(place.centre(centre))
    place.refuse_unread(centre)
    order = Order(
        packed,
        load_print_size(size, place.folder),
        to,
        at=place.now,
        every=every,
        workers=place.settings.workers,
        font=font,
    )
    with bars(quiet=as_json):
        made = print_centre(place.store, place.season, order)
    _tell(made, as_json)


def _tell(made: Made, as_json: bool) -> None:
    for left in made.left_out:
        warn(f"学号 {left.student_no} 没有印：{left.trouble.text}")
    for one in made.unprintable:
        warn(f"学号 {one.student_no}：姓名中的 {one.codes} 字体里没有，相纸上留了空")
    if as_json:
        print_json(_document(made))
    elif made.path and made.printed:
        say(f"{made.path}（{len(made.printed.prints)} 人，{made.pages} 张相纸；此前印过 {made.known} 人）")
    else:
        say(f"没有新的照片要印：此前印过 {made.known} 人；全部重印请加 --all")


def _document(made: Made) -> dict[str, Any]:
    return {
        "path": str(made.path) if made.path else None,
        "sha256": made.printed.sha256 if made.printed else None,
        "students": [one.student_no for one in made.printed.prints] if made.printed else [],
        "pages": made.pages if made.printed else 0,
        "known": made.known,
        "left_out": [{"student_no": one.student_no, **one.trouble.model_dump()} for one in made.left_out],
        "unprintable": [{"student_no": one.student_no, "characters": one.characters} for one in made.unprintable],
    }
