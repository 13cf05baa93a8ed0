"""Prints: a centre's delivered pictures as sheets for the lab, each cut anew from its original.

What was printed is on record: `gradphoto.prints`. Pages are written as they come, so a centre of any size takes
the memory of one batch. The PDF comes first and the record after it: what is cut off between the two is made again
to the same bytes and recorded then.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import IO, NamedTuple

from config.print_size import PrintSize
from gradphoto.adapters.fresh_file import write_fresh_file
from gradphoto.adapters.lettering import Lettering
from gradphoto.adapters.print_sheets import Portrait, PrintSheets
from gradphoto.adapters.processes import Died, each
from gradphoto.adapters.proof_sheet import Unprintable
from gradphoto.adapters.store import Store, digest_file
from gradphoto.bundle import Delivery, by_student
from gradphoto.discrepancy import Discrepancy
from gradphoto.packed import Packed
from gradphoto.parcels import Print
from gradphoto.print_crop import print_spec
from gradphoto.prints import Printed, note_prints, prints_of, unprinted
from gradphoto.progress import begin
from gradphoto.stages.print_jobs import Job, Orders, make_picture
from gradphoto.stages.season import Season

BATCH = 32
"""Students whose pictures are in memory at a time."""


class LeftOut(NamedTuple):
    """A student of the bundle who gets no print, and why."""

    student_no: str
    trouble: Discrepancy


@dataclass(frozen=True)
class Order:
    """What is to be printed. `every`: also what was printed before; `workers` are processes."""

    packed: Packed
    size: PrintSize
    to: Path
    at: str = ""
    every: bool = False
    workers: int = 1
    font: Path | None = None


@dataclass
class Made:
    """What printing a centre came to; without `path` and `printed` there was nothing to print."""

    known: int
    """Students whose prints were made before."""
    path: Path | None = None
    printed: Printed | None = None
    pages: int = 0
    prints: list[Print] = field(default_factory=list)
    left_out: list[LeftOut] = field(default_factory=list)
    unprintable: list[Unprintable] = field(default_factory=list)


def print_centre(store: Store, season: Season, order: Order) -> Made:
    """Write `冲印-<centre>-<size>.pdf` over nothing that is there, and put it on record.

    `NoFont` when the machine has no Chinese font, `OSError` when the folder cannot be written to, `StoreTrouble`
    when an original is lost or damaged; then nothing was written.
    """
    packed, size = order.packed, order.size
    wanted = by_student(packed.deliveries)
    due = wanted if order.every else unprinted(wanted, size.id, prints_of(store, packed.centre))
    made = Made(known=len(wanted) - len(due))
    write = partial(_write, store, season, order, due, made)
    made.path = write_fresh_file(order.to, f"冲印-{packed.centre}-{size.id}.pdf", write) if due else None
    if made.path:
        made.printed = _printed(order, made.path, made.prints)
        note_prints(store, made.printed)
    return made


def _write(
    store: Store, season: Season, order: Order, due: Sequence[Delivery], made: Made, file: IO[bytes]
) -> bool:
    """The PDF of whoever is due; False when nobody can be printed."""
    letters, tick = Lettering(order.font), begin("prints", len(due))
    title = f"{season.inputs.campaign.centre(order.packed.centre).name} 冲印 {order.size.id}"
    sheets = PrintSheets(file, order.size, letters, title)
    for delivery, picture in _pictures(store, season, order, due):
        tick(1)
        if isinstance(picture, Discrepancy):
            made.left_out.append(LeftOut(delivery.student_no, picture))
            continue
        sheets.add(Portrait(delivery.student_no, delivery.name, picture))
        made.prints.append(Print(student_no=delivery.student_no, source=delivery.source_sha256))
        if lacking := letters.lacking(delivery.name):
            made.unprintable.append(Unprintable(delivery.student_no, delivery.name, lacking))
    sheets.close()
    made.pages = len(sheets.pages)
    return bool(made.prints)


def _pictures(
    store: Store, season: Season, order: Order, due: Sequence[Delivery]
) -> Iterator[tuple[Delivery, bytes | Discrepancy]]:
    """Every student's picture or why there is none, in order, a batch at a time."""
    spec = print_spec(season.inputs.spec, order.size)
    orders, work = Orders(store, season, order.packed, spec), partial(make_picture, store, spec)
    for start in range(0, len(due), BATCH):
        batch = due[start : start + BATCH]
        jobs = [orders.job(delivery) for delivery in batch]
        done = iter(list(each(work, [job for job in jobs if isinstance(job, Job)], order.workers)))
        for delivery, job in zip(batch, jobs, strict=True):
            picture = job if isinstance(job, Discrepancy) else next(done)[1]
            yield delivery, Discrepancy(code="reader-died") if isinstance(picture, Died) else picture


def _printed(order: Order, path: Path, prints: Sequence[Print]) -> Printed:
    return Printed(
        centre=order.packed.centre,
        size=order.size.id,
        file=path.name,
        sha256=digest_file(path),
        version=order.packed.version,
        at=order.at,
        prints=tuple(prints),
    )
