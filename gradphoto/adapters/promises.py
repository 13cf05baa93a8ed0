"""What a bundle of ours promises beyond BagIt: its tables, its photos and its bag-info agree.

A bag without `data/photos.csv` promises nothing.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

from PIL import Image

from gradphoto.adapters.bag import CHANGES_CSV, MISSING_CSV, PHOTOS, PHOTOS_CSV
from gradphoto.adapters.store import digest_file
from gradphoto.adapters.tables import csv_rows
from gradphoto.bundle import Absent, Change, Photo
from gradphoto.bundle_rows import Model, parse

Numbered = list[tuple[int, Model]]


def promise_faults(folder: Path) -> list[str]:
    """One Chinese line for each promise that the unpacked bundle at `folder` breaks."""
    if not (folder / PHOTOS_CSV).is_file():
        return []
    photos, faults = _table(folder, PHOTOS_CSV, Photo)
    absent, more = _table(folder, MISSING_CSV, Absent)
    changed, yet_more = _table(folder, CHANGES_CSV, Change)
    faults += more + yet_more
    for number, photo in photos:
        faults += [f"{PHOTOS_CSV} 第{number}行：{why}" for why in _photo_faults(folder, photo)]
    faults += _twice(PHOTOS_CSV, [(number, photo.student_no) for number, photo in photos])
    faults += _twice(PHOTOS_CSV, [(number, photo.file.casefold()) for number, photo in photos])
    delivered = {photo.student_no for _, photo in photos}
    faults += _absent_faults(absent, delivered)
    faults += _change_faults(changed, delivered)
    return faults + _unlisted(folder, {photo.file for _, photo in photos}) + _oxum(folder)


def _table(folder: Path, name: str, model: type[Model]) -> tuple[Numbered[Model], list[str]]:
    try:
        return parse(model, csv_rows((folder / name).read_bytes()), name)
    except FileNotFoundError:
        return [], [f"{name}：包里没有这个文件"]
    except ValueError as trouble:
        return [], [f"{name}：不是UTF-8编码的CSV文件（{type(trouble).__name__}）"]


def _photo_faults(folder: Path, photo: Photo) -> Iterator[str]:
    path = folder / PHOTOS / photo.file
    if not path.is_file():
        yield f"照片 {photo.file} 不在包里"
        return
    if digest_file(path) != photo.sha256:
        yield f"照片 {photo.file} 与 sha256 不符"
    if path.stat().st_size != photo.bytes:
        yield f"照片 {photo.file} 有 {path.stat().st_size} 字节，表中是 {photo.bytes}"
    found = _jpeg_size(path)
    if found != f"{photo.width}×{photo.height}":
        yield f"照片 {photo.file} 是 {found}，表中是 {photo.width}×{photo.height}"


def _jpeg_size(path: Path) -> str:
    """`480×640`, or what else it is."""
    try:
        with Image.open(path, formats=("JPEG",)) as image:
            return f"{image.width}×{image.height}"
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return "无法读取的文件"


def _twice(name: str, values: Sequence[tuple[int, str]]) -> list[str]:
    count = Counter(value for _, value in values)
    return [f"{name} 第{number}行：{value} 出现了不止一次" for number, value in values if count[value] > 1]


def _absent_faults(absent: Numbered[Absent], delivered: set[str]) -> list[str]:
    both = [(number, part.student_no) for number, part in absent if part.student_no in delivered]
    faults = [f"{MISSING_CSV} 第{number}行：学号 {student} 在 photos.csv 中有照片" for number, student in both]
    return faults + _twice(MISSING_CSV, [(number, part.student_no) for number, part in absent])


def _change_faults(changed: Numbered[Change], delivered: set[str]) -> list[str]:
    faults = [
        f"{CHANGES_CSV} 第{number}行：学号 {part.student_no} 是 {part.change}，与 photos.csv 不符"
        for number, part in changed
        if (part.change == "removed") == (part.student_no in delivered)
    ]
    return faults + _twice(CHANGES_CSV, [(number, part.student_no) for number, part in changed])


def _unlisted(folder: Path, listed: set[str]) -> list[str]:
    top = folder / PHOTOS
    found = sorted(path.relative_to(top).as_posix() for path in top.rglob("*") if not path.is_dir())
    return [f"{PHOTOS}{name}：不在 photos.csv 中" for name in found if name not in listed]


def _oxum(folder: Path) -> list[str]:
    """That it is right is judged with the bag; a bundle also promises to have it."""
    info = folder / "bag-info.txt"
    said = info.is_file() and b"\nPayload-Oxum:" in b"\n" + info.read_bytes()
    return [] if said else ["bag-info.txt：缺少 Payload-Oxum"]
