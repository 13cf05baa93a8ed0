"""Reruns that somebody asked for on a page: each is started once, whoever dies on the way."""

from prefect.client.orchestration import SyncPrefectClient

from gradphoto.adapters.store import digest
from gradphoto.rerun_requests import Request
from gradphoto.stages.place import Place
from gradphoto.stages.rerun_requests import note_begun, requests


def begin_requested(client: SyncPrefectClient, place: Place) -> int:
    """Start the deployment `rerun` for each request that waits; how many there were.

    The server takes one run for each key, so one that was cut off before it was noted here is not a second one.
    """
    waiting = waiting_requests(place)
    for request in waiting:
        deployment = client.read_deployment_by_name("rerun/rerun").id
        asked = {"workspace": str(place.folder), "centres": [request.centre]}
        client.create_flow_run_from_deployment(deployment, parameters=asked, idempotency_key=_key(place, request))
        note_begun(place.store, request, place.local_time.isoformat(timespec="seconds"))
    return len(waiting)


def waiting_requests(place: Place) -> list[Request]:
    """Those that nobody began with, and that no run has settled since; oldest first."""
    return [one.request for one in requests(place.store) if one.state == "waiting"]


def _key(place: Place, request: Request) -> str:
    return digest(f"{place.folder} {request.number} {request.centre} {request.at}".encode())
