"""Archives that mean harm: refused in a line each, nothing written beside the private folder, no memory taken."""

import json
import os
import struct
import subprocess
import sys
import zlib
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gradphoto.adapters.encrypted_zip import encrypt
from gradphoto.adapters.store import digest_file
from gradphoto.adapters.unpack import WrongPassword, needs_password, unpack
from gradphoto.adapters.unpack_directory import TOLD
from gradphoto.adapters.verify import verify
from tests.some_bundle import bag_bytes, some_contents

BUNDLE = bag_bytes(some_contents())
NAME = "yanchi-v0001"
PASSWORD = "ABCDE-FGHJK-MNPQR-STVWX"
MEMORY = """
import json, sys
from pathlib import Path
from gradphoto.adapters.verify import verify
def most():
    return int(Path("/proc/self/status").read_text().partition("VmHWM:")[2].split()[0])
before = most()
faults = verify(Path(sys.argv[1]))
print(json.dumps([most() - before, faults]))
"""
"""The kernel's own figure of this program: what `getrusage` says begins with that of whoever started it."""
MOST = 32 << 10
"""KiB that verifying may add to the memory of the process."""


def grown(path: Path) -> tuple[int, list[str]]:
    """By how many KiB a fresh process grew while it verified `path`, and the faults."""
    done = subprocess.run([sys.executable, "-c", MEMORY, path], capture_output=True, timeout=300, check=True)
    kib, faults = json.loads(done.stdout)
    return kib, faults


def deflated(size: int) -> bytes:
    """So many zeros, deflated, without ever holding them."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    megabyte = packer.compress(bytes(1 << 20)) + packer.flush(zlib.Z_FULL_FLUSH)
    return megabyte * (size >> 20) + packer.flush()


def raw_zip(path: Path, members: Iterator[tuple[str, bytes, int]]) -> Path:
    """A zip of raw deflate streams that say they unpack to so many bytes, whatever they really do."""
    directory, count = bytearray(), 0
    with path.open("wb") as file:
        for name, data, said in members:
            fields = (20, 0, 8, 0, 33, 0, len(data), said, len(name))
            directory += struct.pack("<4sHHHHHHIIIHHHHHII", b"PK\1\2", 20, *fields, 0, 0, 0, 0, 0, file.tell())
            directory += name.encode()
            file.write(struct.pack("<4sHHHHHIIIHH", b"PK\3\4", *fields, 0) + name.encode() + data)
            count += 1
        at = file.tell()
        counts = (min(count, 0xFFFF),) * 2
        file.write(directory + struct.pack("<4sHHHHIIH", b"PK\5\6", 0, 0, *counts, len(directory), at, 0))
    return path


def test_a_bomb_of_a_gigabyte_costs_neither_memory_nor_disk(tmp_path: Path) -> None:
    bomb = deflated(1 << 30)
    honest = raw_zip(tmp_path / "honest.zip", iter([("a/zeros", bomb, 1 << 30)]))
    kib, faults = grown(honest)
    assert 2 == len([fault for fault in faults if "可能是压缩炸弹" in fault])
    assert kib < MOST


def test_a_bomb_that_says_it_is_small_is_unpacked_no_further_than_it_says(tmp_path: Path) -> None:
    lying = raw_zip(tmp_path / "lying.zip", iter([("a/zeros", deflated(256 << 20), 1 << 20)]))
    kib, faults = grown(lying)
    assert ["a/zeros：压缩包内的数据已损坏，请重新下载"] == faults
    assert kib < MOST


def test_many_small_bombs_are_one_large_one(tmp_path: Path) -> None:
    small = deflated(1 << 20)
    path = raw_zip(tmp_path / "many.zip", ((f"a/{number}", small, 1 << 20) for number in range(300)))
    assert f"解压后共 {300 << 20} 字节，压缩包只有 {path.stat().st_size} 字节，可能是压缩炸弹" in verify(path)


@pytest.mark.parametrize(
    ("name", "number", "says"), [("a", 300_000, "超出上限 100000"), ("a" * 99, 120_000, f"超过 {16 << 20} 字节")]
)
def test_a_directory_of_a_hundred_thousand_names_is_not_taken_apart(
    tmp_path: Path, name: str, number: int, says: str
) -> None:
    path = raw_zip(tmp_path / "wide.zip", ((name, b"", 0) for _ in range(number)))
    kib, faults = grown(path)
    assert (1, True) == (len(faults), says in faults[0])
    assert kib < MOST


def test_members_that_quote_each_others_headers_are_refused(tmp_path: Path) -> None:
    """The bomb whose files lie over each other: each begins a header later and they all end together."""
    kernel = deflated(1 << 20)
    path = raw_zip(tmp_path / "overlap.zip", iter([("a/x", kernel, 1 << 20), ("a/y", b"", 0)]))
    data = path.read_bytes()
    second = data.rindex(b"PK\1\2")
    data = data[: second + 42] + struct.pack("<I", 10) + data[second + 46 :]
    path.write_bytes(data)
    assert "压缩包内的文件相互重叠，可能是压缩炸弹" in verify(path)


def test_of_an_archive_with_endless_faults_the_first_are_told(tmp_path: Path) -> None:
    path = raw_zip(tmp_path / "bad.zip", ((f"../{number}", b"", 0) for number in range(1000)))
    faults = verify(path)
    assert (TOLD + 1, f"……以上是前 {TOLD} 处") == (len(faults), faults[-1])


def test_an_archive_within_a_bag_is_a_file_like_any_other(tmp_path: Path) -> None:
    inner = raw_zip(tmp_path / "inner.zip", iter([("../../evil", deflated(64 << 20), 64 << 20)]))
    bag = tmp_path / "bag"
    (bag / "data").mkdir(parents=True)
    (bag / "data" / "42.zip").write_bytes(inner.read_bytes())
    (bag / "bagit.txt").write_text("BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n")
    sha256 = digest_file(inner)
    (bag / "manifest-sha256.txt").write_text(f"{sha256}  data/42.zip\n")
    path = tmp_path / "bag.zip"
    with ZipFile(path, "w", ZIP_STORED) as archive:
        for each in bag.rglob("*"):
            archive.write(each, each.relative_to(tmp_path))
    assert [] == verify(path)


@pytest.mark.parametrize("name", ["É", "E\u0301"])
def test_names_that_differ_only_in_case_or_unicode_form_are_refused(tmp_path: Path, name: str) -> None:
    path = tmp_path / "x.zip"
    with ZipFile(path, "w") as archive:
        archive.writestr("a/\u00e9", b"")
        archive.writestr(f"a/{name}", b"")
    assert 2 == len([fault for fault in verify(path) if "文件名重复（不分大小写）" in fault])


@pytest.mark.parametrize("name", ["a/" * 40 + "x", "a/" + "x" * 256, "a/" + "照" * 90, "a/" + "b/x" * 400])
def test_a_name_that_no_disk_bears_is_refused(tmp_path: Path, name: str) -> None:
    path = tmp_path / "x.zip"
    with ZipFile(path, "w") as archive:
        archive.writestr(name, b"")
    assert "文件名不安全，可能写到包外" in verify(path)[0]


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_a_zip_made_by_a_mac_or_by_chinese_windows_has_its_chinese_names(tmp_path: Path, encoding: str) -> None:
    """Neither says how its names are encoded."""
    path, stand_in = tmp_path / "x.zip", "X" * len("名单".encode(encoding))
    with ZipFile(BytesIO(BUNDLE)) as whole, ZipFile(path, "w") as archive:
        for name in whole.namelist():
            archive.writestr(name.replace("名单", stand_in), whole.read(name))
    path.write_bytes(path.read_bytes().replace(stand_in.encode(), "名单".encode(encoding)))
    assert [] == verify(path)


@pytest.mark.parametrize("what", ["pipe", "link", "device"])
def test_nothing_in_a_folder_is_opened_that_is_no_file(tmp_path: Path, what: str) -> None:
    """A pipe would be waited for forever, a device read without an end."""
    ZipFile(BytesIO(BUNDLE)).extractall(tmp_path)
    path = tmp_path / NAME / "manifest-md5.txt"
    if what == "pipe":
        os.mkfifo(path)
    else:
        path.symlink_to("/dev/zero" if what == "device" else "/etc/passwd")
    expected = "是设备或管道" if what == "pipe" else "是链接"
    assert [f"manifest-md5.txt：{expected}，不是普通文件"] == verify(tmp_path / NAME)


def test_a_manifest_without_an_end_of_line_is_not_read_whole(tmp_path: Path) -> None:
    ZipFile(BytesIO(BUNDLE)).extractall(tmp_path)
    manifest = tmp_path / NAME / "manifest-sha256.txt"
    manifest.write_bytes(b"a" * (60 << 20))
    kib, faults = grown(tmp_path / NAME)
    assert "manifest-sha256.txt 第1行：太长" in faults[0]
    assert kib < MOST
    os.truncate(manifest, 1 << 40)
    assert "超出上限" in verify(tmp_path / NAME)[0]


@pytest.fixture(scope="module")
def locked(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """The bundle, encrypted."""
    folder = tmp_path_factory.mktemp("locked")
    (folder / "x.zip").write_bytes(BUNDLE)
    with (folder / "y.zip").open("w+b") as file:
        encrypt(folder / "x.zip", file, PASSWORD)
    return (folder / "y.zip").read_bytes()


def test_an_encrypted_bundle_verifies_with_its_password_alone(tmp_path: Path, locked: bytes) -> None:
    path = tmp_path / "x.zip"
    path.write_bytes(locked)
    assert needs_password(path)
    assert [] == verify(path, PASSWORD)
    assert ["压缩包已加密，需要密码：请在终端输入，或用 --password-file 给出密码文件"] == verify(path)
    with pytest.raises(WrongPassword, match="密码不对"):
        verify(path, PASSWORD.lower())


def test_a_file_that_was_put_into_an_encrypted_bundle_is_refused(tmp_path: Path, locked: bytes) -> None:
    path = tmp_path / "x.zip"
    path.write_bytes(locked)
    with ZipFile(path, "a", ZIP_DEFLATED) as archive:
        archive.writestr(ZipInfo(f"{NAME}/data/evil.html"), b"x")
    faults = verify(path, PASSWORD)
    assert f"'{NAME}/bagit.txt'：已加密，请先解密" in faults


@pytest.mark.parametrize(
    ("place", "value"), [(8, 0), (8, 9), (4, 7)], ids=["no-strength", "strength-9", "version-7"]
)
def test_a_header_that_names_another_encryption_is_refused(
    tmp_path: Path, locked: bytes, place: int, value: int
) -> None:
    data, extra = bytearray(locked), struct.pack("<HH", 0x9901, 7)
    at = data.index(extra, data.index(b"PK\1\2"))
    data[at + place] = value
    path = tmp_path / "x.zip"
    path.write_bytes(data)
    assert "加密方式不支持" in verify(path, PASSWORD)[0]


def test_the_old_encryption_is_refused_by_name(tmp_path: Path) -> None:
    path = tmp_path / "x.zip"
    with ZipFile(path, "w") as archive:
        archive.writestr("a/x", b"x")
    data = bytearray(path.read_bytes())
    for signature, flags in ((b"PK\3\4", 6), (b"PK\1\2", 8)):
        data[data.index(signature) + flags] |= 1
    path.write_bytes(data)
    assert ["'a/x'：加密方式不支持（只支持 AES），请换一种方式打包"] == verify(path, PASSWORD)


@settings(max_examples=20)
@given(st.data())
def test_no_damage_of_an_encrypted_bundle_goes_unseen(
    tmp_path_factory: pytest.TempPathFactory, locked: bytes, data: st.DataObject
) -> None:
    """A changed content is found; what is not content (a date, a mode) may change, and the files are the same."""
    place, mask = data.draw(st.integers(0, len(locked) - 1)), data.draw(st.integers(1, 255))
    folder = tmp_path_factory.mktemp("damaged")
    path, into = folder / "x.zip", folder / "into"
    path.write_bytes(locked[:place] + bytes([locked[place] ^ mask]) + locked[place + 1 :])
    into.mkdir()
    try:
        faults = verify(path, PASSWORD)
    except WrongPassword:
        return
    assert all(1 == len(fault.splitlines()) for fault in faults)
    if not faults:
        assert [] == unpack(path, into, password=PASSWORD)
        files = {
            each.relative_to(into).as_posix(): each.read_bytes() for each in into.rglob("*") if each.is_file()
        }
        with ZipFile(BytesIO(BUNDLE)) as whole:
            assert {name: whole.read(name) for name in whole.namelist()} == files
