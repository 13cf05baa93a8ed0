"""The operator's pages: all centres with what is odd about them, sessions, runs and their reports."""

from fastapi import APIRouter, HTTPException, Request, Response

from gradphoto.addresses import Known
from gradphoto.alarms import alarm_lines
from gradphoto.rerun_requests import REQUEST_WORDS
from gradphoto.run import Run
from gradphoto.stages.addresses import addresses_now
from gradphoto.stages.rerun_requests import requests
from gradphoto.stages.runs import runs
from gradphoto.states import CENTRE_WORDS, FILE_WORDS
from gradphoto.status import SessionStatus
from portal.house import House
from portal.office_centre import office_centre
from portal.office_invites import office_invites
from portal.report_shown import report_shown
from portal.view import View

RESULTS = {"packaged": "新照片包", "unchanged": "没有变化", "failed": "失败"}
FLOWS = {"nightly": "夜间处理", "rerun": "重做失败的中心"}
_LONGEST_REPORT = 1 << 20


def office_pages(house: House) -> APIRouter:
    """The routes."""
    routes = APIRouter()
    routes.include_router(office_centre(house))
    routes.include_router(office_invites(house))

    @routes.get("/office")
    def office(request: Request) -> Response:
        view = house.views.now()
        known = addresses_now(house.store, house.inputs)
        waiting = [one for one in requests(house.store) if one.state != "done"]
        return house.page(
            request,
            "office",
            view,
            centres=list(view.centres.values()),
            known=known,
            odd={centre: odd(one) for centre, one in known.items()},
            requests={one.request.centre: REQUEST_WORDS[one.state] for one in waiting},
            words=CENTRE_WORDS,
            makeup=view.overview.makeup,
        )

    @routes.get("/office/sessions")
    def sessions(request: Request) -> Response:
        view = house.views.now()
        told = view.overview.alarms
        alarms = {one.id: alarm_lines([a for a in told if a.session == one.id]) for one in _sessions(view)}
        return house.page(
            request,
            "sessions",
            view,
            sessions=_sessions(view),
            alarms=alarms,
            single=set(view.overview.single),
            words=FILE_WORDS,
        )

    @routes.get("/office/runs")
    def all_runs(request: Request) -> Response:
        found = list(enumerate(runs(house.store), 1))
        return house.page(request, "runs", house.views.now(), runs=found[::-1], flows=FLOWS, results=RESULTS)

    @routes.get("/office/runs/{number}")
    def one_run(request: Request, number: str) -> Response:
        run, view = _run(house, number), house.views.now()
        names = {one.id: one.name for one in view.campaign.centres}
        return house.page(
            request,
            "run",
            view,
            number=int(number),
            run=run,
            names=names,
            report=_report(house, int(number)),
            flows=FLOWS,
            results=RESULTS,
        )

    return routes


def odd(one: Known) -> list[str]:
    """What somebody should look at in a centre's address."""
    unusable = one.address.unusable
    waits = one.address.electronic and not one.confirmed
    return [*one.flags, *([unusable] if unusable else []), *(["要电子数据，待确认"] if waits else [])]


def _sessions(view: View) -> tuple[SessionStatus, ...]:
    return view.overview.status.sessions


def _run(house: House, number: str) -> Run:
    found = runs(house.store)
    if not number.isdecimal() or len(number) > 6 or not 1 <= int(number) <= len(found):
        raise HTTPException(404)
    return found[int(number) - 1]


def _report(house: House, number: int) -> str:
    """The report as it stands in the workspace; empty where the night was another machine's."""
    path = house.folder / "reports" / f"run-{number:04d}" / "report.md"
    try:
        with path.open(encoding="utf-8") as file:
            return report_shown(file.read(_LONGEST_REPORT))
    except (OSError, ValueError):
        return ""
