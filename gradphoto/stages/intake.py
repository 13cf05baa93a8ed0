"""What came in, before anything was read or decided: captures, desk logs and sidecars, without what was purged."""

from collections.abc import Iterable
from dataclasses import replace

from gradphoto.adapters.store import Store, fetch
from gradphoto.inputs.problems import Held
from gradphoto.inputs.scanlog import read_scanlog
from gradphoto.matching.bindings import DeskRow
from gradphoto.matching.kind import is_scanlog
from gradphoto.matching.season import distinct
from gradphoto.matching.sidecars import Sidecars
from gradphoto.original import Digest, Original
from gradphoto.purge import InForce
from gradphoto.purges import purged
from gradphoto.records import each_once, recorded, sessions_with_originals
from gradphoto.stages.inputs import Inputs
from gradphoto.stages.season import Season
from gradphoto.stages.sidecars import load_sidecars

PURGED_ROW = "该学生已撤回，这一行没有使用，请从日志中删去"
Recorded = Iterable[Original]
"""Every line of the records of ingest, session by session in the order in which they were taken in."""


def intake(store: Store, inputs: Inputs) -> Season:
    """The season of what came in, as if nothing were read, rendered or decided yet."""
    force = purged(store)
    everything = [one for session in sessions_with_originals(store) for one in recorded(store, session)]
    captures, duplicates = distinct(one for one in each_once(everything) if _stands(one, force))
    rows, held = _desk_rows(store, force, inputs, everything)
    sidecars, unread = _sidecars(store, force, inputs, everything)
    return Season(
        inputs=inputs,
        captures=tuple(captures),
        duplicates=tuple(duplicates),
        readings={},
        renders={},
        rows=rows,
        held_rows=(*held, *unread),
        decisions=(),
        purged=force,
        sidecars=sidecars,
    )


def _desk_rows(
    store: Store, force: InForce, inputs: Inputs, everything: Recorded
) -> tuple[tuple[DeskRow, ...], tuple[Held, ...]]:
    """The rows of every desk log; of a log that grew, the one taken in last counts."""
    logs = {one.place: one for one in everything if is_scanlog(one.path) and _stands(one, force)}
    rows: dict[tuple[str, Digest], tuple[list[DeskRow], list[Held]]] = {}
    for original in sorted(logs.values(), key=lambda one: one.place):
        data = fetch(store, "originals", original.sha256)
        read = read_scanlog(data, original.session, original.path, inputs.campaign)
        rows.setdefault((original.session, original.sha256), _without_purged(*read, force, inputs))
    return (
        tuple(row for found, _ in rows.values() for row in found),
        tuple(each for _, held in rows.values() for each in held),
    )


def _sidecars(store: Store, force: InForce, inputs: Inputs, everything: Recorded) -> tuple[Sidecars, list[Held]]:
    sidecars, held = load_sidecars(store, (one for one in everything if _stands(one, force)))
    barred = [row for row in sidecars.rows if force.bars(row, inputs.register.students)]
    more = [Held(file=row.place[2], row=row.number, message=PURGED_ROW) for row in barred]
    return replace(sidecars, rows=tuple(row for row in sidecars.rows if row not in barred)), [*held, *more]


def _stands(original: Original, force: InForce) -> bool:
    stone = force.dead.get(original.sha256)
    return stone is None or stone.successor is not None


def _without_purged(
    rows: list[DeskRow], held: list[Held], force: InForce, inputs: Inputs
) -> tuple[list[DeskRow], list[Held]]:
    """A log that comes again with rows of the purged: they are not used, and said to be so by their row."""
    barred = [row for row in rows if force.bars(row, inputs.register.students)]
    refs = (row.ref.rpartition(":") for row in barred)
    more = [Held(file=file, row=int(number), message=PURGED_ROW) for file, _, number in refs]
    return [row for row in rows if row not in barred] if barred else rows, [*held, *more]
