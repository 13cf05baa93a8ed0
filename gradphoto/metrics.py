"""A campaign as figures for Prometheus: pure, from what `status` tells and what the last run took.

Labels are ids of sessions, centres, stages and states, never a student's. A time stands as a time stamp and not as
an age, so that it stays right between two runs: the age is `time() - …`.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from gradphoto.states import CentreState, StudentState
from gradphoto.status import CentreStatus, Status


@dataclass(frozen=True)
class Figures:
    """What the metrics are made of. Times are seconds since 1970."""

    status: Status
    failures: Mapping[str, int] = field(default_factory=dict)
    """By centre, in how many runs it failed."""
    oldest: Mapping[str, float] = field(default_factory=dict)
    """By queue (`pending`, `closed`), since when its oldest waits; an empty queue is not there."""
    run: int = 0
    """The number of the last run."""
    ended: float = 0
    seconds: Mapping[str, float] = field(default_factory=dict)
    """By stage, how long the last run was at it."""


def exposition(figures: Figures) -> bytes:
    """The figures in Prometheus' text format, in the same order every time."""
    registry = CollectorRegistry(auto_describe=False)
    registry.register(_Collected(figures))
    return generate_latest(registry)


class _Collected(Collector):
    def __init__(self, figures: Figures) -> None:
        self._figures = figures

    def collect(self) -> Iterator[Metric]:
        figures = self._figures
        yield from _sessions(figures.status)
        yield from _centres(figures.status)
        failed = CounterMetricFamily(
            "gradphoto_centre_failures", "Runs in which a centre failed.", labels=["centre"]
        )
        for centre in figures.status.centres:
            failed.add_metric([centre.id], figures.failures.get(centre.id, 0))
        yield failed
        yield _by("gradphoto_oldest_timestamp_seconds", "Since when the oldest waits.", "queue", figures.oldest)
        yield _by("gradphoto_stage_seconds", "How long the last run was at a stage.", "stage", figures.seconds)
        yield GaugeMetricFamily("gradphoto_run", "Number of the last run.", value=figures.run)
        yield GaugeMetricFamily("gradphoto_run_timestamp_seconds", "When it ended.", value=figures.ended)


def _sessions(status: Status) -> Iterator[Metric]:
    captures = GaugeMetricFamily("gradphoto_captures", "Files by state.", labels=["session", "state"])
    for session in status.sessions:
        for state, count in session.states.items():
            captures.add_metric([session.id, state], count)
    yield captures
    closed = {session.id: float(session.closed) for session in status.sessions}
    yield _by("gradphoto_session_closed", "Whether a session is over.", "session", closed)


def _centres(status: Status) -> Iterator[Metric]:
    students = GaugeMetricFamily("gradphoto_students", "Students by state.", labels=["centre", "state"])
    for centre in status.centres:
        for state in StudentState:
            students.add_metric([centre.id, state.value], getattr(centre, state.value))
    yield students
    failed = {centre.id: float(centre.state is CentreState.FAILED) for centre in status.centres}
    yield _by("gradphoto_centre_failed", "Whether a centre failed in its last run.", "centre", failed)
    yield _by(
        "gradphoto_bundle_version", "Newest bundle, 0 when there is none.", "centre", _bundles(status, _version)
    )
    yield _by("gradphoto_bundle_bytes", "Size of the newest bundle.", "centre", _bundles(status, _bytes))


def _bundles(status: Status, of: Callable[[CentreStatus], int]) -> dict[str, float]:
    return {centre.id: of(centre) for centre in status.centres}


def _version(centre: CentreStatus) -> int:
    return centre.bundle.version if centre.bundle else 0


def _bytes(centre: CentreStatus) -> int:
    return centre.bundle.bytes if centre.bundle else 0


def _by(name: str, says: str, label: str, values: Mapping[str, float]) -> Metric:
    family = GaugeMetricFamily(name, says, labels=[label])
    for key, value in values.items():
        family.add_metric([key], value)
    return family
