"""What `serve` registers: the deployments `nightly` and `rerun`, with their queue, schedule and trigger."""

from pathlib import Path
from typing import Any

from prefect.client.schemas.objects import ConcurrencyLimitConfig, ConcurrencyLimitStrategy
from prefect.deployments.runner import RunnerDeployment
from prefect.events import DeploymentEventTrigger
from prefect.schedules import Cron
from prefect.types.entrypoint import EntrypointType

from flows.deliver import nightly, rerun
from gradphoto.stages.place import Place

ONE_AFTER_THE_OTHER = ConcurrencyLimitConfig(limit=1, collision_strategy=ConcurrencyLimitStrategy.ENQUEUE)
"""A second run waits: refused, it could be one that an event asked for, and nobody would ask again."""


def deployments(place: Place) -> list[RunnerDeployment]:
    """Both, for one workspace."""
    hour, minute = place.settings.schedule.split(":")
    every_evening = Cron(f"{int(minute)} {int(hour)} * * *", timezone=place.campaign_now.timezone)
    return [
        _deployment(nightly, place.folder, schedules=[every_evening], triggers=[session_closed()]),
        _deployment(rerun, place.folder),
    ]


def session_closed() -> DeploymentEventTrigger:
    """Starts the night of the session that an event says is over."""
    return DeploymentEventTrigger(
        name="gradphoto 收工",
        expect={"gradphoto.session.closed"},
        match={"prefect.resource.id": "gradphoto.session.*"},
        parameters={"session": "{{ event.resource.id }}"},
    )


def _deployment(flow: Any, folder: Path, **more: Any) -> RunnerDeployment:
    made: RunnerDeployment = flow.to_deployment(
        name=flow.name,
        parameters={"workspace": str(folder)},
        concurrency_limit=ONE_AFTER_THE_OTHER,
        entrypoint_type=EntrypointType.MODULE_PATH,
        **more,
    )
    return made
