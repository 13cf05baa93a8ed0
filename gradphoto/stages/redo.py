"""Every portrait of a bundle made once more from its original, by what the bundle says of how it was made.

Crop, profile and recipe stand in `photos.csv`, the profile's text in the store's snapshots. No record of readings
or renders is asked.
"""

from functools import partial
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

import numpy as np
from PIL import Image

from config.spec import Spec, parse_spec
from gradphoto.adapters.bag import PHOTOS, PHOTOS_CSV
from gradphoto.adapters.imaging.header import read_header
from gradphoto.adapters.imaging.render import Rendered, render
from gradphoto.adapters.imaging.tags import untagged
from gradphoto.adapters.limits import patience
from gradphoto.adapters.processes import Died, each
from gradphoto.adapters.store import DamagedObject, MissingObject, Store, fetch
from gradphoto.adapters.tables import csv_rows
from gradphoto.adapters.unpack import unpack
from gradphoto.bundle import Delivery
from gradphoto.bundle_rows import parse
from gradphoto.discrepancy import TEXTS, Discrepancy
from gradphoto.geometry import Crop
from gradphoto.reading import Reading
from gradphoto.stages.snapshot import newest_snapshot, read_snapshot
from gradphoto.versions import RECIPE


class _Job(NamedTuple):
    row: int
    delivery: Delivery
    jpeg: bytes


def redo_faults(store: Store, path: Path, workers: int = 1, password: str | None = None) -> list[str]:
    """One Chinese line for each portrait of the bundle at `path` that does not come out of its original again.

    The bundle must be a valid one of ours, `password` its own where it is encrypted; `StoreTrouble` when the store
    cannot be read.
    """
    if path.is_dir():
        return _faults(store, path, workers)
    with TemporaryDirectory(prefix="gradphoto-") as scratch:
        into = Path(scratch)
        return unpack(path, into, password=password) or _faults(store, next(into.iterdir()), workers)


def _faults(store: Store, folder: Path, workers: int) -> list[str]:
    table = folder / PHOTOS_CSV
    if not table.is_file():
        return [f"{folder.name}：没有 {PHOTOS_CSV}，不是照片包，无法与原片对照"]
    numbered, faults = parse(Delivery, csv_rows(table.read_bytes()), PHOTOS_CSV)
    jobs = [_Job(row, one, (folder / PHOTOS / one.file).read_bytes()) for row, one in numbered]
    work = partial(_fault, store, _specs(store))
    found = ((job, "重做时程序崩溃" if isinstance(why, Died) else why) for job, why in each(work, jobs, workers))
    return faults + [f"{PHOTOS_CSV} 第{job.row}行：照片 {job.delivery.file} {why}" for job, why in found if why]


def _specs(store: Store) -> dict[str, list[Spec]]:
    """Every profile that any run ever used, by its id; of one id there may have been several."""
    numbers = range(1, newest_snapshot(store) + 1)
    files = (file for number in numbers for file in read_snapshot(store, number) if file.kind == "spec")
    found: dict[str, list[Spec]] = {}
    for sha256, name in {file.sha256: file.name for file in files}.items():
        spec = parse_spec(fetch(store, "inputs", sha256).decode(), name)
        found.setdefault(spec.id, []).append(spec)
    return found


def _fault(store: Store, specs: dict[str, list[Spec]], job: _Job) -> str:
    """What is wrong with one portrait; empty when it is what its original makes."""
    one = job.delivery
    if one.recipe != RECIPE:
        return f"由配方 {one.recipe} 制作，本版本只能重做 {RECIPE}：请用当时的版本校验"
    if one.spec not in specs:
        return f"的规格 {one.spec} 不在存储中，无法重做"
    try:
        data = fetch(store, "originals", one.source_sha256)
    except MissingObject:
        return f"的原片 {one.source_sha256[:12]} 不在存储中"
    except DamagedObject:
        return f"的原片 {one.source_sha256[:12]} 已损坏，请从备份恢复"
    with patience():
        faults = [_difference(job, _redone(data, one, spec)) for spec in specs[one.spec]]
    return min(faults, key=len)


def _redone(data: bytes, one: Delivery, spec: Spec) -> Rendered | Discrepancy:
    header = read_header(data, "")
    if isinstance(header, Discrepancy):
        return header
    reading = Reading(sha256=one.source_sha256, version="", orientation=header.tags.orientation)
    return render(data, reading, Crop(one.scale, one.left, one.top, one.right, one.bottom), spec)


def _difference(job: _Job, redone: Rendered | Discrepancy) -> str:
    if isinstance(redone, Discrepancy):
        return f"无法由原片重做：{TEXTS[redone.code]}"
    if untagged(job.jpeg) == redone.jpeg:
        return ""
    apart = _apart(job.jpeg, redone.jpeg)
    return f"与由原片重做的不同：{apart}" if apart else "像素与由原片重做的相同，编码不同"


def _apart(one: bytes, other: bytes) -> str:
    """By how much two pictures differ, in words; empty when no pixel does."""
    try:
        first, second = (np.asarray(Image.open(BytesIO(data)).convert("RGB")).astype(int) for data in (one, other))
    except (OSError, ValueError, SyntaxError):
        return "无法解码"
    if first.shape != second.shape:
        return "尺寸不同"
    difference = np.abs(first - second)
    return f"平均相差 {difference.mean():.1f} 级，最多 {difference.max()} 级" if difference.any() else ""
