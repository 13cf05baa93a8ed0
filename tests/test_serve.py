"""`serve` on a real server: every closed session gets its bundles, once, whatever dies or is lost on the way."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from urllib.request import urlopen
from zoneinfo import ZoneInfo

import pytest

from cli.workspace import Workspace
from flows.asked import failed_of
from flows.catch_up import CatchUp
from flows.evening import last_evening
from gradphoto.demo.plan import Sitting
from gradphoto.stages.close import close_session
from gradphoto.stages.rerun_requests import ask_rerun, requests
from gradphoto.stages.runs import runs
from tests.office import RUNS_WITHIN, Office
from tests.prefect_server import found, prefect_server, wait_for
from tests.seaweed import free_ports
from tests.small_night import ANNA, GUYUAN, build, bundles, program, run, small

SHANGHAI, NEW_YORK = ZoneInfo("Asia/Shanghai"), ZoneInfo("America/New_York")
ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def late(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where frames wait that come after the first night; the later ones are the better ones."""
    return tmp_path_factory.mktemp("late")


@pytest.fixture(scope="module")
def metrics_port() -> int:
    return free_ports(1)[0]


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory, late: Path, metrics_port: int) -> Iterator[Office]:
    """A workspace whose session was closed while no server was up, and which is served since."""
    office = Office(tmp_path_factory.mktemp("office"))
    build(office.folder, small(Sitting(ANNA, 8), Sitting(ANNA, 2)))
    for frame in sorted((office.folder / "inbox" / GUYUAN).rglob("*.JPG"))[-6:]:
        frame.rename(late / frame.name)
    assert {"session": GUYUAN, "closed": True, "new": True, "event": False} == office.close(GUYUAN)
    office.serve(TZ="America/New_York", GRADPHOTO_METRICS_PORT=str(metrics_port))
    yield office
    with suppress(ProcessLookupError):
        office.end()


def arrive(office: Office, late: Path) -> None:
    """Three more frames: a slate and two portraits."""
    card = next((office.folder / "inbox" / GUYUAN).rglob("*.JPG")).parent
    for frame in sorted(late.iterdir())[:3]:
        frame.rename(card / frame.name)


def recorded(office: Office) -> int:
    return len(runs(Workspace(office.folder).store))


def test_a_session_whose_event_nobody_heard_is_done_when_serve_starts(office: Office) -> None:
    assert "22:30（Asia/Shanghai）" in office.says
    (made,) = office.quiet(1)
    assert ("COMPLETED", "nightly " + GUYUAN) == (made["state_type"], made["name"])
    assert {"guyuan-v0001.zip", "longde-v0001.zip"} == set(bundles(office.folder))
    assert {f"session:{GUYUAN}", "centre:guyuan", "centre:longde"} <= set(made["tags"])


def test_prometheus_finds_the_run_where_serve_shows_it(office: Office, metrics_port: int) -> None:
    with urlopen(f"http://127.0.0.1:{metrics_port}/metrics") as reply:
        assert f"gradphoto_run {float(recorded(office))}\n" in reply.read().decode()


def test_the_same_event_twice_is_one_run_and_one_version(office: Office, late: Path) -> None:
    before = recorded(office)
    arrive(office, late)
    assert [True, True] == [office.close(GUYUAN)["event"] for _ in range(2)]
    done = office.quiet(3)[-2:]
    assert ["COMPLETED", "COMPLETED"] == [each["state_type"] for each in done]
    assert {f"nightly {GUYUAN}"} == {each["name"] for each in done}
    assert before + 1 == recorded(office)
    assert ["guyuan-v0001.zip", "guyuan-v0002.zip", "longde-v0001.zip"] == sorted(bundles(office.folder))


def test_a_run_that_is_killed_is_marked_and_started_again_once(office: Office, late: Path) -> None:
    before = recorded(office)
    arrive(office, late)
    office.close(GUYUAN)
    wait_for(lambda: office.runs()[-1]["state_name"] == "Running" and office.children(), RUNS_WITHIN)
    for child in office.children():
        os.kill(child, signal.SIGKILL)
    wait_for(lambda: office.runs()[-1]["run_count"] == 2, RUNS_WITHIN)
    killed = office.quiet(4)[-1]
    assert ("COMPLETED", 2) == (killed["state_type"], killed["run_count"])
    events = found(office.api, "events", filter={"event": {"name": ["prefect.flow-run.Crashed"]}})
    assert 1 == len(events)
    assert before + 1 == recorded(office)


def test_a_second_serve_of_the_same_workspace_is_refused(office: Office) -> None:
    done = program("serve", folder=office.folder)
    assert (2, 1) == (done.returncode, len(done.stderr.splitlines()))
    assert "已有 gradphoto serve 在运行" in done.stderr


def test_killed_and_started_again_it_registers_nothing_twice(office: Office) -> None:
    before, port = registered(office), office.api
    office.end(signal.SIGKILL)
    office.serve()
    assert (before, port) == (registered(office), office.api)
    assert [("nightly", 1, "22:30"), ("rerun", 0, "")] == before[0]
    assert ["gradphoto 崩溃的运行再来一次", "gradphoto 收工", "gradphoto 没有心跳的运行"] == before[1]


def registered(office: Office) -> tuple[list[tuple[str, int, str]], list[str]]:
    """Deployments with the number of their schedules and the next time, and automations."""
    made = sorted(found(office.api, "deployments"), key=lambda one: str(one["name"]))
    every = [(one["name"], len(one["schedules"]), next_time(one["schedules"])) for one in made]
    return every, sorted(one["name"] for one in found(office.api, "automations"))


def next_time(schedules: list[dict[str, dict[str, str]]]) -> str:
    """As a machine elsewhere reckons it, on the clock of the campaign."""
    code = "import asyncio, sys; from prefect.server.schemas.schedules import CronSchedule as Cron;"
    code += "print(asyncio.run(Cron(cron=sys.argv[1], timezone=sys.argv[2]).get_dates(1))[0].isoformat())"
    for each in schedules:
        rule = each["schedule"]
        command = [sys.executable, "-c", code, rule["cron"], rule["timezone"]]
        said = subprocess.run(
            command, env={**os.environ, "TZ": "America/New_York"}, capture_output=True, text=True, check=True
        )
        return f"{datetime.fromisoformat(said.stdout.strip()).astimezone(SHANGHAI):%H:%M}"
    return ""


def test_the_server_has_the_coming_evenings_ready_on_the_campaigns_clock(office: Office) -> None:
    """Its scheduler works, which depends on the release of SQLAlchemy."""
    wait_for(lambda: bool(office.evenings()), RUNS_WITHIN)
    assert {"22:30"} == {f"{due.astimezone(SHANGHAI):%H:%M}" for due in office.evenings()}


def test_a_rerun_that_a_page_asked_for_is_started_once_and_settles_it(office: Office) -> None:
    run(office.folder, drill=["longde"])
    store = Workspace(office.folder).store
    asked = ask_rerun(store, "longde", "1", "")
    wait_for(lambda: [(asked, "done")] == requests(store), RUNS_WITHIN)
    assert ["rerun longde"] == [made["name"] for made in office.quiet(1) if made["name"].startswith("rerun")]
    assert [] == failed_of(Workspace(office.folder))


def test_told_to_end_it_ends_its_children_too(office: Office) -> None:
    api = office.api
    assert 0 == office.end()
    with pytest.raises(Exception, match="refused"):
        found(api, "flow_runs")


@pytest.mark.parametrize(
    ("now", "due"),
    [
        (datetime(2023, 7, 2, 14, 30, tzinfo=UTC), datetime(2023, 7, 2, 22, 30, tzinfo=SHANGHAI)),
        (datetime(2023, 7, 2, 14, 29, tzinfo=UTC), datetime(2023, 7, 1, 22, 30, tzinfo=SHANGHAI)),
        (datetime(2023, 7, 2, 23, 0, tzinfo=NEW_YORK), datetime(2023, 7, 2, 22, 30, tzinfo=SHANGHAI)),
    ],
)  # fmt: skip
def test_the_evening_is_the_campaigns_whatever_the_machines_zone(now: datetime, due: datetime) -> None:
    assert due == last_evening(now, "22:30", "Asia/Shanghai")


def looks(watcher: CatchUp, folder: Path, times: int) -> list[bool]:
    """At which looks a sweep is started."""
    said = []
    for _ in range(times):
        due = watcher.due(Workspace(folder))
        watcher.begun |= {due}
        said.append(bool(due))
    return said


def test_catching_up_waits_until_nothing_moves_and_tries_the_same_once(tmp_path: Path) -> None:
    build(tmp_path, small())
    watcher = CatchUp()
    assert [False] == looks(watcher, tmp_path, 1)
    close_session(Workspace(tmp_path).store, GUYUAN, "x", "y")
    assert [False, True, False] == looks(watcher, tmp_path, 3)
    assert [True, False] == looks(CatchUp(), tmp_path, 2)
    run(tmp_path)
    assert [False, False] == looks(watcher, tmp_path, 2)


def test_a_night_that_fails_is_not_done_all_day(tmp_path: Path) -> None:
    build(tmp_path, small())
    watcher = CatchUp()
    close_session(Workspace(tmp_path).store, GUYUAN, "x", "y")
    assert [True] == looks(watcher, tmp_path, 1)
    run(tmp_path, drill=["longde"])
    assert [False, True, False, False] == looks(watcher, tmp_path, 4)  # once more, for its files are taken in now


def test_the_work_pools_deployments_are_those_of_serve(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, amount: Callable[[int, int], int]
) -> None:
    build(tmp_path / "ws", small())
    monkeypatch.setenv("GRADPHOTO_WORKSPACE", str(tmp_path / "ws"))
    with prefect_server(tmp_path / "prefect") as url:
        monkeypatch.setenv("PREFECT_API_URL", url)
        prefect("work-pool", "create", "gradphoto", "--type", "process")
        prefect("--no-prompt", "deploy", "--all")
        made = {one["name"]: one for one in found(url, "deployments")}
        assert {"nightly", "rerun"} == set(made)
        assert "22:30" == next_time(made["nightly"]["schedules"])
        assert {None} == {one["path"] for one in made.values()}
        assert {"ENQUEUE"} == {one["concurrency_options"]["collision_strategy"] for one in made.values()}
        for _ in range(amount(0, 1)):
            with_a_worker(url, tmp_path / "ws")


def with_a_worker(url: str, folder: Path) -> None:
    worker = subprocess.Popen([sys.executable, "-m", "prefect", "worker", "start", "--pool", "gradphoto"])
    try:
        assert 0 == program("close", GUYUAN, folder=folder).returncode
        wait_for(lambda: "longde-v0001.zip" in bundles(folder), RUNS_WITHIN)
        wait_for(lambda: ["COMPLETED"] == [one["state_type"] for one in found(url, "flow_runs")])
        assert {"guyuan-v0001.zip", "longde-v0001.zip"} == set(bundles(folder))
    finally:
        worker.terminate()
        worker.wait()


def prefect(*words: str) -> None:
    subprocess.run([sys.executable, "-m", "prefect", *words], cwd=ROOT, check=True, stdout=subprocess.DEVNULL)


@pytest.mark.long
def test_a_run_that_died_with_its_machine_is_found_out(tmp_path: Path) -> None:
    """Nobody marks it but an automation, after a minute and a half."""
    office = Office(tmp_path)
    build(office.folder, small())
    office.close(GUYUAN)
    office.serve()
    wait_for(lambda: states(office) == ["Running"] and office.children(), RUNS_WITHIN)
    died = office.children()
    office.end(signal.SIGKILL)  # first, so that nobody is told of the others
    for child in died:
        os.kill(child, signal.SIGKILL)
    office.serve()
    try:
        wait_for(lambda: states(office)[0] == "Crashed", RUNS_WITHIN)
        assert ["Crashed", "Completed"] == [made["state_name"] for made in office.quiet(2)]
    finally:
        office.end()
    assert {"guyuan-v0001.zip", "longde-v0001.zip"} == set(bundles(office.folder))


def states(office: Office) -> list[str]:
    return [made["state_name"] for made in office.runs()]
