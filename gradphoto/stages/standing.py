"""Where everything stands, as `status` tells it: computed from the records, and kept for whoever asks next.

What is kept follows from the records alone, so it stands in the store under the digest of their keys and of the
program that computed it: with one record more, or another release, it is not found and all is computed anew.
It may be thrown away at any time, and a purge does so, for alarms name students.
"""

import json
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import suppress
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable

from config.frozen import Frozen
from gradphoto.adapters.journal import Line, dump_lines, load_lines
from gradphoto.adapters.store import Store, StoreTrouble, content_key, damaged, digest
from gradphoto.alarm import Alarm
from gradphoto.copies import card_copies, fewest
from gradphoto.forecast import Forecast
from gradphoto.matching.ledger import Ledger
from gradphoto.original import Digest, Original
from gradphoto.packed import Packed
from gradphoto.stages.alarms import alarms_of
from gradphoto.stages.blocked import blocked_of
from gradphoto.stages.close import closed_sessions
from gradphoto.stages.consign import bundles_of
from gradphoto.stages.forecast import makeup_of
from gradphoto.stages.looks import reviewed
from gradphoto.stages.runs import last_outcomes, runs
from gradphoto.stages.season import Season
from gradphoto.stages.seasons import load_season
from gradphoto.stages.shipments import shipments_of
from gradphoto.stages.snapshot import newest_snapshot
from gradphoto.status import Status, status
from gradphoto.versions import READER

SOURCES = (
    "snapshots",
    "ingests",
    f"readings/{READER}",
    "renders",
    "decisions",
    "closed",
    "copies",
    "packed",
    "looks",
    "parcels",
    "sheets",
    "shipping",
    "runs",
    "purges",
    "receipts",
)
"""The records that `status` follows from. Their keys say which they are: none is changed but by a purge."""
_HEAD = {"kind": "standings", "schema": 1}


class Overview(Frozen):
    """Everything that `status` tells."""

    status: Status
    alarms: tuple[Alarm, ...] = ()
    """Of every session, in the campaign's order."""
    single: tuple[str, ...] = ()
    """The sessions of which one copy is known."""
    makeup: Forecast | None = None
    """Who will need the make-up window; None while nothing can be said."""


def overview(store: Store, season: Callable[[], Season]) -> Overview:
    """Where everything stands: what was kept if it still fits, else computed from `season` and kept.

    `season` is that of the newest snapshot. That a store takes nothing keeps nobody from being told.
    """
    of = follows_from(store)
    kept = _kept(store, of) if of else None
    if kept:
        return kept
    found = computed(store, season())
    if of and of == follows_from(store):  # else it is of the records before, or partly so
        with suppress(StoreTrouble):
            store.create(_key(of), _dumped(of, found))
    return found


def keep_overview(store: Store) -> None:
    """Have it ready for whoever asks after a run; trouble with that is no trouble of the run."""
    with suppress(StoreTrouble, OSError):
        overview(store, lambda: load_season(store, newest_snapshot(store)))


def computed(store: Store, season: Season) -> Overview:
    """The same from the season, whatever is kept."""
    sessions = [session.id for session in season.inputs.campaign.sessions]
    bundles = bundles_of(store, season.inputs.campaign)
    ledger = season.ledger(bundles.values())
    return Overview(
        status=status_by(store, season, bundles, ledger),
        alarms=tuple(alarms_of(season, sessions)),
        single=tuple(_single(store, season, sessions)),
        makeup=makeup_of(store, season, ledger),
    )


def follows_from(store: Store) -> Digest | None:
    """The digest of what `status` follows from; None before the first run, and while a purge is under way."""
    keys = {source: list(store.keys(source)) for source in SOURCES}
    if not keys["snapshots"] or len(keys["purges"]) != len(keys["receipts"]):
        return None
    return digest(json.dumps([_program(), keys], sort_keys=True).encode())


def kept_line(store: Store, key: str) -> Line:
    """What is kept under a key of `standings/`; `DamagedObject` when it is not what was written."""
    data = store.read(key)
    head, *lines = load_lines(data, key) or [{}]
    sha256 = digest(data.partition(b"\n")[2])
    if head != {**_HEAD, "of": key.rpartition("/")[2].partition(".")[0], "sha256": sha256} or len(lines) != 1:
        raise damaged(key)
    return lines[0]


def status_of(store: Store, season: Season) -> Status:
    """The status of a season."""
    bundles = bundles_of(store, season.inputs.campaign)
    return status_by(store, season, bundles, season.ledger(bundles.values()))


def status_by(store: Store, season: Season, bundles: Mapping[str, Packed], ledger: Ledger) -> Status:
    """The same for whoever has newest bundles and ledger at hand."""
    campaign = season.inputs.campaign
    closed: Collection[str] = closed_sessions(store, [session.id for session in campaign.sessions])
    seen = reviewed(store, bundles)
    stale = [centre for centre, _ in blocked_of(store, ((one, packed.version) for one, packed in bundles.items()))]
    outcomes = last_outcomes(runs(store))
    going = shipments_of(store, campaign, bundles)
    return status(campaign, ledger, bundles, outcomes, closed, seen, season.purged.centres, stale, going)


def _single(store: Store, season: Season, sessions: Iterable[str]) -> Iterator[str]:
    """The sessions of which one copy is known; of most there is no record of any other."""
    copied = {key.split("/")[1] for key in store.keys("copies")}
    files: dict[str, list[Original]] = defaultdict(list)
    for one in (*season.captures, *season.duplicates):
        files[one.session].append(one)
    for session in sessions:
        if fewest(files[session], card_copies(store, session) if session in copied else ()) == 1:
            yield session


def _kept(store: Store, of: Digest) -> Overview | None:
    """None when there is nothing, or it was cut off or spoiled: then it is computed."""
    with suppress(StoreTrouble, ValueError):
        return Overview.model_validate(kept_line(store, _key(of)))
    return None


def _key(of: Digest) -> str:
    return f"{content_key('standings', of)}.jsonl"


def _dumped(of: Digest, found: Overview) -> bytes:
    body = found.model_dump_json().encode() + b"\n"  # in the order of its fields and states, as people read them
    return dump_lines([{**_HEAD, "of": of, "sha256": digest(body)}]) + body


@cache
def _program() -> Digest:
    """Of this program's own text: another release may make something else of the same records."""
    texts = (digest(file.read_bytes()) for package in ("gradphoto", "config") for file in _texts(files(package)))
    return digest("".join(texts).encode())


def _texts(folder: Traversable) -> Iterator[Traversable]:
    for one in sorted(folder.iterdir(), key=lambda one: one.name):
        if one.is_dir():
            yield from _texts(one)
        elif one.name.endswith(".py"):
            yield one
