"""The metrics of a workspace: written after each run for node-exporter's textfile collector, and served so.

They are as of the last run, or of the last look of `serve`, so asking for them costs the store nothing.
"""

import os
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from tempfile import NamedTemporaryFile
from threading import Thread
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server
from zoneinfo import ZoneInfo

from prometheus_client.parser import text_string_to_metric_families

from config.bad_input import BadInput
from config.campaign import Campaign
from gradphoto.adapters.durable import private_folder
from gradphoto.adapters.journal import Journal
from gradphoto.adapters.store import Store
from gradphoto.metrics import Figures, exposition
from gradphoto.run import Run
from gradphoto.stages.runs import good_inputs, runs
from gradphoto.stages.seasons import load_season
from gradphoto.stages.snapshot import load_inputs, newest_snapshot
from gradphoto.stages.standing import overview
from gradphoto.status import Status

FILE = Path("metrics") / "gradphoto.prom"
TYPE = "text/plain; version=0.0.4; charset=utf-8"


def write_metrics(store: Store, workspace: Path, seconds: Mapping[str, float]) -> Path:
    """Write the metrics as they are now, whole or not at all; `seconds` says by stage what the last run took.

    Before the first run there is nothing to tell of: `ValueError`.
    """
    path = workspace / FILE
    private_folder(path.parent)
    data = exposition(_figures(store, seconds))
    with NamedTemporaryFile(dir=path.parent, prefix=".", delete=False) as file:
        file.write(data)
    os.replace(file.name, path)  # noqa: PTH105  the collector must never see half of it
    return path


def refresh_metrics(store: Store, workspace: Path) -> None:
    """The same between two runs, when a session was closed or somebody decided: the last run's times stay."""
    try:
        before = (workspace / FILE).read_text(encoding="utf-8")
    except OSError:
        return
    families = text_string_to_metric_families(before)
    samples = next((one.samples for one in families if one.name == "gradphoto_stage_seconds"), [])
    write_metrics(store, workspace, {one.labels["stage"]: one.value for one in samples})


def metrics_app(workspace: Path) -> Any:
    """A WSGI application that answers with what `write_metrics` wrote last; 503 before there is any."""

    def answer(environ: Mapping[str, Any], start: Any) -> Iterable[bytes]:
        if environ.get("PATH_INFO") != "/metrics":
            start("404 Not Found", [("Content-Type", "text/plain")])
            return [b""]
        try:
            data = (workspace / FILE).read_bytes()
        except OSError:
            start("503 Service Unavailable", [("Content-Type", "text/plain")])
            return [b""]
        start("200 OK", [("Content-Type", TYPE), ("Content-Length", str(len(data)))])
        return [data]

    return answer


@contextmanager
def served_metrics(workspace: Path, port: int) -> Iterator[None]:
    """`/metrics` while the block runs; nothing where `port` is 0. `BadInput` when the port cannot be used."""
    try:
        server = start_metrics(workspace, port) if port else None
    except OSError:
        raise BadInput(f"metrics_port：端口 {port} 用不了，请在 gradphoto.toml 中换一个，或写 0 不提供") from None
    try:
        yield
    finally:
        if server:
            server.shutdown()
            server.server_close()


def start_metrics(workspace: Path, port: int, host: str = "127.0.0.1") -> WSGIServer:
    """Serve `/metrics` from a thread of its own until `shutdown()`; port 0 is any that is free. `OSError`."""
    server = make_server(host, port, metrics_app(workspace), handler_class=_Silent)
    Thread(target=server.serve_forever, daemon=True).start()
    return server


class _Silent(WSGIRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        """Nothing: who asks is nobody's business."""


def _figures(store: Store, seconds: Mapping[str, float]) -> Figures:
    snapshot, done = newest_snapshot(store), runs(store)
    if not snapshot:
        raise ValueError("no run yet")
    status = overview(store, lambda: load_season(store, snapshot)).status
    return Figures(
        status=status,
        failures=Counter(outcome.centre for run in done for outcome in run.failed),
        oldest=dict(_oldest(store, load_inputs(store, snapshot).campaign, status, done)),
        run=len(done),
        ended=round(time.time()),
        seconds=seconds,
    )


def _oldest(store: Store, campaign: Campaign, status: Status, done: list[Run]) -> Iterator[tuple[str, float]]:
    """Since when the first session waits for a person: its last window; and for its night: when it was closed."""
    good = good_inputs(done)
    waiting = [one.id for one in status.sessions if one.states["pending"]]
    ends = [max(window.end for window in campaign.session(session).windows) for session in waiting]
    if ends:
        yield "pending", min(ends).replace(tzinfo=ZoneInfo(campaign.timezone)).timestamp()
    closed = [
        _closed_at(store, one.id, campaign) for one in status.sessions if one.closed and not good.get(one.id)
    ]
    if closed:
        yield "closed", min(closed)


def _closed_at(store: Store, session: str, campaign: Campaign) -> float:
    """When it was closed, by whoever's clock; a time that cannot be read is long ago, so that somebody looks."""
    (line,) = Journal(store, f"closed/{session}").record(1)
    try:
        at = datetime.fromisoformat(str(line.get("at", "")))
    except ValueError:
        return 0.0
    return (at if at.tzinfo else at.replace(tzinfo=ZoneInfo(campaign.timezone))).timestamp()
