"""How a run is called where people look for it: by its flow, its sessions and its centres."""

from pathlib import Path

from prefect.client.orchestration import get_client
from prefect.runtime import flow_run

from flows.plan import Plan
from flows.shown import only_shown
from gradphoto.adapters.store import open_store
from gradphoto.stages.snapshot import load_inputs
from gradphoto.stages.todo import expected

_MOST = 3
"""Sessions or centres in a name; the tags have them all."""


def label(flow: str, plan: Plan) -> None:
    """Give the run that this is within its name and its tags; it keeps the tags that it has."""
    with only_shown(), get_client(sync_client=True) as client:
        client.update_flow_run(flow_run.id, name=title(flow, plan), tags=sorted({*flow_run.tags, *_tags(plan)}))


def title(flow: str, plan: Plan) -> str:
    """The name of a run.

    >>> title("nightly", Plan(workspace="", store="", snapshot=1, sessions=("2023-07-02-yanchi",)))
    'nightly 2023-07-02-yanchi'
    """
    whose = plan.centres or plan.sessions
    return " ".join([flow, *whose[:_MOST], *(["…"] if len(whose) > _MOST else [])])


def _tags(plan: Plan) -> list[str]:
    campaign = load_inputs(open_store(plan.store, Path(plan.workspace)), plan.snapshot).campaign
    met = {centre for session in plan.sessions for centre in expected(campaign, session) if plan.wants(centre)}
    return [*(f"session:{one}" for one in plan.sessions), *(f"centre:{one}" for one in {*met, *plan.centres})]
