"""The BagIt conformance suite of the Library of Congress (`tests/data/bagit`) through `gradphoto verify`."""

import json
import shutil
import sys
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from typer.testing import CliRunner

from cli.main import app
from gradphoto.adapters.verify import judge, verify

SUITE = Path(__file__).parent / "data" / "bagit"
BAGS = sorted(bag for bag in SUITE.glob("v*/*/*") if bag.is_dir())
HERE = "windows-only" if sys.platform == "win32" else "linux-only"


def named(*kinds: str) -> list[Any]:
    """The suite's bags of these kinds, by name."""
    found = [bag for bag in BAGS if bag.parent.name in kinds]
    return [pytest.param(bag, id="-".join(bag.relative_to(SUITE).parts[::2])) for bag in found]


def verified(path: Path) -> tuple[int, dict[str, Any]]:
    """What the command says of a bag: its exit code and its document."""
    done = CliRunner().invoke(app, ["verify", str(path), "--json"])
    return done.exit_code, json.loads(done.stdout)


def test_the_suite_is_whole() -> None:
    assert {"valid": 13, "warning": 6, "invalid": 15, "linux-only": 6, "windows-only": 6} == {
        kind: len(named(kind)) for kind in ("valid", "warning", "invalid", "linux-only", "windows-only")
    }


@pytest.mark.parametrize("bag", named("valid"))
def test_a_valid_bag_is_accepted(bag: Path) -> None:
    assert (0, []) == ((said := verified(bag))[0], said[1]["faults"])


@pytest.mark.parametrize("bag", named("warning"))
def test_an_odd_bag_is_accepted_with_a_warning(bag: Path) -> None:
    code, told = verified(bag)
    assert (0, [], True) == (code, told["faults"], bool(told["warnings"]))


@pytest.mark.parametrize("bag", named("invalid", HERE))
def test_an_invalid_bag_is_refused(bag: Path) -> None:
    code, told = verified(bag)
    assert (1, False, True) == (code, told["valid"], bool(told["faults"]))


@pytest.mark.parametrize("bag", named("windows-only", "linux-only"))
def test_what_leads_outside_on_another_system_is_refused_here_too(bag: Path) -> None:
    assert verify(bag)


@pytest.mark.parametrize("bag", named("valid", "invalid"))
def test_a_zip_is_judged_as_the_folder_in_it(bag: Path, tmp_path: Path) -> None:
    path = tmp_path / "bag.zip"
    with ZipFile(path, "w") as archive:
        for each in sorted(bag.rglob("*")):
            archive.write(each, Path(bag.name, each.relative_to(bag)))
    assert judge(bag) == judge(path)


def a_bag(folder: Path, version: str = "1.0", **files: str) -> Path:
    """A bag of one file, then `files` over it: `manifest_md5_txt="…"` is the manifest of that name."""
    bag = folder / "bag"
    (bag / "data").mkdir(parents=True)
    (bag / "data" / "a.txt").write_bytes(b"a")
    (bag / "bagit.txt").write_bytes(f"BagIt-Version: {version}\nTag-File-Character-Encoding: UTF-8\n".encode())
    (bag / "manifest-md5.txt").write_bytes(f"{A}  data/a.txt\n".encode())
    for name, text in files.items():
        (bag / name.replace("_txt", ".txt").replace("_", "-")).write_bytes(text.encode())
    return bag


A = "0cc175b9c0f1b6a831c399e269772661"
SHA1 = "86f7e437faa5a7fce15d1ddcb9eaeaea377667b8"


@pytest.mark.parametrize(
    "files",
    [
        {},
        {"manifest_md5_txt": f"{A.upper()}\tdata/a.txt\r\n"},
        {"manifest_md5_txt": f"{A} data/a.txt"},
        {"manifest_md5_txt": f"\ufeff{A} data/a.txt\r"},
        {"manifest_sha1_txt": f"{SHA1} data/a.txt\n"},
        {"manifest_crc32_txt": "e8b7be43 data/a.txt\n"},
        {"bag_info_txt": "payload-oxum: 1.1\nNote: folded\n  over two lines\n"},
        {"fetch_txt": "https://example.org/a - data/a.txt\n"},
    ],
    ids=["plain", "upper-tab-crlf", "no-last-line-end", "bom-cr", "two-manifests", "unknown", "info", "fetched"],
)
def test_what_other_programs_write_is_accepted(tmp_path: Path, files: dict[str, str]) -> None:
    assert [] == verify(a_bag(tmp_path, **files))


@pytest.mark.parametrize(
    ("files", "says"),
    [
        ({"manifest_md5_txt": f"{A} data/a.txt\n{A} ../bag-evil/a.txt\n"}, "不安全，指向包外"),
        ({"manifest_md5_txt": f"{A} data/a.txt\n{A}\n"}, "第2行：应为“校验值 路径”"),
        ({"manifest_sha1_txt": ""}, "不在 manifest-sha1.txt 中"),
        ({"tagmanifest_md5_txt": f"{A} bag-info.txt\n"}, "bag-info.txt：清单中有，包里没有"),
        ({"tagmanifest_md5_txt": f"{A} data/a.txt\n"}, "应写在 manifest 中"),
        ({"fetch_txt": "https://example.org/b - data/b.txt\n"}, "data/b.txt 不在清单中"),
        ({"fetch_txt": "javascript - data/a.txt\n"}, "网址 'javascript' 不完整"),
        ({"bag_info_txt": "no colon\n"}, "bag-info.txt 第1行"),
        ({"bag_info_txt": "Payload-Oxum: 1.1\nPayload-Oxum: 1.1\n"}, "只应有一个"),
        ({"bagit_txt": "BagIt-Version: 1.0\nTag-File-Character-Encoding: zip\n"}, "不支持的编码 'zip'"),
        ({"bagit_txt": "BagIt-Version: 1.0\nTag-File-Character-Encoding: unicode_escape\n"}, "不支持的编码"),
        ({"bagit_txt": "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\nX: y\n"}, "恰好两行"),
        ({"bagit_txt": "BagIt-Version: 2.0\nTag-File-Character-Encoding: UTF-8\n"}, "不支持的版本 '2.0'"),
    ],
)
def test_what_no_bag_may_say_is_named(tmp_path: Path, files: dict[str, str], says: str) -> None:
    evil = tmp_path / "bag-evil"
    evil.mkdir()
    (evil / "a.txt").write_bytes(b"a")
    assert says in "\n".join(verify(a_bag(tmp_path, **files)))


def test_a_file_still_to_be_fetched_is_told_as_such(tmp_path: Path) -> None:
    both = f"{A} data/a.txt\n{A} data/b.txt\n"
    bag = a_bag(tmp_path, manifest_md5_txt=both, fetch_txt="https://example.org/b 1 data/b.txt\n")
    assert ["data/b.txt：尚未取回（见 fetch.txt），请先取齐再校验，本程序不联网"] == verify(bag)


@pytest.mark.parametrize(
    ("version", "name", "written"),
    [
        ("1.0", "100%.txt", "100%25.txt"),
        ("1.0", "a\nb.txt", "a%0Ab.txt"),
        ("0.97", "a\rb.txt", "a%0db.txt"),
        ("0.97", "100%25.txt", "100%25.txt"),
        ("0.97", "%7Eb.txt", "%7Eb.txt"),
        ("1.0", "E\u0301.txt", "\u00c9.txt"),
    ],
)
def test_a_name_is_found_as_its_version_writes_it(tmp_path: Path, version: str, name: str, written: str) -> None:
    bag = a_bag(tmp_path, version, manifest_md5_txt=f"{A} data/a.txt\n{A} data/{written}\n")
    (bag / "data" / name).write_bytes(b"a")
    assert [] == verify(bag)
    (bag / "data" / name).write_bytes(b"b")
    assert 1 == len(verify(bag))


def test_names_that_fall_together_elsewhere_are_warned_of(tmp_path: Path) -> None:
    bag = a_bag(tmp_path, manifest_md5_txt=f"{A} data/a.txt\n{A} data/A.txt\n")
    shutil.copy(bag / "data" / "a.txt", bag / "data" / "A.txt")
    found = judge(bag)
    assert ([], 1) == (found.faults, len(found.warnings))
    assert "data/A.txt、data/a.txt：只有大小写或 Unicode 写法不同" in found.warnings[0]
