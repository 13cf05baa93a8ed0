"""Packing: one version for one content, whoever packs, and whatever is lost between the zip and its record."""

import subprocess
import sys
from pathlib import Path
from zipfile import ZipFile

import bagit
import pytest

from cli.workspace import Workspace
from gradphoto.packed import newest
from gradphoto.stages.pack import pack
from tests.small_night import GUYUAN, build, bundles, run, small

PACK = """
import sys
from pathlib import Path
from gradphoto.adapters.store import open_store
from gradphoto.stages.pack import pack
print(pack(open_store(sys.argv[1], Path()), 1, "guyuan").made)
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A night of which only the packing is left to do."""
    build(tmp_path, small())
    run(tmp_path, drill=["guyuan", "longde"])
    return tmp_path


def test_two_that_pack_at_once_make_one_version(folder: Path) -> None:
    url = Workspace(folder).store_url
    packers = [
        subprocess.Popen([sys.executable, "-c", PACK, url], stdout=subprocess.PIPE, text=True) for _ in range(3)
    ]
    said = [packer.communicate(timeout=120)[0].strip() for packer in packers]
    assert ["False", "False", "True"] == sorted(said)
    assert ["guyuan-v0001.zip"] == list(bundles(folder))


def test_a_record_lost_in_a_crash_is_made_again_from_the_bundle(folder: Path) -> None:
    store = Workspace(folder).store
    pack(store, 1, "guyuan")
    before, zips = newest(store, "guyuan"), bundles(folder)
    (folder / "store" / "packed" / "guyuan" / "000001.jsonl").unlink()
    assert not pack(store, 1, "guyuan").made
    after = newest(store, "guyuan")
    assert before is not None
    assert after is not None
    assert before.model_copy(update={"snapshot": 0}) == after.model_copy(update={"snapshot": 0})
    assert zips == bundles(folder)


def test_a_bundle_of_an_earlier_release_is_no_reason_for_a_new_version(folder: Path, tmp_path: Path) -> None:
    """It has no page inside; neither its record nor, where that is lost, its own tables ask for one."""
    store = Workspace(folder).store
    pack(store, 1, "guyuan")
    path, older = folder / "store" / "bundles" / "guyuan" / "guyuan-v0001.zip", tmp_path / "older"
    ZipFile(path).extractall(older)
    (older / "guyuan-v0001" / "data" / "index.html").unlink()
    bagit.Bag(str(older / "guyuan-v0001")).save(manifests=True)
    path.unlink()
    with ZipFile(path, "w") as archive:
        for each in sorted(older.rglob("*")):
            archive.write(each, each.relative_to(older))
    assert not pack(store, 1, "guyuan").made
    (folder / "store" / "packed" / "guyuan" / "000001.jsonl").unlink()
    assert not pack(store, 1, "guyuan").made
    assert ["guyuan-v0001.zip"] == list(bundles(folder))


def test_older_inputs_never_publish_over_newer_ones(folder: Path) -> None:
    store = Workspace(folder).store
    pack(store, 1, "guyuan")
    roster = folder / "rosters" / "名册.csv"
    moved = roster.read_bytes().decode("gb18030").replace("固原学院", "西吉学习中心", 1)
    roster.write_bytes(moved.encode("gb18030"))
    run(folder)
    newer = bundles(folder)
    assert not pack(store, 1, "guyuan").made
    assert newer == bundles(folder)
    assert (2, GUYUAN) == (newest(store, "guyuan").snapshot, Workspace(folder).session(GUYUAN))  # type: ignore[union-attr]


def test_a_centre_without_any_portrait_gets_no_bundle(folder: Path) -> None:
    outcome = pack(Workspace(folder).store, 1, "xiji")
    assert (None, False) == (outcome.packed, outcome.made)
