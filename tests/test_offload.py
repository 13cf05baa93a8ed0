"""A card onto two drives: whole and compared, or not to be formatted; what was cut off is taken up again."""

import errno
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from cli.setup import make_workspace
from gradphoto.adapters.folder_store import FolderStore
from gradphoto.adapters.offload import EmptyCard, Offloaded, offload
from gradphoto.adapters.offload_drives import DriveError, checked_drives
from gradphoto.adapters.offload_target import Target
from gradphoto.adapters.whole import whole_by_manifest
from gradphoto.copies import card_copies, copies_known
from gradphoto.stages.ingest import ingest
from tests.faults import no_file_beyond, ordinary_user, put
from tests.quick_program import in_text, run_program

SESSION = "2023-07-02-yanchi"
NOTES = {"card-anchors.txt", "card-manifest.txt", "card-manifest-2.txt"}


@pytest.fixture
def card(tmp_path: Path) -> Path:
    return some_card(tmp_path / "EOS_DIGITAL")


@pytest.fixture
def drives(tmp_path: Path) -> list[Path]:
    return some_drives(tmp_path, "AB")


def some_drives(place: Path, names: str) -> list[Path]:
    for name in names:
        (place / name).mkdir()
    return [place / name for name in names]


def some_card(folder: Path, salt: bytes = b"", frames: int = 10, size: int = 30_000) -> Path:
    """A card whose files have the names and sizes of every other one."""
    for number in range(1, frames + 1):
        data = (bytes([number]) + salt).ljust(size, b"x")
        put(folder, f"DCIM/100CANON/IMG_{number:04d}.JPG", data, at=number)
    put(folder, "DCIM/CANONMSC/M0100.CTG", b"same on every card")
    return folder


def taken(at: str) -> bytes:
    """A picture that says when it was taken."""
    image, out = Image.new("RGB", (8, 8)), BytesIO()
    exif = image.getexif()
    exif.get_ifd(0x8769)[0x9003] = at
    image.save(out, "JPEG", exif=exif)
    return out.getvalue()


def silent(_step: str) -> Callable[[int, int], None]:
    return lambda _done, _total: None


def run(card: Path, drives: list[Path]) -> Offloaded:
    return offload(card, [drive / SESSION for drive in drives], silent)


def content(folder: Path) -> dict[str, bytes]:
    """What a person would say is there, but for the notes of an offload."""
    files = (path for path in folder.rglob("*") if path.is_file() and path.name not in NOTES)
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


def cards(drive: Path) -> dict[str, dict[str, bytes]]:
    return {folder.name: content(folder) for folder in sorted((drive / SESSION).iterdir())}


def program(*arguments: str | Path, folder: Path) -> subprocess.CompletedProcess[str]:
    """The command as it is typed in a folder."""
    return in_text(run_program(["offload", *map(str, arguments)], folder=folder))


def test_every_file_stands_on_every_drive_byte_for_byte_and_a_manifest_says_so(
    card: Path, drives: list[Path]
) -> None:
    done = run(card, drives)
    assert (True, ()) == (done.may_format, done.faults)
    for drive in drives:
        assert {"card-0001": content(card)} == cards(drive)
        assert [] == whole_by_manifest(drive / SESSION / "card-0001")
    assert [(11, 0), (11, 0)] == [(target.copied, target.known) for target in done.targets]


def test_the_card_is_only_read_and_copies_keep_its_times(card: Path, drives: list[Path]) -> None:
    before = {path: path.stat() for path in card.rglob("*")}
    run(card, drives)
    for path, status in before.items():
        after = path.stat()
        assert (status.st_mtime_ns, status.st_ctime_ns) == (after.st_mtime_ns, after.st_ctime_ns)
    copy = drives[0] / SESSION / "card-0001/DCIM/100CANON/IMG_0003.JPG"
    assert (card / "DCIM/100CANON/IMG_0003.JPG").stat().st_mtime_ns == copy.stat().st_mtime_ns


def test_a_second_time_copies_nothing_and_compares_everything(card: Path, drives: list[Path]) -> None:
    run(card, drives)
    before = {path: path.stat().st_mtime_ns for drive in drives for path in drive.rglob("*")}
    again = run(card, drives)
    assert (True, [(0, 11), (0, 11)]) == (again.may_format, [(each.copied, each.known) for each in again.targets])
    assert before == {path: path.stat().st_mtime_ns for drive in drives for path in drive.rglob("*")}


def test_a_flipped_byte_on_a_drive_is_found_by_the_next_run_and_never_written_over(
    card: Path, drives: list[Path]
) -> None:
    run(card, drives)
    copy = drives[1] / SESSION / "card-0001/DCIM/100CANON/IMG_0001.JPG"
    data = bytearray(copy.read_bytes())
    data[-1] ^= 1
    copy.write_bytes(data)
    again = run(card, drives)
    assert (False, 1) == (again.may_format, len(again.faults))
    assert f"{copy}：与存储卡上的内容不符" in again.faults[0]
    assert bytes(data) == copy.read_bytes()
    copy.unlink()
    assert run(card, drives).may_format


def test_another_card_with_the_same_names_and_sizes_gets_its_own_folder(
    card: Path, drives: list[Path], tmp_path: Path
) -> None:
    other = some_card(tmp_path / "second", b"second")
    assert content(card).keys() == content(other).keys()
    for each in (card, other, card, other):
        assert run(each, drives).may_format
    for drive in drives:
        assert {"card-0001": content(card), "card-0002": content(other)} == cards(drive)


def test_a_card_has_the_same_number_on_every_drive(card: Path, drives: list[Path], tmp_path: Path) -> None:
    other = some_card(tmp_path / "second", b"second")
    some_drives(tmp_path, "C")
    run(card, drives)
    run(other, drives)
    run(other, [drives[0], tmp_path / "C"])
    run(card, [drives[0], tmp_path / "C"])
    assert cards(drives[0]) == cards(tmp_path / "C")


def test_a_card_that_grew_goes_on_in_its_folder_and_gets_a_further_manifest(
    card: Path, drives: list[Path]
) -> None:
    run(card, drives)
    put(card, "DCIM/100CANON/IMG_0011.JPG", b"after lunch" * 9000)
    (card / "DCIM/100CANON/IMG_0002.JPG").unlink()
    done = run(card, drives)
    assert (True, [1, 1]) == (done.may_format, [target.copied for target in done.targets])
    for drive in drives:
        folder = drive / SESSION / "card-0001"
        assert ["card-0001"] == list(cards(drive))
        assert NOTES == {path.name for path in folder.glob("*.txt")}
        assert [] == whole_by_manifest(folder)


OFFLOAD = """
import sys
from pathlib import Path
from gradphoto.adapters.offload import offload
card, *roots = map(Path, sys.argv[1:])
offload(card, roots, lambda step: lambda done, total: print(step, done, flush=True))
"""


def killed_after(lines: int, card: Path, drives: list[Path]) -> None:
    command = [sys.executable, "-c", OFFLOAD, card, *(drive / SESSION for drive in drives)]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
        assert process.stdout
        for _ in range(lines):
            process.stdout.readline()
        process.kill()
    assert process.returncode in (-9, 0)


def test_an_offload_that_was_killed_at_any_moment_is_taken_up_in_its_folder(
    tmp_path: Path, drives: list[Path]
) -> None:
    card = some_card(tmp_path / "card", frames=12, size=3_000_000)
    for lines in (0, 1, 2, 5, 11, 12, 15):
        killed_after(lines, card, drives)
        for drive in drives:
            for copy in (drive / SESSION).glob("card-*/"):
                assert (copy / "card-anchors.txt").is_file()
                whole = {path: data for path, data in content(copy).items() if not path.endswith(".part")}
                assert whole.items() <= content(card).items()
    assert run(card, drives).may_format
    for drive in drives:
        assert {"card-0001": content(card)} == {
            name: files for name, files in cards(drive).items() if not name.startswith(".")
        }


def test_a_drive_that_takes_no_more_is_named_and_leaves_nothing_half_written(
    card: Path, drives: list[Path]
) -> None:
    put(card, "DCIM/100CANON/IMG_0005.JPG", b"large" * 100_000)
    with no_file_beyond(100_000):
        done = run(card, drives)
    assert not done.may_format
    assert 2 == len(done.faults)
    assert "A/2023-07-02-yanchi/card-0001/DCIM/100CANON/IMG_0005.JPG 时：文件超出允许的大小" in done.faults[0]
    for drive in drives:
        assert cards(drive)["card-0001"].items() <= content(card).items()
        assert whole_by_manifest(drive / SESSION / "card-0001") is None
    assert run(card, drives).may_format


def test_a_drive_in_trouble_does_not_keep_the_others_from_their_copy(card: Path, drives: list[Path]) -> None:
    put(drives[0], SESSION, b"a file where the folder should be")
    done = run(card, drives)
    assert (False, 1) == (done.may_format, len(done.faults))
    assert str(drives[0] / SESSION) in done.faults[0]
    assert [] == whole_by_manifest(drives[1] / SESSION / "card-0001")


def disturbed(card: Path, drives: list[Path], gone: Path) -> Offloaded:
    """An offload during which something is pulled out after the third file."""

    def pull(done: int, _total: int) -> None:
        if done == 3 and gone.exists():
            gone.rename(gone.with_name("pulled"))

    return offload(card, [drive / SESSION for drive in drives], lambda _step: pull)


def test_a_drive_that_is_pulled_out_is_named_and_nothing_is_written_in_its_stead(
    card: Path, drives: list[Path]
) -> None:
    done = disturbed(card, drives, drives[0])
    assert (False, 1) == (done.may_format, len(done.faults))
    assert "不存在" in done.faults[0]
    assert not drives[0].exists()
    assert [] == whole_by_manifest(drives[1] / SESSION / "card-0001")
    drives[0].with_name("pulled").rename(drives[0])
    assert [(8, 3), (0, 11)] == [(each.copied, each.known) for each in run(card, drives).targets]


def test_a_card_that_is_pulled_out_keeps_what_was_read_and_is_taken_up_again(
    card: Path, drives: list[Path]
) -> None:
    done = disturbed(card, drives, card)
    assert (False, 8) == (done.may_format, len(done.faults))
    assert all("有变化或不见了" in fault for fault in done.faults)
    card.with_name("pulled").rename(card)
    assert [(8, 3), (8, 3)] == [(each.copied, each.known) for each in run(card, drives).targets]


def test_a_file_that_the_card_does_not_give_is_named_and_no_copy_counts_as_whole(
    card: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(card)
    card.chmod(0o755)
    (card / "DCIM/100CANON/IMG_0004.JPG").chmod(0)
    with ordinary_user(), TemporaryDirectory() as place:
        done = run(Path(), some_drives(Path(place), "AB"))
        assert whole_by_manifest(Path(place) / "A" / SESSION / "card-0001") is None
    assert (False, ("DCIM/100CANON/IMG_0004.JPG：无法读取（没有权限）",)) == (done.may_format, done.faults)
    assert 10 == len(done.files)


def test_what_is_never_followed_or_cannot_stand_on_every_drive_keeps_the_card(
    card: Path, drives: list[Path]
) -> None:
    (card / "link.jpg").symlink_to(card / "DCIM")
    for name in ("CON.JPG", "dcim/100canon/img_0001.jpg", b"\xd6\xd0.jpg"):
        put(card, name, b"x")
    done = run(card, drives)
    assert not done.may_format
    for path in ("link.jpg：是符号链接", "CON.JPG：", "dcim/100canon/img_0001.jpg：与", r"\xd6\xd0.jpg："):
        assert 1 == sum(fault.startswith(path) for fault in done.faults)
    assert 4 == len(done.faults)
    assert 11 == done.targets[0].copied


def test_folders_that_systems_make_are_left_out_and_named(card: Path, drives: list[Path]) -> None:
    put(card, "System Volume Information/IndexerVolumeGuid", b"x")
    put(card, ".Trashes/501/old.jpg", b"x")
    done = run(card, drives)
    assert (True, (".Trashes", "System Volume Information")) == (done.may_format, done.left_out)
    assert {"DCIM"} == {path.split("/")[0] for path in cards(drives[0])["card-0001"]}


def test_a_card_without_any_content_is_no_card(tmp_path: Path, drives: list[Path]) -> None:
    put(tmp_path, "card/empty.jpg", b"")
    with pytest.raises(EmptyCard, match="没有任何文件"):
        run(tmp_path / "card", drives)
    assert [[], []] == [list(drive.iterdir()) for drive in drives]


def test_a_copy_can_be_offloaded_like_a_card_and_is_held_to_its_own_manifest(
    card: Path, drives: list[Path], tmp_path: Path
) -> None:
    run(card, drives)
    copy, later = drives[0] / SESSION / "card-0001", some_drives(tmp_path, "CD")
    assert run(copy, later).may_format
    assert cards(drives[0]) == cards(later[0])
    (copy / "DCIM/100CANON/IMG_0009.JPG").write_bytes(b"rot".ljust(30_000, b"x"))
    (copy / "DCIM/100CANON/IMG_0010.JPG").unlink()
    faults = run(copy, some_drives(tmp_path, "EF")).faults
    assert (
        "DCIM/100CANON/IMG_0010.JPG：存储卡清单里有，存储卡上没有",
        "DCIM/100CANON/IMG_0009.JPG：与存储卡清单不符",
    ) == faults


def test_a_drive_without_hard_links_gets_its_copy_and_nothing_is_written_over(
    card: Path, drives: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise OSError(errno.EPERM, "as exFAT does")

    monkeypatch.setattr(os, "link", refuse)
    assert run(card, drives).may_format
    assert {"card-0001": content(card)} == cards(drives[0])
    (drives[0] / SESSION / "card-0001/DCIM/100CANON/IMG_0001.JPG").write_bytes(b"mine")
    assert not run(card, drives).may_format
    assert b"mine" == (drives[0] / SESSION / "card-0001/DCIM/100CANON/IMG_0001.JPG").read_bytes()


@settings(max_examples=15)
@given(st.sets(st.integers(1, 10)), st.integers(0, 1))
def test_whatever_is_there_already_of_a_copy_the_end_is_the_same(there: set[int], drive: int) -> None:
    with TemporaryDirectory() as place:
        card = some_card(Path(place) / "card", size=100)
        drives = some_drives(Path(place), "AB")
        run(card, drives)
        whole = [cards(each) for each in drives]
        for number in there:
            (drives[drive] / SESSION / f"card-0001/DCIM/100CANON/IMG_{number:04d}.JPG").unlink()
        (drives[drive] / SESSION / "card-0001/card-manifest.txt").unlink()
        done = run(card, drives)
        assert (True, whole) == (done.may_format, [cards(each) for each in drives])
        assert len(there) == done.targets[drive].copied


@pytest.mark.parametrize(
    ("drives", "says"),
    [
        (["A"], "至少两个"),
        (["A", "A/."], "同一个文件夹"),
        (["A", "A/inner"], "一个在另一个里面"),
        (["A", "link"], "同一个文件夹"),
        (["A", "EOS_DIGITAL/DCIM"], "一个在另一个里面"),
        (["A", ""], "一个在另一个里面"),
        (["A", "none"], "none：不存在，请接好硬盘"),
        (["A", "inbox"], "在收片文件夹"),
    ],
)
def test_drives_that_are_no_two_places_apart_from_the_card_are_refused(
    card: Path, tmp_path: Path, drives: list[str], says: str
) -> None:
    for name in ("A/inner", "inbox"):
        (tmp_path / name).mkdir(parents=True)
    (tmp_path / "link").symlink_to(tmp_path / "A")
    with pytest.raises(DriveError, match=says):
        checked_drives(card, [tmp_path / name for name in drives], tmp_path / "inbox")


@pytest.fixture
def dated(card: Path) -> Path:
    """A card with two frames of other days and one deleted in the camera."""
    put(card, "DCIM/100CANON/IMG_0007.JPG", taken("2023:07:02 10:00:00"))
    put(card, "DCIM/100CANON/IMG_0008.JPG", taken("2023:07:01 10:00:00"))
    put(card, "DCIM/100CANON/IMG_0009.JPG", taken("2023:07:01 10:01:00"))
    (card / "DCIM/100CANON/IMG_0005.JPG").unlink()
    return card


def test_without_a_workspace_the_shipped_campaign_knows_the_session(
    dated: Path, drives: list[Path], tmp_path: Path
) -> None:
    done = program(dated, SESSION, "--to", drives[0], "--to", drives[1], folder=tmp_path)
    assert (0, "可以格式化") == (done.returncode, done.stdout.splitlines()[-1])
    assert 1 == done.stdout.count("格式化")
    assert "IMG_0004 之后是 IMG_0006，缺 1 个" in done.stderr
    assert "日期不对 2023-07-01：2 个文件不是 2023-07-02 拍的" in done.stderr
    assert "在同一个磁盘上" in done.stderr


def test_a_fault_ends_in_code_1_and_a_last_line_that_says_no(
    card: Path, drives: list[Path], tmp_path: Path
) -> None:
    (card / "link.jpg").symlink_to(card / "DCIM")
    done = program(card, SESSION, "--to", drives[0], "--to", drives[1], folder=tmp_path)
    assert 1 == done.returncode
    assert done.stdout.splitlines()[-1].startswith("不可格式化：1 处问题")
    assert "link.jpg：是符号链接" in done.stdout
    assert "可以格式化" not in done.stdout


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["EOS_DIGITAL", "2023-07-09-nowhere", "--to", "A", "--to", "B"], "2023-07-09-nowhere"),
        (["EOS_DIGITAL", SESSION, "--to", "A"], "至少两个"),
        (["EOS_DIGITAL", SESSION], "--to"),
        (["none", SESSION, "--to", "A", "--to", "B"], "none：不存在"),
        (["EOS_DIGITAL", SESSION, "--to", "A", "--to", "B", "--inbox"], "gradphoto init"),
    ],
)
@pytest.mark.usefixtures("card", "drives")
def test_bad_usage_is_one_line_and_code_2_and_nothing_is_written(
    tmp_path: Path, arguments: list[str], says: str
) -> None:
    done = program(*arguments, folder=tmp_path)
    assert (2, "", 1) == (done.returncode, done.stdout, len(done.stderr.splitlines()))
    assert says in done.stderr
    assert [] == [*(tmp_path / "A").iterdir(), *(tmp_path / "B").iterdir()]


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Path]:
    make_workspace(tmp_path / "2023")
    yield tmp_path / "2023"
    shutil.rmtree(tmp_path / "2023")


def test_with_a_workspace_the_inbox_has_the_third_copy_and_the_store_knows_of_the_others(
    dated: Path, drives: list[Path], workspace: Path
) -> None:
    arguments = (dated, SESSION, "--to", drives[0], "--to", drives[1], "--inbox", "--json")
    told = json.loads(program(*arguments, folder=workspace).stdout)
    assert (True, 10, 3, []) == (told["may_format"], told["files"], len(told["copies"]), told["faults"])
    assert [{"folder": "DCIM/100CANON", "after": "IMG_0004", "before": "IMG_0006", "missing": 1}] == told["gaps"]
    assert ["2023-07-01"] == [each["day"] for each in told["other_days"]]
    assert content(dated) == content(workspace / "inbox" / SESSION / "card-0001")
    program(*arguments, folder=workspace)
    store = FolderStore(workspace / "store")
    assert [(2, 1, 10)] == [(each.drives, each.disks, each.files) for each in card_copies(store, SESSION)]
    taken_in = ingest(store, SESSION, workspace / "inbox" / SESSION, f"inbox/{SESSION}")
    assert (12, ()) == (len(taken_in.added), taken_in.refused)
    assert 2 == copies_known(store, SESSION)


def test_a_mistake_in_a_roster_keeps_no_card_from_its_copies(
    card: Path, drives: list[Path], workspace: Path
) -> None:
    put(workspace, "rosters/坏.csv", b"nothing")
    assert 0 == program(card, SESSION, "--to", drives[0], "--to", drives[1], folder=workspace).returncode


def test_the_trouble_of_a_target_is_kept_with_it(tmp_path: Path) -> None:
    target, calls = Target(tmp_path, tmp_path), []
    target.attempt("写", lambda: calls.append("one"))
    target.attempt("写", (tmp_path / "none").rmdir)
    target.attempt("写", lambda: calls.append("two"))
    assert (["one"], "写：不存在") == (calls, target.trouble)
