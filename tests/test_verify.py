"""Verification: a sound bag has no faults, and each fault has its own line."""

import shutil
import stat
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

import bagit
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gradphoto.adapters.store import digest
from gradphoto.adapters.tables import csv_bytes, csv_rows
from gradphoto.adapters.unpack import Limits, unpack
from gradphoto.adapters.verify import verify
from tests.some_bundle import LI, MA, WANG, bag_bytes, jpeg, some_contents

BUNDLE = bag_bytes(some_contents())
NAME = "yanchi-v0001"
TEXTS = [
    "bagit.txt", "bag-info.txt", "manifest-sha256.txt", "tagmanifest-sha256.txt",
    "data/photos.csv", "data/missing.csv", "data/changes.csv",
]  # fmt: skip


@pytest.fixture
def bag(tmp_path: Path) -> Path:
    """The unpacked bundle."""
    ZipFile(BytesIO(BUNDLE)).extractall(tmp_path)
    return tmp_path / NAME


def a_zip(folder: Path, *members: tuple[str | ZipInfo, bytes]) -> Path:
    """The bundle with more members."""
    path = folder / f"{NAME}.zip"
    path.write_bytes(BUNDLE)
    with ZipFile(path, "a", ZIP_DEFLATED) as archive:
        for name, data in members:
            archive.writestr(name, data)
    return path


def resealed(bag: Path) -> Path:
    """The bag after somebody changed its payload and made its manifests anew."""
    again = bagit.Bag(str(bag))
    again.save(manifests=True)
    return bag


def edit(bag: Path, name: str, change: Callable[[list[list[str]]], None]) -> None:
    rows = csv_rows((bag / name).read_bytes())
    change(rows)
    (bag / name).write_bytes(csv_bytes(rows))


def test_a_bundle_verifies_as_zip_and_as_folder(tmp_path: Path, bag: Path) -> None:
    assert [] == verify(a_zip(tmp_path))
    assert [] == verify(bag)


@pytest.mark.parametrize("version", ["0.97", "1.0"])
def test_a_bag_of_others_is_checked_as_a_bag_only(tmp_path: Path, version: str) -> None:
    folder = tmp_path / "other"
    folder.mkdir()
    (folder / "a.txt").write_text("a")
    bagit.make_bag(str(folder))
    (folder / "bagit.txt").write_text(f"BagIt-Version: {version}\nTag-File-Character-Encoding: UTF-8\n")
    bagit.Bag(str(folder)).save()
    assert [] == verify(folder)
    (folder / "data" / "a.txt").write_text("b")
    assert ["data/a.txt：内容与校验值不符"] * 2 == verify(folder)


def test_a_flipped_byte_is_named(bag: Path) -> None:
    path = bag / "data" / "photos" / f"{WANG}.jpg"
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)
    assert [
        f"data/photos/{WANG}.jpg：内容与校验值不符",
        f"data/photos.csv 第2行：照片 {WANG}.jpg 与 sha256 不符",
    ] == verify(bag)


def test_a_flipped_byte_in_a_zip_is_named(tmp_path: Path) -> None:
    path = a_zip(tmp_path)
    data = bytearray(BUNDLE)
    data[data.index(jpeg(1)) + 5000] ^= 1
    path.write_bytes(data)
    assert [f"{NAME}/data/photos/{LI}.jpg：压缩包内的数据已损坏，请重新下载"] == verify(path)


def test_a_missing_photo_is_named(bag: Path) -> None:
    (bag / "data" / "photos" / f"{WANG}.jpg").unlink()
    faults = verify(bag)
    assert "bag-info.txt：Payload-Oxum 是" in faults[0]
    assert [
        f"data/photos/{WANG}.jpg：清单中有，包里没有",
        f"data/photos.csv 第2行：照片 {WANG}.jpg 不在包里",
    ] == faults[1:]


def test_an_extra_file_is_named(bag: Path) -> None:
    (bag / "data" / "photos" / "x.jpg").write_bytes(jpeg(2))
    assert ["data/photos/x.jpg：包里有，清单中没有", "data/photos/x.jpg：不在 photos.csv 中"] == verify(bag)[1:]


def test_a_changed_tag_file_is_named(bag: Path) -> None:
    info = bag / "bag-info.txt"
    info.write_text(info.read_text().replace("盐池", "固原"))
    assert ["bag-info.txt：内容与校验值不符"] == verify(bag)


def test_what_a_bag_says_cannot_break_the_line_that_quotes_it(bag: Path) -> None:
    edit(bag, "data/changes.csv", lambda rows: rows.append(["a\nb\x1b[2J", "added"]))
    assert ["data/changes.csv 第4行：学号 a b�[2J 是 added，与 photos.csv 不符"] == verify(resealed(bag))


def test_a_declaration_that_stands_there_twice_is_a_fault(bag: Path) -> None:
    (bag / "bagit.txt").write_bytes((bag / "bagit.txt").read_bytes() * 2)
    assert "不是有效的BagIt包" in verify(bag)[0]


@pytest.mark.parametrize("name", ["bagit.txt", "manifest-sha256.txt", "data/missing.csv"])
def test_a_bag_without_a_necessary_file_is_faulty(bag: Path, name: str) -> None:
    (bag / name).unlink()
    assert verify(bag)


@pytest.mark.parametrize(
    ("column", "text", "fault"),
    [
        ("file", f"{MA}.jpg", f"照片 {MA}.jpg 不在包里"),
        ("file", "../photos.csv", "file：写法不对"),
        ("sha256", "0" * 64, f"照片 {WANG}.jpg 与 sha256 不符"),
        ("bytes", "1", f"照片 {WANG}.jpg 有 {len(jpeg(0))} 字节，表中是 1"),
        ("width", "481", f"照片 {WANG}.jpg 是 480×640，表中是 481×640"),
        ("height", "six", "height：应为整数"),
        ("student_no", LI, f"{LI} 出现了不止一次"),
    ],
)
def test_a_wrong_row_of_photos_csv_is_named_by_its_number(bag: Path, column: str, text: str, fault: str) -> None:
    def spoil(rows: list[list[str]]) -> None:
        rows[1][rows[0].index(column)] = text

    edit(bag, "data/photos.csv", spoil)
    faults = verify(resealed(bag))
    assert f"data/photos.csv 第2行：{fault}" in "\n".join(faults)


def test_tables_that_contradict_each_other_are_named(bag: Path) -> None:
    edit(bag, "data/missing.csv", lambda rows: rows.append([WANG, "王芳", "missing", ""]))
    edit(bag, "data/changes.csv", lambda rows: rows.append([MA, "replaced"]))
    assert [
        f"data/missing.csv 第3行：学号 {WANG} 在 photos.csv 中有照片",
        f"data/changes.csv 第4行：学号 {MA} 是 replaced，与 photos.csv 不符",
    ] == verify(resealed(bag))


def test_a_photo_that_is_no_jpeg_is_named(bag: Path) -> None:
    data = b"no picture"
    (bag / "data" / "photos" / f"{WANG}.jpg").write_bytes(data)

    def follow(rows: list[list[str]]) -> None:
        rows[1][rows[0].index("sha256")] = digest(data)
        rows[1][rows[0].index("bytes")] = str(len(data))

    edit(bag, "data/photos.csv", follow)
    assert [f"data/photos.csv 第2行：照片 {WANG}.jpg 是 无法读取的文件，表中是 480×640"] == verify(resealed(bag))


def test_a_link_in_a_folder_is_not_followed(bag: Path) -> None:
    (bag / "data" / "secret").symlink_to("/etc/hostname")
    assert ["data/secret：是链接，不是普通文件"] == verify(bag)


@pytest.mark.parametrize(
    "name", ["../evil", f"{NAME}/../../evil", "/etc/evil", f"{NAME}/./x", f"{NAME}//x", f"{NAME}/a\\b", "C:/x"]
)
def test_a_name_that_leads_outside_is_refused_and_nothing_is_written(tmp_path: Path, name: str) -> None:
    into = tmp_path / "in" / "to"
    into.mkdir(parents=True)
    (path := tmp_path / "zip").mkdir()
    faults = unpack(a_zip(path, (name, b"x")), into)
    assert f"{name!r}：文件名不安全，可能写到包外" in faults
    assert [into] == list((tmp_path / "in").rglob("*"))


def test_a_bomb_is_refused_before_it_is_unpacked(tmp_path: Path) -> None:
    faults = verify(a_zip(tmp_path, (f"{NAME}/data/zeros", bytes(5 << 20))))
    assert [f"'{NAME}/data/zeros'：解压后 {5 << 20} 字节，压缩比过大，可能是压缩炸弹"] == faults


def test_limits_of_size_and_number_are_kept(tmp_path: Path) -> None:
    assert ["超出上限 1000"] == [fault[-9:] for fault in unpack(a_zip(tmp_path), tmp_path, Limits(size=1000))]
    assert ["压缩包内有 11 个文件，超出上限 9"] == unpack(a_zip(tmp_path), tmp_path, Limits(members=9))


def test_members_that_overlap_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "overlap.zip"
    with ZipFile(path, "w") as archive:
        archive.writestr("a/x", bytes(10_000))
        archive.writestr("a/y", b"")
        first, second = archive.infolist()
        second.header_offset, second.file_size, second.compress_size = 0, first.file_size, first.file_size
    assert "压缩包内的文件相互重叠，可能是压缩炸弹" in verify(path)


@pytest.mark.parametrize("name", [f"{NAME}/data/photos.csv", f"{NAME}/DATA/Photos.csv"])
@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_name_that_is_there_twice_is_refused(tmp_path: Path, name: str) -> None:
    assert f"{name!r}：文件名重复（不分大小写）" in verify(a_zip(tmp_path, (name, b"")))


def test_a_file_that_is_also_a_folder_is_refused(tmp_path: Path) -> None:
    path = a_zip(tmp_path, (f"{NAME}/bagit.txt/x", b""))
    assert [f"'{NAME}/bagit.txt'：既是文件又是文件夹"] == verify(path)


def test_more_than_one_top_folder_is_refused(tmp_path: Path) -> None:
    assert [f"应只有一个顶层文件夹，实有：other、{NAME}"] == verify(a_zip(tmp_path, ("other/x", b"")))
    assert [f"应只有一个顶层文件夹，实有：x、{NAME}"] == verify(a_zip(tmp_path, ("x", b"")))


def test_links_and_encrypted_members_in_a_zip_are_refused(tmp_path: Path) -> None:
    link, locked = ZipInfo(f"{NAME}/link"), ZipInfo(f"{NAME}/locked")
    link.create_system, link.external_attr = 3, (stat.S_IFLNK | 0o777) << 16
    path = a_zip(tmp_path, (link, b"/etc/passwd"), (locked, b"x"))
    data = bytearray(path.read_bytes())
    data[data.rindex(b"PK\x01\x02") + 8] |= 1
    path.write_bytes(data)
    assert [f"'{NAME}/link'：不是普通文件（链接或设备）", f"'{NAME}/locked'：已加密，请先解密"] == verify(path)


def test_what_is_no_whole_zip_is_said_in_one_line(tmp_path: Path) -> None:
    path = tmp_path / "x.zip"
    assert [f"{path}：没有这个文件或文件夹，请检查路径"] == verify(path)
    for data in (b"", b"a text"):
        path.write_bytes(data)
        assert ["不是zip文件"] == verify(path)
    for cut in (10, 1000, len(BUNDLE) // 2, len(BUNDLE) - 1):
        path.write_bytes(BUNDLE[:cut])
        assert ["压缩包不完整或已损坏，请重新下载"] == verify(path)


@settings(max_examples=150, deadline=None)
@given(st.lists(st.tuples(st.integers(0, len(BUNDLE) - 1), st.integers(1, 255)), min_size=1, max_size=4))
def test_no_damage_of_a_zip_is_a_traceback(
    tmp_path_factory: pytest.TempPathFactory, flips: list[tuple[int, int]]
) -> None:
    path = tmp_path_factory.mktemp("damaged") / "x.zip"
    data = bytearray(BUNDLE)
    for place, mask in flips:
        data[place] ^= mask
    path.write_bytes(data)
    assert all(1 == len(fault.splitlines()) for fault in verify(path))
    shutil.rmtree(path.parent)


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.sampled_from(TEXTS), st.one_of(st.binary(max_size=60), st.text(max_size=60).map(str.encode)))
def test_no_damage_of_a_folder_is_a_traceback(bag: Path, name: str, data: bytes) -> None:
    whole = (bag / name).read_bytes()
    for damaged in (data, whole + data, whole[: len(data)] + data + whole[len(data) :]):
        (bag / name).write_bytes(damaged)
        assert all(1 == len(fault.splitlines()) for fault in verify(bag))
    (bag / name).write_bytes(whole)
