"""The flows that people and events start: `nightly` and `rerun`."""

from pathlib import Path
from typing import Any

from prefect import flow
from prefect.artifacts import create_markdown_artifact
from prefect.task_runners import ThreadPoolTaskRunner

from flows.each import by_prefect
from flows.events import told
from flows.order import Done, night
from flows.plan import Plan
from flows.summary import summary
from gradphoto.adapters.store import open_store
from gradphoto.stages.runs import last_outcomes, pending_files, runs
from tasks.trouble import wordless

_ONE_MACHINE: Any = ThreadPoolTaskRunner(max_workers=2)
"""The pictures themselves are worked on by processes of their own, inside each shard."""


@flow(name="nightly", flow_run_name="nightly {plan.sessions}", task_runner=_ONE_MACHINE, validate_parameters=False)
def nightly(plan: Plan) -> Done:
    """The whole night for the plan's sessions."""
    with wordless():
        return _run(plan, "nightly")


@flow(name="rerun", flow_run_name="rerun {plan.centres}", task_runner=_ONE_MACHINE, validate_parameters=False)
def rerun(plan: Plan) -> Done:
    """The plan's centres again, with whatever they need of its sessions."""
    with wordless():
        return _run(plan, "rerun")


def _run(plan: Plan, flow_name: str) -> Done:
    store = open_store(plan.store, Path(plan.workspace))
    before = last_outcomes(runs(store))
    done = night(plan, flow_name, by_prefect)
    create_markdown_artifact(key=f"{flow_name}-report", markdown=summary(done.run), description="一次运行的结果")
    failed_before = {centre for centre, outcome in before.items() if outcome.result == "failed"}
    told(done.run, failed_before, pending_files(store, plan.snapshot, plan.sessions))
    return done
