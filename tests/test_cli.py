"""The program as people and scripts meet it: exit codes, one line for bad input, one JSON document."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.small_night import ANNA, GUYUAN, build, bundles, program, run, small


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace after its night."""
    folder = tmp_path_factory.mktemp("cli")
    build(folder, small())
    run(folder)
    return folder


def test_a_new_workspace_overwrites_nothing(tmp_path: Path) -> None:
    (tmp_path / "mailing.csv").write_text("mine", encoding="utf-8")
    assert program("init", tmp_path).returncode == 0
    assert "mine" == (tmp_path / "mailing.csv").read_text(encoding="utf-8")
    assert {"gradphoto.toml", "campaign.toml", "mailing.csv", "rosters", "inbox", "store"} == {
        path.name for path in tmp_path.iterdir()
    }


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["nightly", "2023-07-09-nowhere"], "2023-07-09-nowhere"),
        (["nightly", "2023-07-04-tongxin"], "inbox/2023-07-04-tongxin"),
        (["nightly", GUYUAN, "--drill", "guyuan"], "fail=CENTRE"),
        (["rerun", "nowhere"], "nowhere"),
        (["status", "nowhere"], "nowhere"),
        (["captures", "nowhere"], "nowhere"),
        (["ingest", GUYUAN, "/no/such/folder"], "/no/such/folder"),
        (["close", "nowhere"], "nowhere"),
        (["download", "xiji"], "xiji"),
        (["download", "guyuan", "--version", "7"], "7"),
        (["handover", "guyuan", "--to", "/no/such/stick"], "/no/such/stick"),
        (["review", "reject", "0123456789", "--reason", "眼镜"], "0123456789"),
        (["review", "assign", "01234567", ANNA.student_no], "01234567"),
        (["review", "undo", "4"], "还没有任何决定"),
    ],
)
def test_bad_input_is_one_line_that_names_it_and_code_2(folder: Path, arguments: list[str], says: str) -> None:
    done = program(*arguments, folder=folder)
    assert (2, "", 1) == (done.returncode, done.stdout, len(done.stderr.splitlines()))
    assert says in done.stderr


def test_nobody_is_told_to_come_again_while_pictures_lie_unread(tmp_path: Path) -> None:
    """Whoever is on them counts as missing until a night has looked at them."""
    build(tmp_path, small())
    program("ingest", GUYUAN, folder=tmp_path)
    listed, written = (program("retakes", *to, folder=tmp_path) for to in ((), ("--to", tmp_path / "again")))

    assert (0, 2, "") == (listed.returncode, written.returncode, written.stdout)
    assert f"请先运行 gradphoto nightly {GUYUAN}" in written.stderr
    assert written.stderr.strip() in listed.stderr
    assert not (tmp_path / "again").exists()


def test_a_workspace_may_be_named_before_the_command(folder: Path) -> None:
    assert 0 == program("--workspace", folder, "status", "--json").returncode


def test_a_session_that_was_added_to_the_campaign_is_known_at_once(tmp_path: Path) -> None:
    build(tmp_path, small())
    run(tmp_path)
    campaign = tmp_path / "campaign.toml"
    text = campaign.read_text(encoding="utf-8")
    campaign.write_text(text.replace("2023-07-16", "2023-07-17"), encoding="utf-8")
    assert 0 == program("close", "2023-07-17-jinfeng", folder=tmp_path).returncode


def test_rows_that_were_not_used_are_named_beside_the_json(tmp_path: Path) -> None:
    build(tmp_path, small())
    (tmp_path / "rosters" / "二.csv").write_text("学号,姓名,教学点\n216401e7,张,固原学院\n", encoding="utf-8")
    done = program("nightly", GUYUAN, "--json", folder=tmp_path)
    held = json.loads(done.stdout)["held"]
    assert [("二.csv", 2, "学号")] == [(one["file"], one["row"], one["column"]) for one in held]
    assert "二.csv 第2行「学号」" in done.stderr


@pytest.mark.parametrize("arguments", [["captures"], ["nowhere"], ["status", "--nothing"]])
def test_wrong_usage_is_one_line_too(arguments: list[str]) -> None:
    done = program(*arguments)
    assert (2, "", 1) == (done.returncode, done.stdout, len(done.stderr.splitlines()))


def test_outside_a_workspace_a_command_says_how_to_make_one(tmp_path: Path) -> None:
    done = program("status", folder=tmp_path)
    assert (2, 1) == (done.returncode, len(done.stderr.splitlines()))
    assert "gradphoto init" in done.stderr


@pytest.mark.parametrize(
    ("name", "text", "says"),
    [
        ("rosters/坏.csv", "姓名,教学点\n张三,固原学院\n", "坏.csv 第1行「学号」"),
        ("gradphoto.toml", "stroe = 'file:x'\n", "stroe"),
        ("campaign.toml", "id = 7\n", "campaign.toml"),
        ("mailing.csv", "教学点,联系人\n固原学院,张\n", "mailing.csv「详细地址」"),
        ("rosters/旧.xls", "x", "旧.xls"),
    ],
)
def test_inputs_that_cannot_be_used_stop_the_night_before_it_begins(
    tmp_path: Path, name: str, text: str, says: str
) -> None:
    program("init", tmp_path)
    (tmp_path / "inbox" / GUYUAN).mkdir()
    (tmp_path / name).write_text(text, encoding="utf-8")
    done = program("nightly", GUYUAN, folder=tmp_path)
    assert (2, "", 1) == (done.returncode, done.stdout, len(done.stderr.splitlines()))
    assert says in done.stderr


def test_a_roster_that_is_gone_is_refused_until_confirmed(tmp_path: Path) -> None:
    build(tmp_path, small())
    run(tmp_path)
    (tmp_path / "rosters" / "名册.csv").rename(tmp_path / "rosters" / "名册2.csv")
    refused = program("nightly", GUYUAN, folder=tmp_path)
    assert (2, True) == (refused.returncode, "--accept-missing-roster" in refused.stderr)
    assert 0 == program("nightly", GUYUAN, "--accept-missing-roster", folder=tmp_path).returncode


def test_status_and_captures_are_the_contracts_json(folder: Path) -> None:
    status = json.loads(program("status", "--json", folder=folder).stdout)
    assert {"campaign", "sessions", "centres", "alarms", "makeup"} == set(status)
    guyuan = next(centre for centre in status["centres"] if centre["id"] == "guyuan")
    assert (3, 2, 0, 0, 1, 0, "packaged", "") == tuple(
        guyuan[key]
        for key in ("expected", "delivered", "pending", "rejected", "missing", "ineligible", "state", "reason")
    )
    assert {"version", "path", "sha256", "bytes", "reviewed"} == set(guyuan["bundle"])
    assert bundles(folder)["guyuan-v0001.zip"] == (folder / "store" / guyuan["bundle"]["path"]).read_bytes()
    captures = json.loads(program("captures", GUYUAN, "--json", folder=folder).stdout)["captures"]
    session = next(session for session in status["sessions"] if session["id"] == GUYUAN)
    assert session["total"] == sum(session["states"].values()) == len(captures)
    needed = {
        "path",
        "source",
        "sha256",
        "bytes",
        "state",
        "student_no",
        "students",
        "centre",
        "reasons",
        "evidence",
    }
    assert all(needed <= set(capture) for capture in captures)


def test_nightly_without_a_session_does_what_is_closed_and_has_changed(tmp_path: Path) -> None:
    build(tmp_path, small())
    nothing = json.loads(program("nightly", "--json", folder=tmp_path).stdout)
    program("close", GUYUAN, folder=tmp_path)
    first = json.loads(program("nightly", "--json", folder=tmp_path).stdout)
    again = json.loads(program("nightly", "--json", folder=tmp_path).stdout)
    (tmp_path / "inbox" / GUYUAN / "late.txt").write_text("late", encoding="utf-8")
    late = json.loads(program("nightly", "--json", folder=tmp_path).stdout)
    assert (None, None) == (nothing["run"], again["run"])
    assert [(GUYUAN, 13), (GUYUAN, 1)] == [
        (one["session"], one["added"]) for run in (first, late) for one in run["sessions"]
    ]


def test_a_decision_is_kept_and_takes_effect_with_the_next_night(tmp_path: Path) -> None:
    build(tmp_path, small())
    run(tmp_path)
    captures = json.loads(program("captures", GUYUAN, "--json", folder=tmp_path).stdout)["captures"]
    for capture in captures:
        if capture["student_no"] == ANNA.student_no and capture["state"] != "slate":
            done = program(
                "review", "reject", capture["sha256"][:12], "--reason", "戴眼镜", "--json", folder=tmp_path
            )
            assert "decision" in json.loads(done.stdout)
    run(tmp_path)
    retakes = json.loads(program("retakes", "--json", folder=tmp_path).stdout)["retakes"]
    (anna,) = [row for row in retakes if row["student_no"] == ANNA.student_no]
    assert ("须重拍", "戴眼镜") == (anna["state"], anna["why"])
    assert "7月16日" in anna["when"]
    for decision in ("1", "2"):
        assert 0 == program("review", "undo", decision, folder=tmp_path).returncode
    run(tmp_path)
    assert {"guyuan-v0001.zip", "guyuan-v0002.zip", "guyuan-v0003.zip", "longde-v0001.zip"} == set(
        bundles(tmp_path)
    )


def test_a_bundle_is_verified_after_the_copy_and_a_flipped_byte_is_found(folder: Path, tmp_path: Path) -> None:
    assert 0 == program("download", "guyuan", "--to", tmp_path, folder=folder).returncode
    path = tmp_path / "guyuan-v0001.zip"
    assert 0 == program("verify", path).returncode
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)
    done = program("verify", path)
    assert 1 == done.returncode
    assert done.stdout.strip()


def test_manifests_hold_what_the_bundles_hold_and_a_parcel_is_on_the_sheet_once(
    folder: Path, tmp_path: Path
) -> None:
    first = json.loads(
        program("manifests", "--to", tmp_path / "1", "--release", "all", "--json", folder=folder).stdout
    )
    second = json.loads(program("manifests", "--to", tmp_path / "2", "--json", folder=folder).stdout)
    assert ["NX-guyuan-0001", "NX-longde-0001"] == first["on_courier_sheet"]
    assert ([], []) == (second["on_courier_sheet"], first["discrepancies"])
    assert {"mailing.csv", "mailing.xlsx", "sf.xlsx"} == {Path(path).name for path in first["files"]}


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace after a night in one shard."""
    folder = tmp_path_factory.mktemp("whole")
    build(folder, small())
    run(folder, shard_size=200)
    return folder


@pytest.mark.parametrize("seconds", [1.5, 4.0, 7.0])
def test_a_night_that_was_killed_comes_to_the_same_bytes_the_next_time(
    whole: Path, tmp_path: Path, seconds: float
) -> None:
    cut = tmp_path / "cut"
    build(cut, small())
    command = [sys.executable, "-c", "from tests.small_night import *; run(Path(sys.argv[1]))", str(cut)]
    victim = subprocess.Popen(command, start_new_session=True, cwd=Path(__file__).parents[1])
    time.sleep(seconds)
    os.killpg(victim.pid, signal.SIGKILL)
    victim.wait()
    run(cut)
    assert bundles(whole) == bundles(cut)


def test_ctrl_c_ends_a_night_in_one_line_and_the_next_one_finishes_it(tmp_path: Path) -> None:
    build(tmp_path, small())
    command = [
        sys.executable,
        "-c",
        "from cli.main import main; main()",
        "nightly",
        GUYUAN,
        "--workspace",
        tmp_path,
    ]
    victim = subprocess.Popen(command, start_new_session=True, stderr=subprocess.PIPE, text=True)
    originals = tmp_path / "store" / "originals"
    while not originals.exists():
        time.sleep(0.1)
    os.killpg(victim.pid, signal.SIGINT)
    _, said = victim.communicate(timeout=120)
    assert (130, 1) == (victim.returncode, len(said.splitlines()))
    run(tmp_path)
    assert {"guyuan-v0001.zip", "longde-v0001.zip"} == set(bundles(tmp_path))
