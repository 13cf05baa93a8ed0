"""Names that stand on every drive: what Windows would refuse or change is refused everywhere."""

import string
from pathlib import PurePosixPath, PureWindowsPath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gradphoto.portable import portable_fault, same_ignoring_case, whole_drive


@pytest.mark.parametrize("path", ["DCIM/100CANON/IMG_0001.JPG", "_MG_0001.CR3", ".DS_Store", "照片 一/a.jpg"])
def test_what_cameras_and_people_write_is_portable(path: str) -> None:
    assert "" == portable_fault(path)


@pytest.mark.parametrize(
    ("path", "says"),
    [
        ("DCIM/CON", "保留名称"),
        ("nul.jpg", "保留名称"),
        ("aux .tar.gz", "保留名称"),
        ("Com1.JPG", "保留名称"),
        ("a./b.jpg", "以点或空格结尾"),
        ("a ", "以点或空格结尾"),
        ("../a.jpg", "以点或空格结尾"),
        ("a//b.jpg", "以点或空格结尾"),
        ("a:b.jpg", "不能用作文件名"),
        (r"a\b.jpg", "不能用作文件名"),
        ("a\tb.jpg", "不能用作文件名"),
        ("照" * 90, "过长"),
    ],
)
def test_what_windows_refuses_or_changes_is_refused(path: str, says: str) -> None:
    assert says in portable_fault(path)


@given(
    st.sampled_from(["con", "prn", "Aux", "NUL", "com1", "LPT9", "conin$"]), st.text(string.ascii_letters + ". ")
)
def test_every_name_that_windows_reserves_is_refused(device: str, more: str) -> None:
    name = device + more
    assert portable_fault(name) or not PureWindowsPath(name).is_reserved()


@given(st.text(min_size=1))
def test_a_portable_name_is_one_part_of_a_windows_path_and_unchanged(name: str) -> None:
    if "/" not in name and not portable_fault(name):
        path = PureWindowsPath("E:/", name)
        assert (("E:\\", name), "E:") == (path.parts, path.drive)


def test_names_that_differ_in_case_or_composition_only_cannot_both_be_copied() -> None:
    assert {"B.jpg": "b.JPG", "e\u0301": "é"} == same_ignoring_case(["a.jpg", "b.JPG", "B.jpg", "é", "e\u0301"])


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("E:", "E:\\"), ("E:\\", "E:\\"), (r"E:照片", r"E:照片"), (r"\\nas\photos", r"\\nas\photos\\")],
)
def test_a_bare_drive_letter_means_the_whole_drive(typed: str, meant: str) -> None:
    assert PureWindowsPath(meant) == whole_drive(PureWindowsPath(typed))


def test_elsewhere_a_colon_is_a_letter_like_any_other() -> None:
    assert PurePosixPath("E:") == whole_drive(PurePosixPath("E:"))
