"""What `campaign notices` and `retakes --to` print of the notices they made, and the options they share."""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from cli.show import print_json, print_table, say, warn
from cli.workspace import Workspace
from gradphoto.adapters.notice_slips import SEVERAL
from gradphoto.stages.notice_papers import Again, Made

FontOption = Annotated[Path | None, typer.Option(metavar="FILE", help="中文字体文件", show_default="本机的")]
OneOption = Annotated[bool, typer.Option("--one-a-page", help="一人一页，不是三人一页")]


def per_page(one_a_page: bool) -> int:
    """Slips of a sheet."""
    return 1 if one_a_page else SEVERAL


def clock(place: Workspace) -> datetime:
    """What o'clock it is where the campaign is, as its windows have it."""
    return place.local_time.replace(tzinfo=None)


def say_papers(made: Made, left_out: dict[str, int] | None = None) -> None:
    """Files, counts, who must be told again and who must be told not to come."""
    for line in made.warnings:
        warn(line)
    for sheaf in made.sheaves:
        for path in sheaf.paths:
            say(str(path))
    new = sum(len(sheaf.notices) for sheaf in made.sheaves)
    more = "".join(f"；{count} 人{why}" for why, count in (left_out or {}).items())
    what = f"要做 {made.due} 人的通知" if made.due else f"做了 {new} 人的通知"
    say(f"{what}，{made.known} 人的没有变化{more}")
    _say_again("须再次通知", made.again)
    _say_again("须通知不用来", made.cancelled)


def say_passed_on(found: Mapping[str, int], as_json: bool, undone: str) -> None:
    """How many of each centre are on record now as told; `undone` says what was perhaps not made yet."""
    if as_json:
        print_json({"told": found})
        return
    for centre, count in found.items():
        say(f"{centre}：{count} 人已登记为已通知")
    if not found:
        say(f"没有要登记的：{undone}，或都登记过了")


def _say_again(title: str, found: Iterable[Again]) -> None:
    rows = [(one.centre, one.student_no, "；".join(change.text for change in one.changes)) for one in found]
    if rows:
        many = Counter(row[0] for row in rows)
        print_table(f"{title}（{len(rows)} 人）", ("中心", "学号", "与上次通知不同之处"), rows)
        say("、".join(f"{centre} {count} 人" for centre, count in many.items()))


def papers_json(made: Made, left_out: dict[str, int] | None = None) -> dict[str, Any]:
    """The same as one document."""
    return {
        "centres": [
            {"id": one.centre, "made": len(one.notices), "files": [str(path) for path in one.paths]}
            for one in made.sheaves
        ],
        "known": made.known,
        "due": made.due,
        "again": [_again(one) for one in made.again],
        "cancelled": [_again(one) for one in made.cancelled],
        "left_out": left_out or {},
        "warnings": made.warnings,
    }


def _again(one: Again) -> dict[str, Any]:
    return {
        "student_no": one.student_no,
        "centre": one.centre,
        "changes": [change._asdict() for change in one.changes],
    }
