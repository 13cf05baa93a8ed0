"""A whole night on real pictures: everybody in the right bundle, the same bytes whatever happened on the way."""

import shutil
from pathlib import Path

import pytest

from cli.workspace import Workspace
from gradphoto.adapters.verify import verify
from gradphoto.demo.compare import differences
from gradphoto.demo.plan import Sitting
from gradphoto.demo.truth import Truth
from gradphoto.states import FileState
from tests.small_night import ANNA, CARL, GUYUAN, build, bundles, run, small

SOME_TROUBLE = small(Sitting(CARL, 8, cut=frozenset({1})))


@pytest.fixture(scope="module")
def truth_and_folder(tmp_path_factory: pytest.TempPathFactory) -> tuple[Truth, Path]:
    """A night with a drilled failure and its rerun."""
    folder = tmp_path_factory.mktemp("night")
    return build(folder, SOME_TROUBLE), folder


@pytest.fixture(scope="module")
def drilled(truth_and_folder: tuple[Truth, Path]) -> dict[str, dict[str, bytes]]:
    """The bundles after the drilled failure, after its rerun, and after one more night."""
    _, folder = truth_and_folder
    failed = run(folder, drill=["longde"])
    assert [("longde", "演练：按要求使该中心打包失败")] == [(one.centre, one.reason) for one in failed.run.failed]
    first = bundles(folder)
    run(folder, centres=["longde"])
    second = bundles(folder)
    run(folder)
    return {"failed": first, "rerun": second, "again": bundles(folder)}


@pytest.mark.usefixtures("drilled")
def test_every_file_and_student_is_what_it_must_be(truth_and_folder: tuple[Truth, Path]) -> None:
    truth, folder = truth_and_folder
    assert [] == differences(truth, Workspace(folder).ledger)


@pytest.mark.usefixtures("drilled")
def test_states_add_up_to_the_files_that_came_in(truth_and_folder: tuple[Truth, Path]) -> None:
    _, folder = truth_and_folder
    inbox = [path for path in (folder / "inbox" / GUYUAN).rglob("*") if path.is_file()]
    assert len(inbox) == len(Workspace(folder).ledger.of_session(GUYUAN))


def test_a_failed_centre_leaves_the_others_and_its_rerun_touches_only_itself(
    drilled: dict[str, dict[str, bytes]],
) -> None:
    assert {"guyuan-v0001.zip"} == set(drilled["failed"])
    assert {"guyuan-v0001.zip", "longde-v0001.zip"} == set(drilled["rerun"])
    assert drilled["failed"]["guyuan-v0001.zip"] == drilled["rerun"]["guyuan-v0001.zip"]


def test_a_night_without_news_makes_no_version(drilled: dict[str, dict[str, bytes]]) -> None:
    assert drilled["rerun"] == drilled["again"]


@pytest.mark.usefixtures("drilled")
def test_every_bundle_is_a_valid_bag(truth_and_folder: tuple[Truth, Path]) -> None:
    _, folder = truth_and_folder
    assert {} == {path.name: faults for path in folder.glob("store/bundles/*/*.zip") if (faults := verify(path))}


def test_a_late_file_makes_the_next_version_and_the_old_one_stays(tmp_path: Path) -> None:
    build(tmp_path, small())
    inbox = tmp_path / "inbox" / GUYUAN
    pictures = sorted(inbox.rglob("*.JPG"))
    late = tmp_path / "late.JPG"
    pictures[2].rename(late)  # the better, later picture of the first student
    run(tmp_path)
    before = bundles(tmp_path)
    late.rename(pictures[2])
    run(tmp_path)
    after = bundles(tmp_path)
    assert {"guyuan-v0001.zip", "guyuan-v0002.zip", "longde-v0001.zip"} == set(after)
    assert before["guyuan-v0001.zip"] == after["guyuan-v0001.zip"]
    (change,) = Workspace(tmp_path).bundles["guyuan"].deliveries[:1]
    assert ANNA.student_no == change.student_no


def test_the_bytes_do_not_depend_on_how_the_files_came_in(tmp_path: Path) -> None:
    at_once, in_parts = tmp_path / "at-once", tmp_path / "in-parts"
    build(at_once, small())
    shutil.copytree(at_once, in_parts)
    run(at_once)
    pictures = sorted((in_parts / "inbox" / GUYUAN).rglob("*.JPG"))
    held_back = in_parts / "later"
    held_back.mkdir()
    for picture in pictures[::2]:
        picture.rename(held_back / picture.name)
    run(in_parts, drill=["guyuan", "longde"], shard_size=3)
    for picture in pictures[::2]:
        (held_back / picture.name).rename(picture)
    run(in_parts, shard_size=7)
    assert bundles(at_once) == bundles(in_parts)


def test_a_damaged_original_in_the_store_fails_its_session_by_name_and_keeps_the_old_bundles(
    tmp_path: Path,
) -> None:
    build(tmp_path, small())
    run(tmp_path)
    before = bundles(tmp_path)
    shutil.rmtree(tmp_path / "store" / "readings")
    place = Workspace(tmp_path)
    victim = next(entry for entry in place.ledger.of_session(GUYUAN) if entry.original.path.endswith("0001.JPG"))
    stored = tmp_path / "store" / "originals" / victim.original.sha256[:2] / victim.original.sha256
    stored.chmod(0o600)
    stored.write_bytes(b"damaged" + stored.read_bytes()[7:])
    done = run(tmp_path)
    assert {"guyuan", "longde", "xiji", "pengyang"} == {one.centre for one in done.run.failed}
    assert all(GUYUAN in one.reason and victim.original.sha256 in one.reason for one in done.run.failed)
    assert before == bundles(tmp_path)


def test_a_corrected_roster_moves_a_student_to_the_right_bundle(tmp_path: Path) -> None:
    build(tmp_path, small())
    run(tmp_path)
    roster = tmp_path / "rosters" / "名册.csv"
    lines = roster.read_bytes().decode("gb18030").replace("固原学院", "西吉学习中心", 1)
    roster.write_bytes(lines.encode("gb18030"))
    run(tmp_path)
    after = Workspace(tmp_path).bundles
    assert (2, 1) == (after["guyuan"].version, after["xiji"].version)
    assert [ANNA.student_no] == [one.student_no for one in after["xiji"].deliveries]
    assert ANNA.student_no not in [one.student_no for one in after["guyuan"].deliveries]
    assert FileState.PENDING not in {entry.state for entry in Workspace(tmp_path).ledger.entries}
