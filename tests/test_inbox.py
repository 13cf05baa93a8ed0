"""Looking through a source: everything is either found, refused by name or still growing; nothing is followed."""

import os
import socket
import stat
import subprocess
import sys
import time
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gradphoto.adapters.found import Found, StillGrowing, Unreadable, pieces
from gradphoto.adapters.inbox import PAUSE_SECONDS, Look, SourceError, look
from gradphoto.safe_name import safe_name
from tests.faults import ordinary_user, put

NAMES = st.binary(min_size=1, max_size=6).map(os.fsdecode) | st.text("a\\xu0f\n\u202e\x85\udc85", min_size=1)


@pytest.fixture
def source(tmp_path: Path) -> Path:
    (tmp_path / "inbox").mkdir()
    return tmp_path / "inbox"


def paths(seen: Look) -> list[str]:
    return [found.path for found in seen.files]


def refused(seen: Look) -> dict[str, str]:
    return {refusal.path: refusal.reason for refusal in seen.refused}


def test_files_are_found_in_the_order_in_which_a_person_counts(source: Path) -> None:
    for name in ("B/IMG_10.JPG", "B/IMG_9.JPG", "A/IMG_100.JPG", "scanlog.csv"):
        put(source, name, b"x")
    assert ["A/IMG_100.JPG", "B/IMG_9.JPG", "B/IMG_10.JPG", "scanlog.csv"] == paths(look(source))


def test_empty_files_and_a_systems_litter_are_files_like_any_other(source: Path) -> None:
    for name in (".DS_Store", "Thumbs.db", "desktop.ini", "empty.jpg"):
        put(source, name, b"")
    assert ([".DS_Store", "desktop.ini", "empty.jpg", "Thumbs.db"], ()) == (
        paths(look(source)),
        look(source).refused,
    )


def test_names_that_differ_in_case_or_composition_only_are_different_files(source: Path) -> None:
    names = ["IMG.JPG", "img.jpg", "é.jpg", "e\u0301.jpg"]
    for name in names:
        put(source, name, b"x")
    assert sorted(names) == sorted(paths(look(source)))
    assert not any(found.unsafe for found in look(source).files)


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        (b"a\nb.jpg", r"a\u000ab.jpg"),
        (b"\x1b[2J.jpg", r"\u001b[2J.jpg"),
        (b"\xd6\xd0.jpg", r"\xd6\xd0.jpg"),
        ("a\u202egpj.exe", r"a\u202egpj.exe"),
        (b"..\\..\\a.jpg", r"..\\..\\a.jpg"),
        (b"b\nb/a.jpg", r"b\u000ab/a.jpg"),
    ],
)
def test_an_unsafe_name_is_found_under_its_escaped_form(source: Path, name: str | bytes, shown: str) -> None:
    put(source, name, b"x")
    (found,) = look(source).files
    assert (shown, True) == (found.path, found.unsafe)
    assert b"x" == b"".join(pieces(found))


@given(NAMES, NAMES)
def test_no_two_names_share_a_safe_form(one: str, other: str) -> None:
    assert (one == other) == (safe_name(one) == safe_name(other))


@given(NAMES)
def test_a_safe_form_is_one_line_of_plain_text(name: str) -> None:
    safe = safe_name(name)
    assert safe == safe.encode().decode()
    assert not {"Cc", "Cs", "Zl", "Zp"} & {unicodedata.category(char) for char in safe}


def test_links_are_never_followed(source: Path, tmp_path: Path) -> None:
    secret = put(tmp_path, "secret/a.jpg", b"secret")
    put(source, "real.jpg", b"x")
    (source / "file.jpg").symlink_to(secret)
    (source / "folder").symlink_to(secret.parent)
    (source / "dangling.jpg").symlink_to(tmp_path / "none")
    (source / "loop").symlink_to(source)
    seen = look(source)
    assert ["real.jpg"] == paths(seen)
    assert {"file.jpg", "folder", "dangling.jpg", "loop"} == set(refused(seen))
    assert all("符号链接" in reason for reason in refused(seen).values())


def test_pipes_and_sockets_are_refused_and_nothing_waits_for_them(source: Path) -> None:
    os.mkfifo(source / "a.jpg")
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(os.path.relpath(source / "b.jpg"))
        seen = look(source)
    assert {"a.jpg", "b.jpg"} == set(refused(seen))
    assert all("不是普通文件" in reason for reason in refused(seen).values())


@pytest.mark.parametrize("name", ["a.jpg.part", "a.PART", "a.tmp", "a.jpg.crdownload", ".~a.jpg", "a.filepart"])
def test_what_a_copy_program_is_busy_with_is_not_taken(source: Path, name: str) -> None:
    put(source, name, b"x")
    assert [name] == list(refused(look(source)))


def test_what_cannot_be_read_is_refused_by_name(source: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(source)
    source.chmod(0o755)
    put(source, "good.jpg", b"x")
    put(source, "locked.jpg", b"x").chmod(0)
    put(source, "vault/a.jpg", b"x").parent.chmod(0)
    with ordinary_user():
        seen = look(Path())
    (source / "vault").chmod(0o700)
    assert ["good.jpg"] == paths(seen)
    assert {"locked.jpg": "无法读取（没有权限）", "vault": "文件夹无法读取（没有权限）"} == refused(seen)


def test_a_file_that_is_locked_only_when_it_is_read_says_why(
    source: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(source)
    source.chmod(0o755)
    file = put(source, "a.jpg", b"x")
    (found,) = look(Path()).files
    file.chmod(0)
    with ordinary_user(), pytest.raises(Unreadable, match="没有权限"):
        list(pieces(found))


@pytest.mark.parametrize(("name", "why"), [("none", "不存在"), ("file", "不是文件夹")])
def test_a_source_that_is_none_is_one_clear_line(source: Path, name: str, why: str) -> None:
    put(source, "file", b"")
    with pytest.raises(SourceError, match=rf"^来源 .*{name}：{why}，请检查.*$"):
        look(source / name)


def test_a_source_may_be_a_link_that_a_person_named(source: Path, tmp_path: Path) -> None:
    put(source, "a.jpg", b"x")
    (tmp_path / "link").symlink_to(source)
    assert ["a.jpg"] == paths(look(tmp_path / "link"))


def test_old_files_are_not_waited_for(source: Path) -> None:
    put(source, "a.jpg", b"x")
    begin = time.monotonic()
    look(source)
    assert time.monotonic() - begin < PAUSE_SECONDS


def test_a_recent_file_is_taken_when_a_second_look_finds_it_the_same(source: Path) -> None:
    (source / "a.jpg").write_bytes(b"x")
    ahead = put(source, "clock-ahead.jpg", b"x")
    os.utime(ahead, (time.time() + 86400,) * 2)
    begin = time.monotonic()
    assert ["a.jpg", "clock-ahead.jpg"] == paths(look(source))
    assert 1.0 <= time.monotonic() - begin < 2 * PAUSE_SECONDS


COPYING = """
import sys, time
with open(sys.argv[1], "wb", buffering=0) as file:
    for number in range(1000):
        file.write(bytes(1000))
        print(number, flush=True)
        time.sleep(0.05)
"""


def test_a_file_that_somebody_is_writing_is_growing_and_found_when_it_is_whole(source: Path) -> None:
    put(source, "old.jpg", b"x")
    with subprocess.Popen([sys.executable, "-c", COPYING, source / "a.jpg"], stdout=subprocess.PIPE) as copy:
        assert copy.stdout
        copy.stdout.readline()
        seen = look(source)
        copy.kill()
    assert (["old.jpg"], ("a.jpg",)) == (paths(seen), seen.growing)
    assert ["a.jpg", "old.jpg"] == paths(look(source))


def grown(found: Found) -> None:
    with found.file.open("ab") as file:
        file.write(b"more")


def touched(found: Found) -> None:
    os.utime(found.file)


def replaced(found: Found) -> None:
    twin = put(found.file.parent, "twin", b"y" * found.size)
    os.utime(twin, ns=(found.mtime_ns, found.mtime_ns))
    twin.replace(found.file)


def gone(found: Found) -> None:
    found.file.unlink()


def piped(found: Found) -> None:
    found.file.unlink()
    os.mkfifo(found.file)


@pytest.mark.parametrize("change", [grown, touched, replaced, gone, piped])
def test_a_file_that_is_no_longer_what_was_looked_at_is_growing(source: Path, change: object) -> None:
    put(source, "a.jpg", b"x" * 5000)
    (found,) = look(source).files
    assert callable(change)
    change(found)
    with pytest.raises(StillGrowing):
        list(pieces(found))


@pytest.mark.parametrize("change", [grown, touched])
def test_a_file_that_changes_while_it_is_read_is_growing(source: Path, change: object) -> None:
    put(source, "a.jpg", bytes(3 << 20))
    (found,) = look(source).files
    reading = pieces(found)
    assert 1 << 20 == len(next(reading))
    assert callable(change)
    change(found)
    with pytest.raises(StillGrowing):
        list(reading)


def test_a_file_that_became_a_link_is_not_followed(source: Path, tmp_path: Path) -> None:
    file = put(source, "a.jpg", b"x")
    (found,) = look(source).files
    file.unlink()
    file.symlink_to(put(tmp_path, "secret", b"x"))
    with pytest.raises(Unreadable, match="符号链接"):
        list(pieces(found))


def test_looking_and_reading_change_nothing(source: Path) -> None:
    file = put(source, "a.jpg", b"x")
    before = file.stat()
    list(pieces(look(source).files[0]))
    after = file.stat()
    assert (before.st_mtime_ns, before.st_ctime_ns, stat.S_IMODE(before.st_mode)) == (
        after.st_mtime_ns,
        after.st_ctime_ns,
        stat.S_IMODE(after.st_mode),
    )
