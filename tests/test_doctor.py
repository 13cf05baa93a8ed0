"""Doctor: each thing that can be wrong with a machine is found when it is wrong, and nothing is left behind."""

import http.server
import json
import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from prefect.settings import PREFECT_API_URL, temporary_settings

import gradphoto
from cli.setup import make_workspace
from flows.doctor import examine_prefect
from gradphoto import doctor
from gradphoto.adapters.s3_client import forget
from gradphoto.doctor import Finding, Level
from gradphoto.stages.doctor import examine_workspace
from tests.faketime import LIBRARIES, lying, set_clock
from tests.fault_proxy import Faults, fault_proxy
from tests.seaweed import BUCKET, Seaweed
from tests.small_disk import small_disk
from tests.small_night import program

pytest_plugins = ["tests.seaweed_fixture"]

ROOT = Path(__file__).parent.parent
AS_ROOT_OF_ITS_OWN = ("unshare", "-rm")


@pytest.fixture
def place(tmp_path: Path) -> Path:
    make_workspace(tmp_path / "w")
    return tmp_path / "w"


def levels(found: Iterable[Finding], about: str) -> list[Level]:
    return [finding.level for finding in found if finding.about == about]


def said(call: str, *before: str, **environment: str) -> list[Finding]:
    """What a process of its own finds: `call` is a list of findings, `before` what it is started by."""
    code = (
        "import json, gradphoto.adapters.doctor_machine as machine\n"
        "from gradphoto.adapters.doctor_pictures import pictures\n"
        "from gradphoto.doctor import open_files, versions\n"
        "from gradphoto.adapters.store import open_store\n"
        "from gradphoto.stages.doctor import examine_workspace\n"
        "from gradphoto.stages.doctor_room import room\n"
        "from pathlib import Path\n"
        f"print(json.dumps([one.model_dump() for one in {call}]))\n"
    )
    paths = [environment.pop("PYTHONPATH", ""), str(ROOT)]
    ran = subprocess.run(
        [*before, sys.executable, "-c", code],
        env={**os.environ, **environment, "PYTHONPATH": os.pathsep.join(filter(None, paths))},
        cwd=paths[0] or ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert 0 == ran.returncode, ran.stderr
    return [Finding.model_validate(one) for one in json.loads(ran.stdout)]


def in_a_mount_of_its_own(script: str) -> tuple[str, ...]:
    """What runs after `script` in a process that alone sees what that mounted."""
    if subprocess.run([*AS_ROOT_OF_ITS_OWN, "true"], capture_output=True, check=False).returncode:
        pytest.skip("no namespaces for mounts here")
    return (*AS_ROOT_OF_ITS_OWN, "sh", "-ec", f'{script}; exec "$@"', "sh")


def test_a_new_workspace_is_fit_and_nothing_is_left_in_it(place: Path) -> None:
    before = sorted(place.rglob("*"))
    ran = program("doctor", "--json", folder=place)
    told = json.loads(ran.stdout)
    assert (0, True) == (ran.returncode, told["fit"]), told
    assert {"about", "level", "says", "do"} == set(told["findings"][0])
    assert [] == [one for one in told["findings"] if (one["level"] == "good") != (one["do"] == "")]
    assert set(before) == {path for path in place.rglob("*") if path != place / "store" / ".tmp"}


def test_what_makes_it_unfit_ends_in_code_1_and_the_table_says_so(place: Path) -> None:
    (place / "gradphoto.toml").write_text("stroe = 'file:store'\n", "utf-8")
    ran = program("doctor", folder=place)
    assert 1 == ran.returncode
    assert "不行" in ran.stdout
    assert "stroe" in ran.stdout


# The machine


def test_a_package_of_another_version(tmp_path: Path) -> None:
    (tmp_path / "prefect-3.0.0.dist-info").mkdir()
    (tmp_path / "prefect-3.0.0.dist-info" / "METADATA").write_text("Name: prefect\nVersion: 3.0.0\n")
    call = "[versions(machine.python(), list(machine.wrong_packages()))]"
    (found,) = said(call, PYTHONPATH=str(tmp_path))
    assert ("unfit", True) == (found.level, "prefect 3.0.0" in found.says)
    assert ["good"] == levels(said(call), "python")


def test_a_damaged_network(tmp_path: Path) -> None:
    shutil.copytree(Path(gradphoto.__file__).parent, tmp_path / "gradphoto")
    model = tmp_path / "gradphoto" / "models" / "face_detection_full_range.tflite"
    model.write_bytes(model.read_bytes()[:-1])
    (found,) = said("pictures()", PYTHONPATH=str(tmp_path))
    assert ("models", "unfit") == (found.about, found.level)
    assert model.name in found.says


def test_no_chinese_font() -> None:
    fontless = in_a_mount_of_its_own("mount -t tmpfs none /usr/share/fonts")
    assert ["attention"] == levels(said("[machine.fonts()]", *fontless), "fonts")


def test_no_time_zones(tmp_path: Path) -> None:
    (tmp_path / "tzdata").mkdir()
    (tmp_path / "tzdata" / "__init__.py").touch()
    found = said("[machine.zones()]", PYTHONPATH=str(tmp_path), PYTHONTZPATH="")
    assert ["unfit"] == levels(found, "zone")


@pytest.mark.parametrize(("limit", "level"), [(200, "unfit"), (500, "attention"), (1024, "good")])
def test_few_open_files(limit: int, level: Level) -> None:
    limited = ("sh", "-ec", f'ulimit -n {limit}; exec "$@"', "sh")
    assert [level] == levels(said("[open_files(machine.open_files())]", *limited), "files")


def test_more_workers_than_cores_or_memory(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GRADPHOTO_WORKERS", "200")
    assert ["attention"] == levels(examine_workspace(place), "workers")
    assert "unfit" == doctor.workers(1, 8, doctor.WORKER_BYTES - 1).level
    assert "attention" == doctor.workers(4, 8, 3 * doctor.WORKER_BYTES).level


# The workspace and its disk


def test_a_folder_that_is_no_workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert ["unfit"] == levels(examine_workspace(tmp_path), "workspace")
    monkeypatch.setenv("GRADPHOTO_STORE", "s3://nowhere")
    monkeypatch.setenv("AWS_ENDPOINT_URL", "not an address")
    forget()
    found = list(examine_workspace(tmp_path))
    forget()
    assert (["attention"], ["unfit"]) == (levels(found, "workspace"), levels(found, "store"))


def test_a_campaign_that_cannot_be_read(place: Path) -> None:
    (place / "campaign.toml").unlink()
    assert ["good", "unfit"] == levels(examine_workspace(place), "settings")


def test_a_workspace_on_a_disk_that_is_read_only(place: Path) -> None:
    read_only = in_a_mount_of_its_own(f"mount --bind {place} {place}; mount -o remount,bind,ro {place}")
    found = said(f"examine_workspace(Path({str(place)!r}))", *read_only)
    assert (["unfit"], ["unfit"]) == (levels(found, "workspace"), levels(found, "store"))


def test_a_workspace_that_others_can_look_into(place: Path) -> None:
    assert ["good"] == levels(examine_workspace(place), "permissions")
    for folder in (place, place / "inbox"):
        folder.chmod(0o755)
    assert ["attention"] == levels(examine_workspace(place), "permissions")


def test_a_disk_for_the_store_that_is_not_there(place: Path) -> None:
    (place / "store").rmdir()
    assert ["unfit"] == levels(examine_workspace(place), "store")
    assert not (place / "store").exists()


@pytest.mark.parametrize(("size", "level"), [(40, "unfit"), (200, "attention")])
def test_a_small_disk(tmp_path: Path, size: int, level: Level) -> None:
    with small_disk(tmp_path / "disk", size << 20) as disk:
        make_workspace(disk / "w")
        assert [level] == levels(examine_workspace(disk / "w"), "disk")


def test_a_disk_that_has_room_but_takes_no_more_files(tmp_path: Path) -> None:
    with small_disk(tmp_path / "disk", 100 << 20, files=500) as disk:
        make_workspace(disk / "w")
        (found,) = [one for one in examine_workspace(disk / "w") if one.about == "disk"]
    assert "inode" in found.says


def test_no_folder_for_temporary_files() -> None:
    shut = "for one in /tmp /var/tmp; do mount --bind $one $one; mount -o remount,bind,ro $one; done; cd /proc"
    nowhere = in_a_mount_of_its_own(shut)
    (found,) = said("[room(open_store('file:/', Path('/')), Path('/'), None)]", *nowhere)
    assert ("unfit", True) == (found.level, "临时文件夹" in found.says)


@pytest.mark.parametrize(("offset", "level"), [("+10m", "unfit"), ("-60s", "attention"), ("+0", "good")])
def test_a_wrong_clock(place: Path, tmp_path: Path, offset: str, level: Level) -> None:
    if not LIBRARIES:
        pytest.skip("faketime is not installed")
    set_clock(tmp_path / "clock", offset)
    found = said(f"examine_workspace(Path({str(place)!r}))", **_lying(tmp_path / "clock"))
    assert [level] == levels(found, "clock")


def _lying(offset_file: Path) -> dict[str, str]:
    wrong = lying(offset_file, "UTC")
    return {name: value for name, value in wrong.items() if os.environ.get(name) != value}


# S3


@pytest.fixture
def on_s3(place: Path, seaweed: Seaweed, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A workspace with its store on S3, whose environment may be spoiled."""
    monkeypatch.setenv("GRADPHOTO_STORE", f"s3://{BUCKET}/doctor")
    monkeypatch.setenv("AWS_ENDPOINT_URL", seaweed.url)
    forget()
    yield place
    forget()


def test_a_store_on_s3_is_tried_and_left_as_it_was(on_s3: Path, seaweed: Seaweed) -> None:
    found = list(examine_workspace(on_s3))
    assert (["good"], ["good"]) == (levels(found, "store"), levels(found, "clock"))
    assert [] == list(seaweed.new_store()._names("doctor/"))


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("AWS_SECRET_ACCESS_KEY", "wrong", "密钥"),
        ("GRADPHOTO_STORE", "s3://no-such-bucket/store", "存储桶不存在"),
        ("AWS_ENDPOINT_URL", "http://127.0.0.1:9", "连不上"),
    ],
)
def test_a_store_on_s3_that_cannot_be_reached(
    on_s3: Path, monkeypatch: pytest.MonkeyPatch, name: str, value: str, words: str
) -> None:
    monkeypatch.setenv(name, value)
    (found,) = [one for one in examine_workspace(on_s3) if one.about == "store"]
    assert ("unfit", True) == (found.level, words in found.says), found


def test_a_service_that_overwrites(on_s3: Path, seaweed: Seaweed, monkeypatch: pytest.MonkeyPatch) -> None:
    with fault_proxy(seaweed.url, Faults(), oss=lambda _: False) as url:
        monkeypatch.setenv("AWS_ENDPOINT_URL", url)
        (found,) = [one for one in examine_workspace(on_s3) if one.about == "store"]
    assert ("unfit", True) == (found.level, "独占创建" in found.says), found


# Prefect


@contextmanager
def something_like_prefect(version: str) -> Iterator[str]:
    """A server that answers everything with this version."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.end_headers()
            self.wfile.write(version.encode())

        def log_message(self, *_: object) -> None:
            """Nothing is logged."""

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/api"
    finally:
        server.shutdown()
        server.server_close()


def test_without_a_configured_server_one_comes_with_the_run() -> None:
    assert ["good"] == levels(examine_prefect(), "prefect")


def test_a_server_that_does_not_answer_keeps_nobody_from_working() -> None:
    with temporary_settings({PREFECT_API_URL: "http://127.0.0.1:9/api"}):
        assert ["attention"] == levels(examine_prefect(), "prefect")


@pytest.mark.parametrize(
    ("answer", "level"), [('"3.0.0"', "attention"), ("<html>", "attention"), ('"3.8.8"', "good")]
)
def test_a_server_of_another_version_or_kind(answer: str, level: Level) -> None:
    with something_like_prefect(answer) as url, temporary_settings({PREFECT_API_URL: url}):
        assert [level] == levels(examine_prefect(), "prefect")


def test_a_home_of_prefect_on_a_disk_that_is_read_only(tmp_path: Path) -> None:
    read_only = in_a_mount_of_its_own(f"mount --bind {tmp_path} {tmp_path}; mount -o remount,bind,ro {tmp_path}")
    call = "__import__('flows.doctor').doctor.examine_prefect()"
    assert ["attention"] == levels(said(call, *read_only, PREFECT_HOME=str(tmp_path / "home")), "prefect")
