"""What a run logs: what it did, in numbers and names of ours, and nothing of a person."""

import json
import stat
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gradphoto.log import EVENTS, open_log, tell, timed
from tests.noisy_night import FILE_OF_A_PERSON, SECRETS, STUDENT_NUMBERS, leaked, make
from tests.small_night import GUYUAN, build, program, run, small

ROOT = Path(__file__).parent.parent


@pytest.fixture(autouse=True)
def _quiet_after() -> Iterator[None]:
    yield
    open_log("")


def lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def logging(folder: Path, where: str) -> None:
    settings = folder / "gradphoto.toml"
    settings.write_text(f'{settings.read_text(encoding="utf-8")}\nlog = "{where}"\n', encoding="utf-8")


def test_a_run_says_what_it_did_at_each_stage(tmp_path: Path) -> None:
    build(tmp_path, small())
    logging(tmp_path, "logs/runs.jsonl")
    run(tmp_path, drill=["longde"])
    first, *stages, last = lines(tmp_path / "logs" / "runs.jsonl")

    assert ("run-begun", "nightly", [GUYUAN]) == (first["event"], first["flow"], first["sessions"])
    assert ("run-ended", 1, 1, 1) == (last["event"], last["run"], last["packaged"], last["failed"])
    ended = [(one["stage"], one.get("session") or one.get("centre"), one.get("count")) for one in stages]
    assert ("read", GUYUAN, 5) in ended
    assert ("match", None, 4) in ended
    (failed,) = [one for one in stages if one["event"] == "stage-failed"]
    assert ("pack", "longde", "DrillTrouble", "error") == tuple(
        failed[name] for name in ("stage", "centre", "trouble", "level")
    )
    assert {"info", "error"} == {one["level"] for one in (first, *stages, last)}
    (taken,) = [one for one in stages if one["stage"] == "ingest"]
    assert (13, 0, 0) == (taken["added"], taken["refused"], taken["growing"])


def test_whoever_says_nothing_gets_no_log(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    build(tmp_path, small())
    run(tmp_path)
    assert ("", "") == capsys.readouterr()
    assert [] == list(tmp_path.rglob("*.jsonl.log"))


def test_standard_error_can_be_the_log(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    build(tmp_path, small())
    monkeypatch.setenv("GRADPHOTO_LOG", "-")
    done = program("nightly", GUYUAN, "--json", folder=tmp_path)
    assert json.loads(done.stdout)["run"] == 1
    events = [json.loads(line)["event"] for line in done.stderr.splitlines() if line.startswith("{")]
    assert ("run-begun", "run-ended") == (events[0], events[-1])


def test_a_night_full_of_people_logs_none_of_them(tmp_path: Path) -> None:
    make(tmp_path)
    logging(tmp_path, "runs.jsonl")
    run(tmp_path)
    said = (tmp_path / "runs.jsonl").read_bytes()
    assert b"run-ended" in said
    assert [] == leaked(said, [*SECRETS, *STUDENT_NUMBERS, FILE_OF_A_PERSON])


def test_several_runs_go_on_in_one_log_that_is_its_owners_alone(tmp_path: Path) -> None:
    build(tmp_path, small())
    logging(tmp_path, "runs.jsonl")
    run(tmp_path)
    run(tmp_path)
    log = tmp_path / "runs.jsonl"
    assert [1, 2] == [one["run"] for one in lines(log) if one["event"] == "run-ended"]
    assert 0o600 == stat.S_IMODE(log.stat().st_mode)


def test_a_log_that_cannot_be_written_stops_nobody(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    build(tmp_path, small())
    (tmp_path / "runs.jsonl").mkdir()
    logging(tmp_path, "runs.jsonl")
    assert () == run(tmp_path).run.failed
    assert "run-ended" in capsys.readouterr().err


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="没有 /dev/full")
def test_a_full_disk_under_the_log_stops_nobody(tmp_path: Path) -> None:
    build(tmp_path, small())
    (tmp_path / "runs.jsonl").symlink_to("/dev/full")
    logging(tmp_path, "runs.jsonl")
    assert () == run(tmp_path).run.failed


@given(st.text())
def test_what_is_no_id_of_ours_is_not_said(text: str) -> None:
    with told() as said:
        tell("stage-ended", stage="read", session=text, centre=f"2164001{len(text):06d}")
    (line,) = said
    assert line["session"] in (text, "?")
    assert line["session"] == "?" or text.isascii()
    assert "?" == line["centre"]


def test_what_an_event_does_not_have_is_not_said() -> None:
    with told() as said:
        tell("run-ended", flow="nightly", name="王䶮", seconds=1.5)
    (line,) = said
    assert {"at", "event", "flow", "level", "seconds"} == set(line)


def test_a_stage_that_fails_says_the_kind_of_trouble_and_not_its_words() -> None:
    with told() as said, pytest.raises(ValueError, match="王䶮"), timed("pack", centre="guyuan"):
        raise ValueError("王䶮 2164001200017")
    (line,) = said
    assert ("stage-failed", "ValueError") == (line["event"], line["trouble"])
    assert [] == leaked(json.dumps(line, ensure_ascii=False).encode(), ["王䶮", "2164001200017"])


def test_every_event_and_field_is_documented() -> None:
    chapter = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8").partition("## Watching it")[2]
    words = {*EVENTS, *(name for fields in EVENTS.values() for name in fields)}
    assert [] == sorted(word for word in words if f"`{word}`" not in chapter)


@contextmanager
def told() -> Iterator[list[dict[str, Any]]]:
    """What is logged within it, once it is over."""
    said: list[dict[str, Any]] = []
    with pytest.MonkeyPatch.context() as patch:
        stream = StringIO()
        patch.setattr(sys, "stderr", stream)
        open_log("-")
        yield said
        open_log("")
    said += map(json.loads, stream.getvalue().splitlines())
