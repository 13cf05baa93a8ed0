"""No name, ID number or capture code where nobody asked for one: a noisy season by the program itself, searched.

Names stand in what the operator asks for (standard output, lists, bundles), never in what a machine keeps beside:
standard error, logs, Prefect's database, events, artifacts, parameters, addresses, names of files.
"""

import errno
import os
import re
import shutil
import sqlite3
import stat
import subprocess
import sys
import traceback
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest

from cli.workspace import Workspace
from gradphoto.adapters.store import StoreTrouble
from gradphoto.discreet import masked, quoted
from gradphoto.packed import newest
from gradphoto.records import originals
from tasks.stage import stage
from tests.noisy_night import (
    FILE_OF_A_PERSON,
    PEOPLE,
    SECRETS,
    STUDENT_NUMBERS,
    forge_bundle,
    forge_record,
    leaked,
    make,
)
from tests.prefect_server import found, prefect_server, wait_for
from tests.quick_program import run_program
from tests.seaweed import BUCKET, Seaweed
from tests.small_night import GUYUAN, build, run, small

pytest_plugins = ["tests.seaweed_fixture"]

NUMBERS_AND_CODES = [secret for secret in SECRETS if secret.isascii() and "'" not in secret]
TALKATIVE = {
    "PREFECT_LOGGING_LEVEL": "DEBUG",
    "PREFECT_LOGGING_ROOT_LEVEL": "DEBUG",
    "PREFECT_LOGGING_HANDLERS_CONSOLE_LEVEL": "DEBUG",
    "PREFECT_INTERNAL_LOGGING_LEVEL": "DEBUG",
}


@dataclass
class Season:
    """A workspace, what each command said there, and what Prefect kept of it."""

    top: Path
    environment: Mapping[str, str]
    said: dict[str, "subprocess.CompletedProcess[bytes]"] = field(default_factory=dict)
    told: dict[str, list[dict[str, Any]]] = field(default_factory=dict)

    @property
    def folder(self) -> Path:
        return self.top / "ws"

    @property
    def database(self) -> Path:
        return self.top / "prefect"

    def do(self, *words: object, code: int = 0) -> None:
        """A command of the program, with every log turned on and a umask that forbids nothing."""
        ended = run_program([*map(str, words)], {**os.environ, **self.environment}, umask=0)
        self.said[f"{len(self.said)} {' '.join(map(str, words))}"] = ended
        assert code == ended.returncode, (words, ended.stderr.decode()[-3000:])


@pytest.fixture(scope="module")
def season(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Season]:
    """Every command, good nights and bad ones, over a Prefect server that has ended since."""
    top = tmp_path_factory.mktemp("noisy")
    for name in ("tmp", "prefect", "drive-1", "drive-2", "home"):
        (top / name).mkdir()
    own = {"TMPDIR": str(top / "tmp"), "GRADPHOTO_WORKSPACE": str(top / "ws"), "PREFECT_HOME": str(top / "home")}
    with prefect_server(top / "prefect") as url:
        this = Season(top, {**TALKATIVE, **own, "PREFECT_API_URL": url})
        this.do("init", this.folder)
        make(this.folder)
        a_day(this)
        bad_nights(this)
        wait_for(lambda: {"gradphoto.centre.recovered", "gradphoto.review.needed"} <= events(url))
        wait_for(lambda: any("Bug" in log["message"] for log in found(url, "logs", sort="TIMESTAMP_DESC")))
        this.told = {what: found(url, what) for what in ("flow_runs", "task_runs", "artifacts", "events", "logs")}
    yield this
    shutil.rmtree(top)


def events(url: str) -> set[str]:
    return {event["event"] for event in found(url, "events", filter={"event": {"prefix": ["gradphoto."]}})}


def a_day(this: Season) -> None:
    """What a good day asks of the program, and what an operator mistypes."""
    one, inbox = PEOPLE[0], this.folder / "inbox" / GUYUAN
    this.do("status")
    this.do("offload", inbox / "card-1", GUYUAN, "--to", this.top / "drive-1", "--to", this.top / "drive-2")
    this.do("ingest", GUYUAN)
    this.do("close", GUYUAN)
    this.do("nightly", "--drill", "fail=longde", code=3)
    this.do("rerun", "longde")
    for words in (f"captures {GUYUAN}", f"captures {GUYUAN} --json", "review list", "retakes", "fsck",
                  "manifests --release all"):  # fmt: skip
        this.do(*words.split())
    this.do("backup", "--to", this.top / "backup")
    this.do("download", "guyuan", "--to", this.top / "downloads" / "guyuan")
    pending = next(one for one in Workspace(this.folder).ledger.of_session(GUYUAN) if one.state == "pending")
    for wrong in ("2164012500999", one.name, one.id_no, one.capture_code):
        this.do("review", "assign", pending.original.sha256, wrong, code=2)


def bad_nights(this: Season) -> None:
    """What a crash, a failing disk and another release leave behind, each met in the middle of a night."""
    store = Workspace(this.folder).store
    packed = newest(store, "guyuan")
    assert packed
    forged = forge_bundle(this.folder, "guyuan", packed.version + 1)
    this.do("nightly", GUYUAN, code=3)
    forged.unlink()
    this.do("rerun", "guyuan")
    sheet = next(one for one in originals(store, GUYUAN) if one.path == "list.JPG")
    damaged = this.folder / "store" / "originals" / sheet.sha256[:2] / sheet.sha256
    kept, readings = damaged.read_bytes(), this.folder / "store" / "readings"
    readings.rename(this.top / "readings")
    damaged.write_bytes(kept.replace(b"1", b"2"))
    this.do("nightly", GUYUAN, code=3)
    damaged.write_bytes(kept)
    shutil.rmtree(readings, ignore_errors=True)
    (this.top / "readings").rename(readings)
    (version,) = (path.name for path in readings.iterdir())
    forge_record(store, f"readings/{version}")
    this.do("status", code=1)
    this.do("nightly", GUYUAN, code=1)


def test_standard_error_and_logs_name_nobody(season: Season) -> None:
    assert {} == {words: found for words, one in season.said.items() if (found := leaked(one.stderr))}


def test_prefect_keeps_nobody_neither_in_its_tables_nor_in_its_files(season: Season) -> None:
    assert {} == {str(path): found for path in files(season.database) if (found := leaked(path.read_bytes()))}
    assert {} == {str(path): found for path in files(season.top / "home") if (found := leaked(path.read_bytes()))}
    assert [] == leaked(everything_in(season.database / "prefect.db"))


def test_prefect_keeps_no_student_number_and_no_file_that_is_named_after_a_person(season: Season) -> None:
    kept = everything_in(season.database / "prefect.db")
    assert [] == leaked(kept, [*STUDENT_NUMBERS, FILE_OF_A_PERSON])
    assert GUYUAN.encode() in kept


def test_what_was_searched_holds_runs_events_a_report_and_a_crash(season: Season) -> None:
    """Silence proves nothing by itself."""
    told = season.told
    assert {"nightly", "rerun"} == {run["name"].split()[0] for run in told["flow_runs"]}
    assert {"COMPLETED", "FAILED"} == {run["state_type"] for run in told["task_runs"]}
    assert {"nightly-report", "rerun-report"} == {report["key"] for report in told["artifacts"] if report["key"]}
    assert any("BundleError" in log["message"] for log in told["logs"])
    assert any(b"ValidationError" in one.stderr for one in season.said.values())
    assert any(b"HTTP Request: POST" in one.stderr for one in season.said.values())
    assert any(PEOPLE[4].name.encode() in one.stdout for one in season.said.values())


def test_no_id_number_and_no_code_is_shown_anywhere_and_none_is_delivered(season: Season) -> None:
    assert {} == {words: found for words, one in season.said.items() if (found := shown(one.stdout))}
    bundles = list(season.folder.glob("store/bundles/*/*.zip"))
    assert bundles
    assert {} == {str(path): found for path in bundles if (found := shown(unpacked(path)))}


def test_reports_name_students_by_number_alone(season: Season) -> None:
    reports = list(season.folder.glob("reports/*/report.md"))
    assert reports
    assert {} == {str(path): found for path in reports if (found := leaked(path.read_bytes()))}


def test_no_file_of_ours_is_named_after_anybody(season: Season) -> None:
    ours = [
        str(path.relative_to(season.top)) for path in everything_below(season.top) if "inbox" not in path.parts
    ]
    assert [] == leaked("\n".join(ours).encode(), [*SECRETS, *STUDENT_NUMBERS])


def test_whatever_the_umask_files_are_0600_and_folders_0700(season: Season) -> None:
    ours = ("store", "reports", "manifests", "rosters", "gradphoto.toml", "campaign.toml")
    tops = [
        season.folder,
        *(season.folder / name for name in ours),
        season.top / "downloads",
        season.top / "backup",
    ]
    tops += [season.top / drive / GUYUAN for drive in ("drive-1", "drive-2")]
    made = [path for top in tops[1:] for path in [top, *everything_below(top)] if path.parent.name != "rosters"]
    assert {} == wide_open([season.folder, *made])


def test_stages_are_as_careful_without_the_program(tmp_path: Path) -> None:
    """As a worker runs them."""
    build(tmp_path, small())
    before = os.umask(0)
    try:
        run(tmp_path)
    finally:
        os.umask(before)
    made = [
        path for name in ("store", "reports") for path in [tmp_path / name, *everything_below(tmp_path / name)]
    ]
    assert {} == wide_open([path for path in made if path != tmp_path / "store"])


def test_nothing_is_left_in_the_temporary_folder(season: Season) -> None:
    assert [] == everything_below(season.top / "tmp")


def test_the_addresses_and_logs_of_s3_name_nobody(seaweed: Seaweed, tmp_path: Path) -> None:
    make(tmp_path)
    store = f"s3://{BUCKET}/noisy"
    code = "import logging, pathlib, sys; logging.basicConfig(level=logging.DEBUG);"
    code += "from tests.small_night import run; run(pathlib.Path(sys.argv[1]))"
    own = {**os.environ, **seaweed.environment, "GRADPHOTO_STORE": store}
    ended = subprocess.run([sys.executable, "-c", code, tmp_path], env=own, capture_output=True, check=False)
    assert 0 == ended.returncode, ended.stderr.decode()[-3000:]
    assert f"/{BUCKET}/noisy/bundles/guyuan/guyuan-v0001.zip".encode() in ended.stderr
    assert [] == leaked(ended.stderr)


@pytest.mark.parametrize(
    ("trouble", "words"),
    [
        (KeyError(PEOPLE[0].name), "KeyError"),
        (ValueError(PEOPLE[0].id_no), "ValueError"),
        (PermissionError(errno.EACCES, "denied", FILE_OF_A_PERSON), "[Errno 13] denied"),
        (StoreTrouble("存储已满"), "存储已满"),
    ],
)
def test_what_a_stage_raises_says_nothing_of_a_person(trouble: Exception, words: str) -> None:
    """Prefect keeps what an exception says, and that of what caused it."""

    @stage("pack")
    def crash() -> None:
        try:
            raise RuntimeError(PEOPLE[0].name)
        except RuntimeError:
            raise trouble from None

    with pytest.raises(Exception, match=rf"^{re.escape(words)}$") as raised:
        crash.fn()
    assert [] == leaked("".join(traceback.format_exception(raised.value)).encode(), [*SECRETS, FILE_OF_A_PERSON])


@pytest.mark.parametrize("secret", SECRETS)
def test_a_message_quotes_no_secret(secret: str) -> None:
    assert secret not in quoted(secret)


def test_an_id_number_is_shown_by_its_last_four() -> None:
    assert "…002X" == masked("11010519491231002X") == quoted("11010519491231002X")
    assert "" == masked("")


def shown(data: bytes) -> list[str]:
    return leaked(data, NUMBERS_AND_CODES)


def files(folder: Path) -> list[Path]:
    return [path for path in everything_below(folder) if path.is_file()]


def everything_below(folder: Path) -> list[Path]:
    return sorted(folder.rglob("*")) if folder.is_dir() else []


def everything_in(database: Path) -> bytes:
    """Every value of every row of every table."""
    with sqlite3.connect(database) as opened:
        tables = [name for (name,) in opened.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        rows = (row for name in tables for row in opened.execute(f'SELECT * FROM "{name}"'))
        cells = [cell if isinstance(cell, bytes) else str(cell).encode() for row in rows for cell in row]
    opened.close()
    return b"\n".join(cells)


def unpacked(path: Path) -> bytes:
    """Every member of a zip, and every member of the workbooks in it."""
    with ZipFile(path) as archive:
        found = [archive.read(name) for name in archive.namelist()]
        for name in archive.namelist():
            if name.endswith(".xlsx"):
                with archive.open(name) as file, ZipFile(file) as book:
                    found += [book.read(part) for part in book.namelist()]
    return b"\n".join(found)


def wide_open(paths: list[Path]) -> dict[str, str]:
    """What others could read, with its mode."""
    modes = {path: stat.S_IMODE(path.lstat().st_mode) for path in paths}
    return {str(path): oct(mode) for path, mode in modes.items() if mode & 0o077}
