"""A season of any size through every stage of the records, one measurement a stage.

Processor time of this process, so that what else the machine does counts for little; the peak of its memory so
far; and the requests to the store. No pixels: see `tests.scale_world`.
"""

import gc
import resource
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from cli.workspace import Workspace
from flows.each import alone
from flows.order import night
from flows.plan import Plan
from gradphoto.adapters.store import Store
from gradphoto.records import originals
from gradphoto.run import CentreOutcome, Run, SessionOutcome
from gradphoto.stages.journals import look_name, renders_journal
from gradphoto.stages.known import append
from gradphoto.stages.pack import pack
from gradphoto.stages.portraits import Look, look_of
from gradphoto.stages.read import read_shard
from gradphoto.stages.runs import record_run
from gradphoto.stages.season import Season
from gradphoto.stages.seasons import forget_seasons, load_season
from gradphoto.stages.snapshot import load_inputs, take_snapshot
from gradphoto.stages.standing import overview
from tests.counting import Counting, counted
from tests.scale_world import SHARD, Scale, given

STAGES = (
    "register",
    "ingest",
    "read",
    "load",
    "match",
    "choose",
    "render",
    "ledger",
    "pack",
    "status",
    "asked again",
)


@dataclass
class Measured:
    """What one stage took."""

    seconds: float
    wall: float
    peak: int
    """MB of memory that this process held at most, up to its end."""
    requests: dict[str, int]


@dataclass
class Figures:
    """One season."""

    sessions: int
    captures: int = 0
    students: int = 0
    stages: dict[str, Measured] = field(default_factory=dict)

    @contextmanager
    def stage(self, name: str, store: Counting) -> Iterator[None]:
        if name not in self.stages:  # what comes session by session begins as it would in a night
            gc.collect()
        before, cpu, wall = Counter(store.requests), time.process_time(), time.perf_counter()
        yield
        self.stages[name] = Measured(
            time.process_time() - cpu,
            time.perf_counter() - wall,
            resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10,
            dict(store.requests - before),
        )

    def each(self, name: str) -> float:
        """Microseconds of the processor that a capture costs at a stage."""
        return self.stages[name].seconds / self.captures * 1e6

    @property
    def seconds(self) -> float:
        """Of all stages but that of who asks again."""
        return sum(one.seconds for name, one in self.stages.items() if name in STAGES[:-1])

    @property
    def requests(self) -> Counter[str]:
        """Of the stages that a season goes through once."""
        return sum((Counter(one.requests) for name, one in self.stages.items() if name in STAGES[:-2]), Counter())


def through(
    folder: Path, scale: Scale, wrap: Callable[[Store], Store] = lambda store: store, url: str = ""
) -> Figures:
    """Take so many sessions through all stages, in a new workspace at `folder`."""
    scale.workspace(folder, url or "file:store")
    place, figures = Workspace(folder), Figures(scale.sessions)
    store = Counting(wrap(place.store))
    forget_seasons()
    with given(scale):
        with figures.stage("register", store):
            snapshot = take_snapshot(store, folder, place.settings)
        _photographed(figures, store, scale, look_of(store, snapshot))
        season = _matched(figures, store, snapshot)
        _packed(figures, store, snapshot, season, scale)
        with figures.stage("status", store):
            told = overview(store, lambda: load_season(store, snapshot))
        with figures.stage("asked again", store):
            assert told == overview(store, _nobody_asks)
    figures.captures = sum(one.total for one in told.status.sessions)
    figures.students = sum(one.expected for one in told.status.centres)
    assert sum(one.delivered for one in told.status.centres) > 0.9 * len(season.chosen)
    return figures


def one_more_night(folder: Path, scale: Scale, figures: Figures) -> None:
    """The night of one more session, whole, as a process does it that knows nothing yet."""
    place = Workspace(folder)
    store, number = Counting(place.store), scale.sessions - 1
    scale.take_in(store, number)
    forget_seasons()
    load_inputs.cache_clear()
    snapshot = take_snapshot(store, folder, place.settings)
    plan = Plan(workspace=str(folder), store=place.store_url, snapshot=snapshot, sessions=(scale.ids[number],))
    with given(scale), figures.stage("one night", store), counted(type(place.store), store.requests):
        assert () == night(plan, "nightly", alone).run.failed


def _photographed(figures: Figures, store: Counting, scale: Scale, look: Look) -> None:
    """Ingest and reading, session by session as they come."""
    taken = read = Measured(0, 0, 0, {})
    for number in range(scale.sessions):
        with figures.stage("ingest", store):
            scale.take_in(store, number)
        taken = _together(taken, figures.stages["ingest"])
        with figures.stage("read", store):
            captures = [one for one in originals(store, scale.ids[number]) if one.sha256 in scale.readings]
            for start in range(0, len(captures), SHARD):
                read_shard(store, look, captures[start : start + SHARD], 1)
        read = _together(read, figures.stages["read"])
    figures.stages |= {"ingest": taken, "read": read}


def _together(one: Measured, other: Measured) -> Measured:
    requests = Counter(one.requests) + Counter(other.requests)
    peak = max(one.peak, other.peak)
    return Measured(one.seconds + other.seconds, one.wall + other.wall, peak, dict(requests))


def _matched(figures: Figures, store: Counting, snapshot: int) -> Season:
    with figures.stage("load", store):
        season = load_season(store, snapshot)
    with figures.stage("match", store):
        season.matches  # noqa: B018
    with figures.stage("choose", store):
        season.chosen  # noqa: B018
    with figures.stage("render", store):
        _rendered(store, season)
    season = load_season(store, snapshot)
    with figures.stage("ledger", store):
        season.unpacked  # noqa: B018
    return season


def _rendered(store: Store, season: Season) -> None:
    """What `render` leaves of every chosen capture, in shards."""
    from gradphoto.stages import render  # what `given` put there

    chosen = list(dict.fromkeys(one.match.sha256 for one in season.chosen.values()))
    crops = {one.match.sha256: one.crop for one in season.chosen.values()}
    look, journal = Look(look_name(season.inputs), season.inputs.spec), renders_journal(store, season.inputs)
    for start in range(0, len(chosen), SHARD):
        jobs: list[Any] = [render.Job(season.readings[one], crops[one]) for one in chosen[start : start + SHARD]]
        lines = (render._render_one(store, look, job) for job in jobs)
        append(journal, [line.model_dump(mode="json", exclude_defaults=True) for line in lines])


def _packed(figures: Figures, store: Counting, snapshot: int, season: Season, scale: Scale) -> None:
    with figures.stage("pack", store):
        outcomes = [_pack(store, snapshot, centre.id) for centre in season.inputs.campaign.centres]
        sessions = tuple(SessionOutcome(session=session) for session in scale.ids)
        record_run(store, Run(flow="nightly", snapshot=snapshot, sessions=sessions, centres=tuple(outcomes)))


def _pack(store: Store, snapshot: int, centre: str) -> CentreOutcome:
    outcome = pack(store, snapshot, centre)
    version = outcome.packed.version if outcome.packed else 0
    return CentreOutcome(centre=centre, result="packaged" if outcome.made else "unchanged", version=version)


def _nobody_asks() -> Season:
    raise AssertionError("what was kept does not fit")
