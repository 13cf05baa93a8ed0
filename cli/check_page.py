"""`check --page`: the report as one file for the photographer, the desk, and the wall. There are people in it."""

from base64 import b64encode
from collections.abc import Sequence
from pathlib import Path

from cli.problem import Problem
from gradphoto.adapters.durable import private, settle
from gradphoto.adapters.reasons import reason
from gradphoto.stages.watching import Venue
from gradphoto.venue import Report
from portal.check_page import MARK, check_page

PICTURES = 6
"""Of one trouble, as many as are shown."""


def refuse_page(path: Path, folders: Sequence[Path]) -> None:
    """`Problem` when the page would be written over something else, or among the pictures."""
    if any(path.resolve().is_relative_to(folder.resolve()) for folder in folders):
        raise Problem(f"{path}：网页不能写进照片所在的文件夹，请换一个地方")
    if path.is_dir() or (path.exists() and not _is_ours(path)):
        raise Problem(f"{path}：已有别的文件，请换一个名字")
    if not path.absolute().parent.is_dir():
        raise Problem(f"{path}：没有这个文件夹，请先建立")


def write_page(path: Path, report: Report, venue: Venue) -> None:
    """Write the page, readable by its owner alone, in the place of an older one."""
    shown = {one for trouble in report.troubles for one in trouble.pictures[:PICTURES]}
    pictures = {one: b64encode(small).decode() for one in sorted(shown) if (small := venue.small(one))}
    html = check_page(report, pictures, f"{venue.now:%Y-%m-%d %H:%M}", PICTURES)
    part = path.with_name(f".{path.name}.part")
    try:
        with open(part, "wb", opener=private) as file:
            file.write(html.encode())
            settle(file)
        part.chmod(0o600)
        part.replace(path)
    except OSError as trouble:
        raise Problem(f"{path}：写不进去（{reason(trouble)}），请检查文件夹和权限") from None
    finally:
        part.unlink(missing_ok=True)


def _is_ours(path: Path) -> bool:
    with path.open("rb") as file:
        return MARK.encode() in file.read(200)
