"""When a purge is refused, what a copy made before still holds, and how it goes at the terminal and on S3."""

import json
import os
import shutil
from pathlib import Path

import pytest

from cli.workspace import Workspace
from gradphoto.adapters.folder_store import FolderStore
from gradphoto.adapters.store import content_key
from gradphoto.decision import Act
from gradphoto.demo.plan import Sitting
from gradphoto.packed import by_version
from gradphoto.purge import Scope
from gradphoto.stages.backup import backup
from gradphoto.stages.backup_purges import still_held
from gradphoto.stages.decide import take_decision
from gradphoto.stages.fsck import fsck
from gradphoto.stages.purge_apply import confirm, purge_copy
from gradphoto.stages.purge_papers import complete_purges
from gradphoto.stages.purge_refusal import PurgeRefusal
from tests.purging import AT, listing, objects, purge, student
from tests.seaweed import Seaweed
from tests.small_night import ANNA, BOB, CARL, GUYUAN, build, program, run, small

pytest_plugins = ["tests.purge_fixtures", "tests.seaweed_fixture"]


@pytest.mark.parametrize(
    ("scope", "said"),
    [(student("2199999999999"), "名册中没有学号"), (Scope(centre="nowhere"), "没有教学点"),
     (student(CARL.student_no), "没有属于他们的任何文件"), (Scope(centre="xiji"), "没有属于他们的任何文件")],
)  # fmt: skip
def test_whom_nobody_knows_or_who_has_nothing_there_is_refused(night: Path, scope: Scope, said: str) -> None:
    with pytest.raises(PurgeRefusal, match=said) as refused:
        listing(night, scope)
    assert 1 == len(str(refused.value).splitlines())


def test_what_no_night_has_looked_at_yet_is_refused(folder: Path) -> None:
    scope, place = student(ANNA.student_no), Workspace(folder)
    new = folder / "inbox" / GUYUAN / "new.txt"
    new.write_bytes(b"new")
    os.utime(new, (1_688_256_000, 1_688_256_000))
    with pytest.raises(PurgeRefusal, match="还没有收的文件"):
        listing(folder, scope)
    new.unlink()
    roster = next((folder / "rosters").iterdir())
    data = roster.read_bytes()
    roster.write_bytes(data + b"\r\n")
    with pytest.raises(PurgeRefusal, match="名册"):
        listing(folder, scope)
    roster.write_bytes(data)
    capture = place.bundles["guyuan"].deliveries[0].source_sha256
    take_decision(place.store, "test", "", act=Act.REJECT, capture=capture, reason="闭眼")
    with pytest.raises(PurgeRefusal, match=f"gradphoto nightly {GUYUAN}"):
        listing(folder, scope)


def test_while_a_person_must_still_look_it_is_refused(tmp_path: Path) -> None:
    build(tmp_path, small(Sitting(CARL, 8, cut=frozenset({1}))))
    run(tmp_path)
    with pytest.raises(PurgeRefusal, match="待人工核对"):
        listing(tmp_path, student(CARL.student_no))


def test_a_second_time_there_is_nothing_left(afterwards: Path) -> None:
    run(afterwards)
    with pytest.raises(PurgeRefusal, match="已经销毁过"):
        listing(afterwards, student(ANNA.student_no))


def test_a_backup_of_before_still_holds_it_says_so_and_can_be_purged_too(folder: Path, tmp_path: Path) -> None:
    store, copy = Workspace(folder).store, FolderStore(tmp_path / "copy")
    backup(store, copy)
    purge(folder, student(ANNA.student_no))
    assert () == backup(store, copy).faults
    (line,) = still_held(store, copy)
    assert ANNA.student_no in line
    assert any("purge --store" in fault for fault in fsck(copy))
    assert 0 < purge_copy(copy)
    assert ([], [], ()) == (still_held(store, copy), fsck(copy), backup(store, copy).faults)
    assert {key: store.digest(key) for key in objects(folder)} == {
        path.relative_to(copy.root).as_posix(): copy.digest(path.relative_to(copy.root).as_posix())
        for path in copy.root.rglob("*")
        if path.is_file() and ".tmp" not in path.parts
    }


def test_on_s3_it_is_the_same(night: Path, without_anna: Path, seaweed: Seaweed, tmp_path: Path) -> None:
    shutil.copytree(night, tmp_path / "night")
    store = seaweed.new_store()
    backup(FolderStore(night / "store"), store)
    confirm(store, listing(tmp_path / "night", student(ANNA.student_no)), "操作员", AT)
    complete_purges(store, tmp_path / "night")
    expected = {
        key: data for key, data in objects(without_anna).items() if not key.startswith(("ingests", "runs"))
    }
    assert expected == {key: store.read(key) for key in expected}
    assert [] == fsck(store)
    gone = ANNA.student_no
    assert gone not in [one.student_no for one in by_version(store, "guyuan", 1).deliveries]


def test_the_command_lists_wants_the_digest_and_prints_the_receipt(folder: Path) -> None:
    scope = ("purge", "--student", ANNA.student_no)
    shown = json.loads(program(*scope, "--json", folder=folder).stdout)
    wrong = program(*scope, "--confirm", "0" * 12, folder=folder)
    assert (2, "", 1) == (wrong.returncode, wrong.stdout, len(wrong.stderr.splitlines()))
    assert (shown["digest"], True) == (
        listing(folder, student(ANNA.student_no)).digest,
        "清单已变" in wrong.stderr,
    )
    for _ in range(2):
        done = program(*scope, "--confirm", shown["digest"], folder=folder)
        assert (0, True) == (done.returncode, "销毁回执" in done.stdout), done.stderr
    gone = program("download", "guyuan", "--version", "1", folder=folder)
    assert (2, True) == (gone.returncode, "已销毁" in gone.stderr)
    assert 2 == program("purge", folder=folder).returncode


def test_pictures_that_the_pages_keep_are_removed_too(folder: Path) -> None:
    source = Workspace(folder).bundles["guyuan"].deliveries
    mine = {one.student_no: one.source_sha256 for one in source}
    for sha256 in mine.values():
        path = folder / "cache" / "thumbs" / f"{sha256}.jpg"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"thumb")
    purge(folder, student(ANNA.student_no))
    assert [f"{mine[BOB.student_no]}.jpg"] == [path.name for path in (folder / "cache").rglob("*.jpg")]
    assert content_key("originals", mine[ANNA.student_no]) not in objects(folder)
