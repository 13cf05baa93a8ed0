"""The requests of a store for reruns: asked for once while one is under way, and marked as begun."""

from gradphoto.adapters.journal import Journal, Line
from gradphoto.adapters.store import Store
from gradphoto.rerun_requests import Begun, Request, Standing, standing
from gradphoto.stages.runs import runs


def requests(store: Store) -> list[Standing]:
    """Every request with its state, in order."""
    journal = requests_journal(store)
    found = [said(line) for _, lines in journal.records() for line in lines]
    return standing(found, runs(store)) if found else []


def ask_rerun(store: Store, centre: str, who: str, at: str) -> Request:
    """Ask for a centre's rerun; while one that was asked for is not done, that one is the answer."""
    journal = requests_journal(store)
    while True:
        number = journal.last() + 1
        for one in requests(store):
            if one.request.centre == centre and one.state != "done":
                return one.request
        request = Request(number=number, centre=centre, who=who, at=at, runs=len(runs(store)))
        if journal.take(number, [{"request": request.model_dump(mode="json")}]):
            return request


def note_begun(store: Store, request: Request, at: str) -> None:
    """A rerun of it was started."""
    requests_journal(store).append([{"begun": Begun(request=request.number, at=at).model_dump(mode="json")}])


def said(line: Line) -> Request | Begun:
    """What the one line of a record says."""
    return Request.model_validate(line["request"]) if "request" in line else Begun.model_validate(line["begun"])


def requests_journal(store: Store) -> Journal:
    """The records of requests, one a record; the record's number is the request's."""
    return Journal(store, "requests")
