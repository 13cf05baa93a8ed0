"""The metrics of a workspace: what Prometheus reads of it is what `status` tells, and names nobody."""

import stat
from collections.abc import Iterator
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest
from prometheus_client.parser import text_string_to_metric_families

from cli.workspace import Workspace
from config.bad_input import BadInput
from gradphoto.adapters.store import StoreTrouble
from gradphoto.metrics import Figures, exposition
from gradphoto.stages import watched
from gradphoto.stages.close import close_session
from gradphoto.stages.metrics import FILE, refresh_metrics, served_metrics, start_metrics, write_metrics
from gradphoto.stages.standing import status_of
from gradphoto.states import StudentState
from tests.noisy_night import FILE_OF_A_PERSON, SECRETS, STUDENT_NUMBERS, leaked, make
from tests.small_night import GUYUAN, build, run, small

ROOT = Path(__file__).parent.parent
YANCHI = "2023-07-02-yanchi"
Samples = dict[tuple[str, ...], float]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("metrics")
    build(made, small())
    run(made, drill=["longde"])
    return made


def samples(data: bytes) -> Samples:
    """Every sample's value by name and labels."""
    return {
        (one.name, *one.labels.values()): one.value
        for family in text_string_to_metric_families(data.decode())
        for one in family.samples
    }


@pytest.fixture(scope="module")
def told(folder: Path) -> Samples:
    return samples((folder / FILE).read_bytes())


def test_files_students_and_bundles_are_those_of_status(folder: Path, told: Samples) -> None:
    place = Workspace(folder)
    status = status_of(place.store, place.season)
    for session in status.sessions:
        for state, count in session.states.items():
            assert count == told["gradphoto_captures", session.id, state]
    for centre in status.centres:
        version = centre.bundle.version if centre.bundle else 0
        assert version == told["gradphoto_bundle_version", centre.id]
        for state in StudentState:
            assert getattr(centre, state.value) == told["gradphoto_students", centre.id, state.value]


def test_a_centre_that_failed_is_one_and_every_time_counts(told: Samples) -> None:
    assert (1, 0) == (told["gradphoto_centre_failed", "longde"], told["gradphoto_centre_failed", "guyuan"])
    assert 1 == told["gradphoto_centre_failures_total", "longde"]


def test_every_stage_of_the_run_has_its_time(told: Samples) -> None:
    stages = {key[1] for key in told if key[0] == "gradphoto_stage_seconds"}
    assert {"ingest", "read", "match", "render", "pack", "record", "all"} == stages
    assert told["gradphoto_stage_seconds", "all"] >= told["gradphoto_stage_seconds", "read"] > 0
    assert 1 == told["gradphoto_run",]


def test_pending_files_wait_since_the_end_of_their_session(told: Samples) -> None:
    """11:30 in the campaign's zone, UTC+8."""
    pending = told["gradphoto_captures", GUYUAN, "pending"]
    assert pending
    assert 1_688_371_200 - 86_400 < told["gradphoto_oldest_timestamp_seconds", "pending"] < 1_688_371_200 + 86_400


def test_a_closed_session_waits_until_a_good_night_did_it(tmp_path: Path) -> None:
    build(tmp_path, small())
    run(tmp_path, drill=["longde"])
    store = Workspace(tmp_path).store
    close_session(store, GUYUAN, "office", "2023-07-03T20:00:00+08:00")
    waits = samples(write_metrics(store, tmp_path, {}).read_bytes())
    assert 1_688_385_600 == waits["gradphoto_oldest_timestamp_seconds", "closed"]
    run(tmp_path)
    done = samples((tmp_path / FILE).read_bytes())
    assert ("gradphoto_oldest_timestamp_seconds", "closed") not in done
    assert 1 == done["gradphoto_session_closed", GUYUAN]


def test_a_time_that_cannot_be_read_waits_for_ever(tmp_path: Path) -> None:
    build(tmp_path, small())
    run(tmp_path)
    store = Workspace(tmp_path).store
    close_session(store, YANCHI, "office", "昨晚")
    waits = samples(write_metrics(store, tmp_path, {}).read_bytes())
    assert 0 == waits["gradphoto_oldest_timestamp_seconds", "closed"]


def test_the_same_figures_are_the_same_bytes(folder: Path) -> None:
    place = Workspace(folder)
    figures = Figures(status_of(place.store, place.season), {"longde": 2}, {"pending": 1.0}, 3, 4.0, {"read": 0.5})
    assert exposition(figures) == exposition(figures)


def test_a_night_full_of_people_shows_none_of_them(tmp_path: Path) -> None:
    make(tmp_path)
    run(tmp_path)
    data = (tmp_path / FILE).read_bytes()
    assert b"gradphoto_captures" in data
    assert [] == leaked(data, [*SECRETS, *STUDENT_NUMBERS, FILE_OF_A_PERSON])


def test_the_file_is_whole_alone_and_its_owners(folder: Path) -> None:
    assert [FILE.name] == [path.name for path in (folder / "metrics").iterdir()]
    assert 0o600 == stat.S_IMODE((folder / FILE).stat().st_mode)


def test_metrics_that_cannot_be_written_are_no_trouble_of_the_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    build(tmp_path, small())
    (tmp_path / "metrics").write_text("in the way")
    assert () == run(tmp_path).run.failed

    def gone(*_: object) -> None:
        raise StoreTrouble("演练")

    monkeypatch.setattr(watched, "write_metrics", gone)
    assert () == run(tmp_path).run.failed


def test_before_the_first_run_there_is_nothing_to_tell(tmp_path: Path) -> None:
    build(tmp_path, small())
    with pytest.raises(ValueError, match="no run yet"):
        write_metrics(Workspace(tmp_path).store, tmp_path, {})


@pytest.fixture
def served(folder: Path) -> Iterator[str]:
    server = start_metrics(folder, 0)
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def test_they_are_served_as_they_were_written(folder: Path, served: str) -> None:
    with urlopen(f"{served}/metrics") as reply:
        assert "text/plain; version=0.0.4; charset=utf-8" == reply.headers["Content-Type"]
        assert (folder / FILE).read_bytes() == reply.read()


def test_between_two_runs_what_waits_is_told_and_the_last_runs_times_stay(tmp_path: Path) -> None:
    build(tmp_path, small())
    store = Workspace(tmp_path).store
    refresh_metrics(store, tmp_path)
    assert not (tmp_path / FILE).exists(), "nothing to tell of before the first run"
    run(tmp_path, drill=["longde"])
    before = samples((tmp_path / FILE).read_bytes())
    close_session(store, GUYUAN, "office", "2023-07-03T20:00:00+08:00")
    refresh_metrics(store, tmp_path)
    after = samples((tmp_path / FILE).read_bytes())
    waits = ("gradphoto_oldest_timestamp_seconds", "closed")
    assert waits not in before
    assert 1_688_385_600 == after[waits]
    stages = {key: value for key, value in before.items() if key[0] == "gradphoto_stage_seconds"}
    assert stages.items() <= after.items()


def test_a_port_that_is_taken_is_named(folder: Path, served: str) -> None:
    port = int(served.rpartition(":")[2])
    with pytest.raises(BadInput, match=f"metrics_port：端口 {port}"), served_metrics(folder, port):
        pass


def test_nothing_else_is_served(served: str) -> None:
    for path in ("/", "/gradphoto.toml", "/metrics/../gradphoto.toml"):
        with pytest.raises(HTTPError, match="404"):
            urlopen(f"{served}{path}")


def test_before_there_are_any_the_answer_says_so(tmp_path: Path) -> None:
    server = start_metrics(tmp_path, 0)
    with pytest.raises(HTTPError, match="503"):
        urlopen(f"http://127.0.0.1:{server.server_port}/metrics")
    server.shutdown()
    server.server_close()


def test_every_metric_is_documented(told: Samples) -> None:
    chapter = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8").partition("## Watching it")[2]
    assert [] == sorted({key[0] for key in told if f"`{key[0]}`" not in chapter})
