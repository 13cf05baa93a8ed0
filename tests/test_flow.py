"""The flows on a real Prefect server: runs, tasks, artifacts, and that a session's end is heard."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from cli.workspace import Workspace
from flows.own_server import own_server
from flows.plan import Plan
from flows.start import start
from gradphoto.stages.snapshot import take_snapshot
from tests.small_night import GUYUAN, build, small


@pytest.fixture(scope="module")
def api(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    """The API of a server of its own after a nightly with a drilled failure and its rerun."""
    own_server.cache_clear()  # one that an earlier test began knows of that test's runs too
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PREFECT_HOME", str(tmp_path_factory.mktemp("prefect")))
        own_server()
    folder = tmp_path_factory.mktemp("flow")
    build(folder, small())
    place = Workspace(folder)
    plan = Plan(
        workspace=str(folder),
        store=place.store_url,
        snapshot=take_snapshot(place.store, place.folder, place.settings),
        sessions=(GUYUAN,),
        drill=("longde",),
    )
    failed = start("nightly", plan)
    assert ["longde"] == [outcome.centre for outcome in failed.run.failed]
    again = start("rerun", plan.model_copy(update={"drill": (), "centres": ("longde",)}))
    assert [("longde", "packaged")] == [(outcome.centre, outcome.result) for outcome in again.run.centres]
    yield httpx.Client(base_url=own_server(), timeout=30)
    own_server.cache_clear()


def found(api: httpx.Client, what: str, **filters: Any) -> list[dict[str, Any]]:
    reply = api.post(f"/{what}/filter", json=filters)
    reply.raise_for_status()
    answer: list[dict[str, Any]] = reply.json()
    return answer


def test_both_flows_ran_to_their_end(api: httpx.Client) -> None:
    runs = found(api, "flow_runs")
    assert {("nightly", "COMPLETED"), ("rerun", "COMPLETED")} == {
        (run["name"].split()[0], run["state_type"]) for run in runs
    }


def test_each_stage_is_a_task_and_only_the_drilled_one_failed(api: httpx.Client) -> None:
    runs = found(api, "task_runs")
    assert {"ingest", "read", "match", "render", "pack", "consign"} == {run["name"].split()[0] for run in runs}
    assert ["pack longde"] == [run["name"] for run in runs if run["state_type"] == "FAILED"]


def test_a_report_stands_in_prefect_without_a_person_in_it(api: httpx.Client) -> None:
    reports = found(api, "artifacts")
    assert {"nightly-report", "rerun-report"} == {report["key"] for report in reports}
    text = "".join(str(report["data"]) for report in reports)
    assert "演练" in text
    assert [one.name for one in small().rosters[0].students if one.name in text or one.student_no in text] == []


def test_a_configured_server_that_does_not_answer_costs_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PREFECT_API_URL", "http://127.0.0.1:9/api")
    build(tmp_path, small())
    place = Workspace(tmp_path)
    snapshot = take_snapshot(place.store, place.folder, place.settings)
    plan = Plan(workspace=str(tmp_path), store=place.store_url, snapshot=snapshot, sessions=(GUYUAN,))
    assert () == start("nightly", plan).run.failed
