"""The flows that a command starts with a plan: `nightly` and `rerun`; and what any run tells of itself."""

from collections import Counter
from pathlib import Path
from typing import Any

from prefect import flow
from prefect.artifacts import create_markdown_artifact
from prefect.task_runners import ThreadPoolTaskRunner

from config.settings import load_settings
from flows.each import alone, of_prefect
from flows.events import told
from flows.label import label
from flows.on_dask import hands
from flows.order import Done, night
from flows.plan import Plan
from flows.shown import only_shown
from flows.summary import summary
from gradphoto import progress
from gradphoto.adapters.store import open_store
from gradphoto.language import shown
from gradphoto.stages.consign import bundles_of
from gradphoto.stages.runs import last_outcomes, pending_files, runs
from gradphoto.stages.seasons import load_season
from gradphoto.stages.standing import status_by
from tasks.trouble import wordless

ONE_MACHINE: Any = ThreadPoolTaskRunner(max_workers=2)
"""The pictures themselves are worked on by processes of their own, inside each shard."""


@flow(name="nightly", flow_run_name="nightly", task_runner=ONE_MACHINE, validate_parameters=False)
def nightly(plan: Plan) -> Done:
    """The whole night for the plan's sessions."""
    return carry_out(plan, "nightly")


@flow(name="rerun", flow_run_name="rerun", task_runner=ONE_MACHINE, validate_parameters=False)
def rerun(plan: Plan) -> Done:
    """The plan's centres again, with whatever they need of its sessions."""
    return carry_out(plan, "rerun")


def carry_out(plan: Plan, flow_name: str) -> Done:
    """Within a flow's run: label it, do the night, leave its summary and tell who listens."""
    with wordless():
        label(flow_name, plan)
        store = open_store(plan.store, Path(plan.workspace))
        before = last_outcomes(runs(store))
        done = _night(plan, flow_name)
        _show(plan, done)
        failed_before = {centre for centre, outcome in before.items() if outcome.result == "failed"}
        told(done.run, failed_before, pending_files(store, plan.snapshot, plan.sessions))
        return done


def _night(plan: Plan, flow_name: str) -> Done:
    """Also when Prefect fails on the way, as while its database is away: what is done already is found there."""
    try:
        with hands(load_settings(Path(plan.workspace)).dask) as each:
            return night(plan, flow_name, each)
    except Exception as trouble:
        if progress.stopping() or not of_prefect(trouble):
            raise
    return night(plan, flow_name, alone)


def _show(plan: Plan, done: Done) -> None:
    store = open_store(plan.store, Path(plan.workspace))
    season = load_season(store, plan.snapshot)
    bundles = bundles_of(store, season.inputs.campaign)
    ledger = season.ledger(bundles.values())
    entries = (entry for session in plan.sessions for entry in ledger.of_session(session))
    found = Counter(reason.code for entry in entries for reason in entry.reasons)
    text = summary(done.run, status_by(store, season, bundles, ledger), found)
    with only_shown():
        create_markdown_artifact(key=f"{done.run.flow}-report", markdown=text, description=shown("一次运行的结果"))
