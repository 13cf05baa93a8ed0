"""Render: the pixels of every chosen capture, once per original, recipe and profile."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import NamedTuple

from config.spec import Spec
from gradphoto.adapters.imaging.render import Rendered, render, rendered_before
from gradphoto.adapters.limits import patience
from gradphoto.adapters.processes import Died, each
from gradphoto.adapters.store import Store, digest, fetch
from gradphoto.discrepancy import Discrepancy
from gradphoto.geometry import Crop
from gradphoto.matching.choose import Candidate
from gradphoto.original import Digest
from gradphoto.portrait import Draft, Render
from gradphoto.progress import Tick
from gradphoto.reading import Reading
from gradphoto.stages.journals import look_name, renders_journal
from gradphoto.stages.known import append
from gradphoto.stages.portraits import Look, drafts_of, keep_portrait, kept_portrait
from gradphoto.stages.season import Season
from gradphoto.stages.seasons import load_season


def render_shard(
    store: Store, snapshot: int, sources: Sequence[Digest], workers: int, tick: Tick = lambda _: None
) -> int:
    """Render some chosen captures and keep the outcomes as one record; returns how many there were to do."""
    season = load_season(store, snapshot)
    wanted = set(sources) - set(season.renders)
    chosen = {one.match.sha256: one for one in season.chosen.values()}
    look = Look(look_name(season.inputs), season.inputs.spec)
    drafts = drafts_of(store, look) if wanted else {}
    jobs = [_job(one, season, drafts) for sha256, one in chosen.items() if sha256 in wanted]
    outcomes: list[Render] = []
    try:
        for job, outcome in each(partial(_render_one, store, look), jobs, workers):
            outcomes.append(_death(job.reading) if isinstance(outcome, Died) else outcome)
            tick(1)
    finally:
        if outcomes:  # also what a stop or a trouble left half done
            lines = [outcome.model_dump(mode="json", exclude_defaults=True) for outcome in outcomes]
            append(renders_journal(store, season.inputs), lines)
    return len(outcomes)


class Job(NamedTuple):
    """One portrait to be made, or to be finished where its pixels are there already."""

    reading: Reading
    crop: Crop
    draft: Draft | None = None


def _job(candidate: Candidate, season: Season, drafts: Mapping[Digest, Draft]) -> Job:
    assert candidate.crop is not None  # only a deliverable capture is chosen
    source = candidate.match.sha256
    return Job(season.readings[source], candidate.crop, drafts.get(source))


def _render_one(store: Store, look: Look, job: Job) -> Render:
    """The pixels are kept before the record that speaks of them; most were, when the original was read."""
    source = job.reading.sha256
    kept = kept_portrait(store, look.name, source, job.draft)
    data = b"" if kept else fetch(store, "originals", source)
    rendered = _rendered(kept, data, job, look.spec)
    if not isinstance(rendered, Rendered):
        return Render(source=source, trouble=rendered)
    jpeg = kept or keep_portrait(store, look.name, source, rendered.jpeg)
    return Render(
        source=source,
        sha256=digest(jpeg),
        quality=rendered.quality,
        crop=job.crop,
        figures=dict(rendered.figures),
    )


def _rendered(kept: bytes | None, data: bytes, job: Job, spec: Spec) -> Rendered | Discrepancy:
    try:
        with patience():
            return rendered_before(kept) if kept else render(data, job.reading, job.crop, spec)
    except (OSError, ImportError):
        raise  # the machine's fault or the installation's
    except Exception as trouble:  # an odd picture that nobody thought of costs itself, not the session
        return Discrepancy(code="reader-died", detail=type(trouble).__name__)


def _death(reading: Reading) -> Render:
    return Render(source=reading.sha256, trouble=Discrepancy(code="reader-died"))
