"""What the Prefect server does by itself about runs that died, whoever serves them.

`python -m flows.automations` makes the same where a work pool runs the deployments and nobody runs `serve`.
"""

from datetime import timedelta

from prefect.client.orchestration import SyncPrefectClient, get_client
from prefect.client.schemas.objects import StateType
from prefect.events.actions import ChangeFlowRunState
from prefect.events.schemas.automations import AutomationCore, EventTrigger, Posture

HEARTBEAT_SECONDS = 30
"""How often a run says that it lives: the least that Prefect knows."""
FLOWS = ["nightly", "rerun"]
_LIVES = {"prefect.flow-run.heartbeat", "prefect.flow-run.Running"}
_BEGUN = {"prefect.flow-run.Pending"} | _LIVES
"""It may die before its first heartbeat."""
_ENDED = {
    f"prefect.flow-run.{state}" for state in ("Completed", "Failed", "Cancelled", "Crashed", "AwaitingRetry")
}


def silent_runs() -> AutomationCore:
    """A run that was not heard of for three heartbeats has crashed; that frees its place in the queue."""
    return AutomationCore(
        name="gradphoto 没有心跳的运行",
        description="三次没有心跳：记为崩溃",
        trigger=EventTrigger(
            after=_BEGUN,
            expect=_LIVES | _ENDED,
            match_related={"prefect.resource.role": "flow", "prefect.resource.name": FLOWS},
            for_each={"prefect.resource.id"},
            posture=Posture.Proactive,
            threshold=1,
            within=timedelta(seconds=3 * HEARTBEAT_SECONDS),
        ),
        actions=[_set(StateType.CRASHED, "Crashed", "没有心跳：进程已不在")],
    )


def crashed_runs() -> AutomationCore:
    """A run that crashed in its first go is started again; in its second it is left for the catch-up."""
    return AutomationCore(
        name="gradphoto 崩溃的运行再来一次",
        description="第一次崩溃：再运行一次；第二次：等待定时任务",
        trigger=EventTrigger(
            expect={"prefect.flow-run.Crashed"},
            match={"prefect.resource.id": "prefect.flow-run.*", "prefect.run-count": "1"},
            match_related={"prefect.resource.role": "deployment", "prefect.resource.name": FLOWS},
            posture=Posture.Reactive,
            threshold=1,
        ),
        actions=[_set(StateType.SCHEDULED, "AwaitingRetry", "崩溃后再来一次")],
    )


def ensure_automations(client: SyncPrefectClient) -> None:
    """Have each of them there once, as it is here."""
    for wanted in (silent_runs(), crashed_runs()):
        first, *others = [*client.read_automations_by_name(wanted.name), None]
        for other in others:
            if other:
                client.delete_automation(other.id)
        if first is None:
            client.create_automation(wanted)
        elif first.model_dump(exclude={"id"}) != wanted.model_dump():
            client.update_automation(first.id, wanted)


def _set(state: StateType, name: str, message: str) -> ChangeFlowRunState:
    return ChangeFlowRunState(state=state, name=name, message=message, force=False)


if __name__ == "__main__":
    with get_client(sync_client=True) as client:
        ensure_automations(client)
