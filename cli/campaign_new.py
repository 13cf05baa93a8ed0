"""`campaign new`: next year's campaign from this year's."""

from pathlib import Path
from typing import Annotated

import typer

from cli.problem import Problem
from cli.show import print_json, say
from cli.workspace import JsonOption, WorkspaceOption
from config.campaign_file import parse_campaign, read_campaign
from config.campaign_new import new_year


def new(
    from_: Annotated[str, typer.Option("--from", metavar="CAMPAIGN", help="原来的活动：自带活动的编号，或文件")],
    year: Annotated[int, typer.Option(metavar="YEAR", help="新的年份")],
    to: Annotated[
        Path | None, typer.Option("--to", metavar="FILE", help="新文件", show_default="campaign-YEAR.toml")
    ] = None,
    workspace: WorkspaceOption = Path(),
    as_json: JsonOption = False,
) -> None:
    """新的一年：日期移到相同的星期，列出须重新确认的各行。"""
    name, text = read_campaign(from_, workspace)
    made = new_year(text, year, name)
    path = to or Path(f"campaign-{year}.toml")
    try:
        with path.open("x", encoding="utf-8", newline="") as file:
            file.write(made.text)
    except FileExistsError:
        raise Problem(f"{path}：已经有这个文件，请用 --to 另取一个名字") from None
    if as_json:
        open_ = [point._asdict() for point in made.points]
        id_ = parse_campaign(made.text, str(path)).id
        print_json({"path": str(path), "campaign": id_, "shift_days": made.days, "open": open_})
        return
    say(f"{path}：日期后移 {made.days} 天，星期不变；下列 {len(made.points)} 行须重新确认")
    for point in made.points:
        say(f"第{point.line}行 待确认：{point.what}")
