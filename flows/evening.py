"""The evening's run, should the server not have made it: it was down then."""

from datetime import datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from prefect.client.orchestration import SyncPrefectClient
from prefect.client.schemas.filters import FlowRunFilter

LATE_AFTER = timedelta(minutes=3)
"""How long the server has for it."""


def last_evening(now: datetime, schedule: str, zone: str) -> datetime:
    """The last time at which the night was due, by the campaign's clock; `now` knows its own zone.

    >>> from datetime import UTC
    >>> str(last_evening(datetime(2023, 7, 2, 14, 29, tzinfo=UTC), "22:30", "Asia/Shanghai"))
    '2023-07-01 22:30:00+08:00'
    """
    here = now.astimezone(ZoneInfo(zone))
    due = datetime.combine(here.date(), time.fromisoformat(schedule), here.tzinfo)
    return due if due <= here else due - timedelta(days=1)


def make_up(client: SyncPrefectClient, deployment: UUID, evening: datetime, now: datetime) -> None:
    """Start the run that was due then, unless a run of the deployment has begun since or waits to begin."""
    since = {"deployment_id": {"any_": [deployment]}, "expected_start_time": {"after_": evening, "before_": now}}
    if not client.read_flow_runs(flow_run_filter=FlowRunFilter.model_validate(since), limit=1):
        client.create_flow_run_from_deployment(deployment, idempotency_key=f"evening {evening.isoformat()}")
