"""Fsck: a store after a real night has no fault, and each damage is named by its key, a line a fault."""

import json
import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from cli.workspace import Workspace
from gradphoto.adapters.folder_store import FolderStore
from gradphoto.adapters.journal import Journal
from gradphoto.adapters.s3_store import S3Store
from gradphoto.adapters.store import StoreTrouble, keep
from gradphoto.addresses import AddressSaid
from gradphoto.bundle import Delivery
from gradphoto.copies import CardCopy, note_copies
from gradphoto.decision import Act
from gradphoto.demo.plan import Sitting
from gradphoto.downloads import Download, note_download
from gradphoto.exports import Carried, Exported, From, note_export
from gradphoto.layout import RECORDS, everything
from gradphoto.parcels import Print
from gradphoto.prints import Printed, note_prints
from gradphoto.purge import Scope
from gradphoto.readiness import Signature
from gradphoto.signoffs import sign
from gradphoto.slots import Grid
from gradphoto.slots_plan import Plan
from gradphoto.slots_told import tell
from gradphoto.stages.addresses import say_address
from gradphoto.stages.backup import backup
from gradphoto.stages.close import close_session
from gradphoto.stages.consign import release, write_manifests
from gradphoto.stages.decide import take_decision
from gradphoto.stages.fsck import examine, fsck
from gradphoto.stages.invites import make_invite
from gradphoto.stages.looks import note_look
from gradphoto.stages.rerun_requests import ask_rerun
from gradphoto.stages.stock import Said, set_waybill
from gradphoto.told import Act as Done
from gradphoto.told import Kind, Told, note_told
from gradphoto.versions import READER
from tests.purging import purge
from tests.seaweed import Seaweed, environment
from tests.small_night import FAY, GUYUAN, build, program, run, small
from tests.test_docs import journals

pytest_plugins = ["tests.seaweed_fixture"]


@pytest.fixture(scope="module")
def night(tmp_path_factory: pytest.TempPathFactory) -> FolderStore:
    """A store with at least one object of every kind: two nights, a decision, parcels on a sheet, a purge."""
    folder = tmp_path_factory.mktemp("night")
    plan = small(Sitting(FAY, 9))
    build(folder, replace(plan, rosters=(replace(plan.rosters[0], with_codes=True),)))
    run(folder)
    place = Workspace(folder)
    close_session(place.store, GUYUAN, "test", "2023-07-03T18:00:00+08:00")
    note_look(place.store, "guyuan", place.bundles["guyuan"].deliveries, "test", "2023-07-03T18:00:00+08:00")
    note_copies(place.store, GUYUAN, CardCopy(card="0" * 64, drives=2, disks=2, files=0, bytes=0, contents=()))
    source = place.bundles["guyuan"].deliveries[0].source_sha256
    take_decision(place.store, "test", "", act=Act.REJECT, capture=source, reason="闭眼")
    take_decision(place.store, "test", "", act=Act.UNDO, undone=1)
    take_decision(place.store, "test", "", act=Act.REJECT, capture=source, reason="闭眼")
    run(folder)
    inputs = place.season.inputs
    for centre, packed in Workspace(folder).bundles.items():
        release(place.store, centre, packed)
    write_manifests(
        place.store, inputs.campaign, inputs.addresses, inputs.held_addresses, place.sender, folder / "m"
    )
    note_prints(place.store, a_pdf(place.bundles["guyuan"].deliveries[0]))
    note_download(place.store, Download(centre="guyuan", version=1, at="2023-07-04T09:00:00+08:00"))
    make_invite(place.store, "guyuan", 30, datetime(2023, 7, 4, tzinfo=UTC))
    ask_rerun(place.store, "guyuan", "1", "")
    note_export(place.store, a_zip(place.bundles["guyuan"].deliveries[0]))
    said = AddressSaid(
        centre="guyuan", contact="王芳", mobile="13800000000", address="固原市某路1号", signature="王芳",
        way="site", who="test",
    )  # fmt: skip
    say_address(place.store, inputs, said)
    set_waybill(place.store, "NX-guyuan-0001", "SF1234567890123", "", Said("test", ""))
    sign(place.store, GUYUAN, [Signature(item="doors", who="test", at="")])
    grid = Grid(session=GUYUAN, rate=90, minutes=15)
    note_told(place.store, Told(act=Done.MADE, kind=Kind.SESSION, centre="guyuan"))
    tell(place.store, Plan(centre="guyuan", grids=(grid,), openings=(), seats={}), 0, "test", "")
    purge(folder, Scope(centre="yanchi"))
    return FolderStore(folder / "store")


@pytest.fixture
def store(night: FolderStore, tmp_path: Path) -> FolderStore:
    """A copy of it to damage."""
    shutil.copytree(night.root, tmp_path / "store")
    return FolderStore(tmp_path / "store")


def a_pdf(one: Delivery) -> Printed:
    """The record of a PDF with the prints of one student."""
    mine = Print(student_no=one.student_no, source=one.source_sha256)
    return Printed(centre="guyuan", size="33x48", file="a.pdf", sha256="0" * 64, version=1, prints=(mine,))


def a_zip(one: Delivery) -> Exported:
    """The record of an export with the portrait of one student."""
    mine = Carried(student_no=one.student_no, source=one.source_sha256, sha256=one.sha256)
    of = (From(centre="guyuan", version=1),)
    return Exported(profile="by-id-no", file="a.zip", sha256="0" * 64, bundles=of, photos=(mine,))


def some(store: FolderStore, prefix: str, at: int = 0) -> str:
    """One key below a prefix."""
    return list(store.keys(prefix))[at]


def flip(store: FolderStore, key: str) -> None:
    """Change one byte in the middle of an object."""
    path = store.root / key
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)


def cut(store: FolderStore, key: str) -> None:
    """Take the last byte of an object away."""
    path = store.root / key
    path.write_bytes(path.read_bytes()[:-1])


def only(faults: list[str]) -> str:
    """The one fault."""
    assert 1 == len(faults), faults
    return faults[0]


def original_of(store: FolderStore, centre: str) -> str:
    """The key of an original that a bundle was made from, and that is mentioned in many places."""
    source = Workspace(store.root.parent).bundles[centre].deliveries[0].source_sha256
    return f"originals/{source[:2]}/{source}"


def test_every_kind_of_record_that_is_written_is_known_and_stands_in_this_night(night: FolderStore) -> None:
    assert journals() == set(RECORDS)
    assert {kind for kind in RECORDS if not list(night.keys(kind))} == set()


def test_after_a_night_there_is_no_fault_and_everything_was_read(night: FolderStore) -> None:
    ticks: list[int] = []
    found = examine(night, ticks.append)
    files = [path for path in night.root.rglob("*") if path.is_file() and ".tmp" not in path.parts]
    assert [] == found.faults
    assert (len(files), sum(path.stat().st_size for path in files)) == (found.objects, found.bytes)
    assert len(files) == sum(ticks)


def test_a_store_without_anything_has_no_fault(tmp_path: Path) -> None:
    assert (0, 0, []) == examine(FolderStore(tmp_path / "none"))


@pytest.mark.parametrize("prefix", ["originals", "inputs", "portraits", "bundles", *RECORDS])
@pytest.mark.parametrize("damage", [flip, cut])
def test_a_damaged_object_is_one_line_that_names_it(store: FolderStore, prefix: str, damage: object) -> None:
    key = some(store, prefix)
    damage(store, key)  # type: ignore[operator]
    assert key in only(fsck(store))


def test_an_object_that_is_lost_is_named_once_however_many_speak_of_it(
    night: FolderStore, store: FolderStore
) -> None:
    key = original_of(night, "longde")
    (store.root / key).unlink()
    line = only(fsck(store))
    assert line.startswith(f"存储中没有 {key}：ingests/{GUYUAN}/")
    assert "处提到它" in line


@pytest.mark.parametrize("prefix", ["inputs", "portraits", "bundles", "snapshots"])
def test_so_is_any_other_that_a_record_speaks_of(store: FolderStore, prefix: str) -> None:
    key = some(store, prefix)
    (store.root / key).unlink()
    assert f"存储中没有 {key}：" in only(fsck(store))


@pytest.mark.parametrize(
    "prefix", [f"ingests/{GUYUAN}", f"readings/{READER}", "decisions", "packed/guyuan", "parcels", "runs"]
)
def test_a_hole_in_the_numbers_is_named(store: FolderStore, prefix: str) -> None:
    key = f"{prefix}/000001.jsonl"
    (store.root / key).unlink()
    assert only(fsck(store)) == f"存储中没有 {key}：后面的编号还在，请从备份恢复"


def test_a_long_hole_is_one_line(store: FolderStore) -> None:
    Journal(store, f"closed/{GUYUAN}").take(900_000, [{"who": "", "at": ""}])
    assert f"closed/{GUYUAN}/000002.jsonl 至 899999.jsonl" in only(fsck(store))


def test_a_lost_last_record_of_an_ingest_leaves_originals_of_no_session(store: FolderStore) -> None:
    key = some(store, f"ingests/{GUYUAN}", -1)
    (store.root / key).unlink()
    faults = fsck(store)
    assert "没有收片记录" in faults[-1]
    assert all(line.startswith("存储中的 packed/") for line in faults[:-1])


def test_a_bundle_without_its_record_is_put_right_by_the_next_run(store: FolderStore) -> None:
    (store.root / "packed/guyuan/000002.jsonl").unlink()
    key = "bundles/guyuan/guyuan-v0002.zip"
    line = "没有记录 packed/guyuan/000002.jsonl，运行中断所致，下次运行会自动补上"
    assert f"存储中的 {key}：{line}" == only(fsck(store))


def test_a_version_that_is_gone_altogether_is_two_lost_objects(store: FolderStore) -> None:
    lost = ["packed/guyuan/000001.jsonl", "bundles/guyuan/guyuan-v0001.zip"]
    for key in lost:
        (store.root / key).unlink()
    faults = fsck(store)
    assert [f"存储中没有 {key}" for key in lost] == [line.partition("：")[0] for line in faults[:2]]


def test_a_bundle_is_not_only_what_its_record_says_but_also_a_valid_bag(store: FolderStore) -> None:
    source = (store.root / "bundles/longde/longde-v0001.zip").read_bytes()
    store.create("bundles/longde/longde-v0002.zip", source[:-100])
    bag, record = fsck(store)
    assert all("bundles/longde/longde-v0002.zip：" in line for line in (bag, record))


@pytest.mark.parametrize(
    "key",
    ["originals/ab/photo.jpg", "originals/ab/" + "cd" * 32, "bundles/guyuan/longde-v0001.zip", "runs/1.jsonl",
     "bundles/guyuan/guyuan-v00001.zip", "runs/0000009.jsonl", "packed/000001.jsonl", "portraits/x.jpg"],
)  # fmt: skip
def test_what_nobody_of_us_wrote_is_named(store: FolderStore, key: str) -> None:
    store.create(key, b"")
    assert f"存储中的 {key}：不认识的对象" in only(fsck(store))


def test_what_a_killed_writer_left_is_no_fault(store: FolderStore) -> None:
    (store.root / ".tmp" / "half").write_bytes(b"half")
    assert [] == fsck(store)


def lies(store: FolderStore) -> Iterator[tuple[str, list[dict[str, object]], str]]:
    """Records that are sound in themselves and speak of what is not so: where, the lines, what is said of it."""
    sha256 = keep(store, "originals", b"new")
    original = {"session": GUYUAN, "source": "inbox", "path": "a", "sha256": sha256, "size": 3, "mtime_ns": 1}
    yield f"ingests/{GUYUAN}", [original | {"size": 4}], "4 字节"
    yield f"ingests/{GUYUAN}", [original | {"session": "2023-07-02-yanchi"}], "2023-07-02-yanchi"
    yield "decisions", [{"number": 4, "before": 2, "act": "undo", "undone": 1}], "与编号不符"
    yield "decisions", [{"number": 4, "before": 3, "act": "marry"}], "不是本版本认识的记录"
    yield "sheets", [{"parcels": ["NX-yanchi-0007"]}], "NX-yanchi-0007"
    yield "invites", [{"revoked": {"invite": 1}}], "不是本版本认识的记录"
    request = {"number": 9, "centre": "a", "who": "1", "at": "", "runs": 0}
    yield "requests", [{"request": request}], "不是本版本认识的记录"
    event = {"act": "sealed", "centre": "yanchi", "parcel": "NX-yanchi-0007", "who": ""}
    yield "shipping", [event], "NX-yanchi-0007"
    yield "runs", [{"flow": "nightly", "snapshot": 9}], "snapshots/000009.jsonl"
    yield f"readings/{READER}", [{"sha256": "0" * 64, "version": READER}], "originals/00/"


@pytest.mark.parametrize("number", range(8))
def test_a_record_that_says_what_is_not_so_is_named(store: FolderStore, number: int) -> None:
    prefix, lines, said = list(lies(store))[number]
    key = f"{prefix}/{Journal(store, prefix).append(lines):06d}.jsonl"
    faults = [line for line in fsck(store) if "没有收片记录" not in line or prefix.startswith("ingests")]
    assert said in only(faults)
    assert key in only(faults)


def test_of_several_faults_each_has_its_line_and_the_order_is_always_the_same(store: FolderStore) -> None:
    keys = [some(store, "originals"), some(store, "portraits"), some(store, "bundles"), some(store, "decisions")]
    for key in keys:
        flip(store, key)
    faults = fsck(store)
    assert faults == fsck(store)
    assert set(keys) == {key for key in keys for line in faults if key in line}
    assert len(keys) == len(faults)


def test_an_object_that_cannot_be_read_is_a_fault_and_the_others_are_looked_at(store: FolderStore) -> None:
    keys = [some(store, "inputs"), some(store, "portraits")]
    (store.root / keys[0]).unlink()
    (store.root / keys[0]).symlink_to(store.root / keys[0])
    flip(store, keys[1])
    assert [True, True] == [key in line for key, line in zip(keys, fsck(store), strict=True)]


def test_a_store_that_does_not_answer_is_trouble_and_no_list_of_faults(seaweed: Seaweed) -> None:
    store = seaweed.new_store()
    with environment({"AWS_ENDPOINT_URL": "http://127.0.0.1:9"}), pytest.raises(StoreTrouble):
        fsck(store)


def test_the_command_says_how_much_it_read_and_ends_with_1_when_there_is_a_fault(
    night: FolderStore, store: FolderStore, tmp_path: Path
) -> None:
    whole = program("fsck", "--json", folder=night.root.parent)
    found = examine(night)
    assert (0, {"objects": found.objects, "bytes": found.bytes, "faults": []}) == (
        whole.returncode,
        json.loads(whole.stdout),
    )
    flip(store, some(store, "originals"))
    for url in (str(store.root), f"file:{store.root}"):
        damaged = program("fsck", "--store", url, folder=tmp_path)
        assert (1, fsck(store)) == (damaged.returncode, damaged.stdout.splitlines()[:-1])


def test_a_store_that_is_not_there_is_a_slip_of_the_pen(tmp_path: Path) -> None:
    done = program("fsck", "--store", "stroe", folder=tmp_path)
    assert (2, "", 1) == (done.returncode, done.stdout, len(done.stderr.splitlines()))
    assert "stroe" in done.stderr
    assert [] == list(tmp_path.iterdir())


def test_on_s3_it_is_the_same(night: FolderStore, seaweed: Seaweed) -> None:
    from boto3.session import Session

    store: S3Store = seaweed.new_store()
    backup(night, store)
    assert [] == fsck(store)
    assert list(everything(night)) == list(everything(store))
    key = some(night, "originals")
    place = {"Bucket": store.bucket, "Key": f"{store.prefix}/{key}"}
    Session().client("s3").put_object(**place, Body=b"another")
    assert key in only(fsck(store))
    Session().client("s3").delete_object(**place)
    assert f"存储中没有 {key}：" in only(fsck(store))
