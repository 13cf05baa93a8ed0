"""What is told to whoever listens: the contract's events. No personal data, and no truth that is not stored."""

from collections.abc import Collection

from prefect.events import emit_event

from gradphoto.run import CentreOutcome, Run


def told(run: Run, failed_before: Collection[str], pending: dict[str, int]) -> None:
    """Tell of new bundles, failed and recovered centres, and of sessions in which somebody must look."""
    for outcome in run.centres:
        for event in _events(outcome, outcome.centre in failed_before):
            _emit(event, f"gradphoto.centre.{outcome.centre}", version=outcome.version, reason=outcome.reason)
    for session, count in pending.items():
        if count:
            _emit("gradphoto.review.needed", f"gradphoto.session.{session}", pending=count)


def session_closed(session: str) -> None:
    """Tell that a session is over."""
    _emit("gradphoto.session.closed", f"gradphoto.session.{session}")


def _events(outcome: CentreOutcome, failed_before: bool) -> list[str]:
    if outcome.result == "failed":
        return ["gradphoto.centre.failed"]
    made = ["gradphoto.bundle.packaged"] if outcome.result == "packaged" else []
    return [*made, "gradphoto.centre.recovered"] if failed_before else made


def _emit(event: str, resource: str, **payload: object) -> None:
    emit_event(event, resource={"prefect.resource.id": resource}, payload=payload)
