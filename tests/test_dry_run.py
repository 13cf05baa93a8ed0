"""A dry run says what a night would change, and changes nothing: the real night then does exactly that."""

import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from cli.dry_run import dry_workspace
from cli.workspace import Workspace
from config.settings import load_settings
from flows.dry_run import ends, try_night
from flows.plan import Plan
from gradphoto.demo.plan import Sitting
from gradphoto.dry_run import Changes, Ends, night_changes
from gradphoto.layout import everything as everything_in
from gradphoto.stages.runs import runs
from gradphoto.stages.snapshot import take_snapshot
from tests.seaweed import BUCKET, Seaweed
from tests.small_night import ANNA, CARL, DORA, GUYUAN, build, bundles, program, run, small

pytest_plugins = ["tests.seaweed_fixture"]
REALLY = "import sys; from tests.small_night import *; run(Path(sys.argv[1]))"
SOME_TROUBLE = small(Sitting(CARL, 8, cut=frozenset({1})))


def everything(folder: Path) -> dict[str, tuple[int, int, bytes]]:
    """Every name below a folder with its kind, its time stamp and its bytes."""
    return {
        path.relative_to(folder).as_posix(): (
            path.lstat().st_mode,
            path.lstat().st_mtime_ns,
            path.read_bytes() if path.is_file() else b"",
        )
        for path in [folder, *folder.rglob("*")]
    }


def tried(folder: Path, drill: Sequence[str] = ()) -> dict[str, Any]:
    """What a dry run of the session says, after a look that it left no trace."""
    before = everything(folder)
    with dry_workspace(folder) as place:
        plan = Plan(
            workspace=str(place.papers),
            store=place.store_url,
            snapshot=take_snapshot(place.store, place.folder, place.settings),
            sessions=(GUYUAN,),
            drill=tuple(drill),
            shard_size=5,
        )
        said = try_night(plan, place.season).changes
    assert before == everything(folder)
    return said.model_dump(mode="json")


def standing(folder: Path) -> Ends:
    place = Workspace(folder)
    return ends(place.store, place.season)


def really(folder: Path, drill: Sequence[str] = ()) -> dict[str, Any]:
    """What the real night changes, by the same comparison."""
    before = standing(folder)
    done = run(folder, drill=drill)
    return night_changes(before, standing(folder), done.run).model_dump(mode="json")


def pictures(said: dict[str, Any]) -> list[tuple[str, str]]:
    return [(each["student_no"], each["change"]) for one in said["centres"] for each in one["pictures"]]


def test_the_real_night_does_exactly_what_the_dry_run_said(tmp_path: Path) -> None:
    build(tmp_path, SOME_TROUBLE)
    said = tried(tmp_path)
    assert said == really(tmp_path)
    assert {("guyuan", "packaged", 1), ("longde", "packaged", 1)} <= {
        (one["centre"], one["result"], one["version"]) for one in said["centres"]
    }
    assert (ANNA.student_no, "added") in pictures(said)


def test_new_replaced_and_removed_pictures_are_told_apart(tmp_path: Path) -> None:
    build(tmp_path, small())
    late = sorted((tmp_path / "inbox" / GUYUAN).rglob("*.JPG"))[2]
    late.rename(tmp_path / "late.JPG")  # the better, later picture of the first student
    run(tmp_path)
    (tmp_path / "late.JPG").rename(late)
    roster = tmp_path / "rosters" / "名册.csv"
    lines = roster.read_bytes().decode("gb18030").splitlines(keepends=True)
    roster.write_bytes("".join(line for line in lines if DORA.student_no not in line).encode("gb18030"))
    said = tried(tmp_path)
    assert said == really(tmp_path)
    assert [(ANNA.student_no, "replaced"), (DORA.student_no, "removed")] == pictures(said)
    assert ["student-unknown"] == sorted({code for one in said["pending"] for code in one["reasons"]})


def test_a_night_without_news_changes_nothing(tmp_path: Path) -> None:
    build(tmp_path, small())
    run(tmp_path)
    said = tried(tmp_path)
    assert ([], []) == (pictures(said), said["pending"])
    assert {"unchanged"} == {one["result"] for one in said["centres"]}


def test_a_drilled_failure_shows_as_it_would_happen(tmp_path: Path) -> None:
    build(tmp_path, small())
    said = tried(tmp_path, drill=["longde"])
    assert said == really(tmp_path, drill=["longde"])
    assert {"guyuan-v0001.zip"} == set(bundles(tmp_path))


def test_a_damaged_store_ends_in_one_line_and_is_left_as_it_is(tmp_path: Path) -> None:
    build(tmp_path, small())
    run(tmp_path)
    reading = next((tmp_path / "store" / "readings").rglob("*.jsonl"))
    reading.write_bytes(reading.read_bytes() + b"torn")
    before = everything(tmp_path)
    done = program("nightly", GUYUAN, "--dry-run", folder=tmp_path)
    assert (2, 1) == (done.returncode, len(done.stderr.splitlines())), done.stderr
    assert before == everything(tmp_path)


def test_leftovers_of_a_killed_writer_stay_where_they_are(tmp_path: Path) -> None:
    build(tmp_path, small())
    run(tmp_path)
    leftover = tmp_path / "store" / ".tmp" / "half"
    leftover.write_bytes(b"half")
    tried(tmp_path)
    assert leftover.is_file()


def test_without_a_session_the_closed_ones_that_changed_are_tried(tmp_path: Path) -> None:
    build(tmp_path, small())
    before = everything(tmp_path)
    done = program("nightly", "--dry-run", "--json", folder=tmp_path)
    assert before == everything(tmp_path)
    closed = {path.name for path in tmp_path.glob("store/closed/*")}
    said = json.loads(done.stdout)
    assert sorted(closed) == sorted(one["session"] for one in said.get("sessions", []))


def test_the_program_says_it_in_tables_and_leaves_no_trace(tmp_path: Path) -> None:
    build(tmp_path, SOME_TROUBLE)
    before = everything(tmp_path)
    done = program("nightly", GUYUAN, "--dry-run", "--drill", "fail=longde", folder=tmp_path)
    assert (3, before) == (done.returncode, everything(tmp_path)), done.stderr
    assert all(
        word in done.stdout for word in ("将收的文件", "照片的变化", "新增", ANNA.student_no, "什么都没有写入")
    )
    assert "试运行中处理失败的中心：longde" in done.stderr


def test_a_store_on_s3_is_left_as_it_is_too(tmp_path: Path, seaweed: Seaweed) -> None:
    build(tmp_path, small())
    store = seaweed.new_store()
    settings = tmp_path / "gradphoto.toml"
    settings.write_text(
        settings.read_text("utf-8").replace("file:store", f"s3://{BUCKET}/{store.prefix}"), encoding="utf-8"
    )
    assert f"s3://{BUCKET}/{store.prefix}" == load_settings(tmp_path).store
    before, files = standing(tmp_path), everything(tmp_path)
    said = json.loads(program("nightly", GUYUAN, "--dry-run", "--json", folder=tmp_path).stdout)
    assert ([], files) == (list(everything_in(store)), everything(tmp_path))
    subprocess.run(
        [sys.executable, "-c", REALLY, str(tmp_path)], check=True
    )  # workers find S3 by their environment
    (really_done,) = runs(store)
    real = night_changes(before, standing(tmp_path), really_done)
    assert real == Changes.model_validate({part: said[part] for part in Changes.model_fields})
    assert {"packaged"} == {one.result for one in real.centres if one.pictures}
