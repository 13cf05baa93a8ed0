"""Render: the pixels of every chosen capture, once per original, recipe and profile."""

from collections.abc import Sequence
from functools import partial

from config.spec import Spec
from gradphoto.adapters.imaging.render import Rendered, render
from gradphoto.adapters.limits import patience
from gradphoto.adapters.processes import Died, each
from gradphoto.adapters.store import Store, content_key, digest, fetch
from gradphoto.discrepancy import Discrepancy
from gradphoto.geometry import Crop
from gradphoto.matching.choose import Candidate
from gradphoto.original import Digest
from gradphoto.portrait import Render
from gradphoto.progress import Tick
from gradphoto.reading import Reading
from gradphoto.stages.season import Season, load_season, look_name, renders_journal


def portrait_key(look: str, source: Digest) -> str:
    """Where the pixels of a portrait stand, by its original."""
    return f"{content_key(f'portraits/{look}', source)}.jpg"


def render_shard(
    store: Store, snapshot: int, sources: Sequence[Digest], workers: int, tick: Tick = lambda _: None
) -> int:
    """Render some chosen captures and keep the outcomes as one record; returns how many there were to do."""
    season = load_season(store, snapshot)
    wanted = set(sources) - set(season.renders)
    chosen = {one.match.sha256: one for one in season.chosen.values()}
    jobs = [_job(one, season) for sha256, one in chosen.items() if sha256 in wanted]
    work = partial(_render_one, store, look_name(season.inputs), season.inputs.spec)
    outcomes: list[Render] = []
    try:
        for (reading, _), outcome in each(work, jobs, workers):
            outcomes.append(_death(reading) if isinstance(outcome, Died) else outcome)
            tick(1)
    finally:
        if outcomes:  # also what a stop or a trouble left half done
            lines = [outcome.model_dump(mode="json", exclude_defaults=True) for outcome in outcomes]
            renders_journal(store, season.inputs).append(lines)
    return len(outcomes)


def _job(candidate: Candidate, season: Season) -> tuple[Reading, Crop]:
    assert candidate.crop is not None  # only a deliverable capture is chosen
    return season.readings[candidate.match.sha256], candidate.crop


def _render_one(store: Store, look: str, spec: Spec, job: tuple[Reading, Crop]) -> Render:
    """The pixels are kept before the record that speaks of them."""
    reading, crop = job
    data = fetch(store, "originals", reading.sha256)
    rendered = _rendered(data, reading, crop, spec)
    if not isinstance(rendered, Rendered):
        return Render(source=reading.sha256, trouble=rendered)
    key = portrait_key(look, reading.sha256)
    jpeg = rendered.jpeg if store.create(key, rendered.jpeg) else store.read(key)
    return Render(
        source=reading.sha256,
        sha256=digest(jpeg),
        quality=rendered.quality,
        crop=crop,
        figures=dict(rendered.figures),
    )


def _rendered(data: bytes, reading: Reading, crop: Crop, spec: Spec) -> Rendered | Discrepancy:
    try:
        with patience():
            return render(data, reading, crop, spec)
    except (OSError, ImportError):
        raise  # the machine's fault or the installation's
    except Exception as trouble:  # an odd picture that nobody thought of costs itself, not the session
        return Discrepancy(code="reader-died", detail=type(trouble).__name__)


def _death(reading: Reading) -> Render:
    return Render(source=reading.sha256, trouble=Discrepancy(code="reader-died"))
