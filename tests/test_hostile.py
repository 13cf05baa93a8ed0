"""Hostile input: what a card, a sheet or a person can bring costs itself, never the night or the terminal."""

import csv
import json
import os
import shutil
import socket
import stat
import unicodedata
from collections import Counter
from functools import cache
from io import BytesIO, StringIO
from pathlib import Path

import pytest
from PIL import Image

from cli.workspace import Workspace
from config.bad_input import BadInput
from config.spec import read_spec
from gradphoto.adapters.inbox import look
from gradphoto.adapters.verify import verify
from gradphoto.adapters.whole import hold_back
from gradphoto.card_manifest import Listed, write_manifest
from gradphoto.demo.plan import Plan, Roster
from gradphoto.stages.snapshot import take_snapshot
from gradphoto.stages.standing import status_of
from tests.faults import put
from tests.small_night import ANNA, BOB, DORA, EMIL, GUYUAN, build, program, run, small

SAFE = [
    "..jpg", "...", "a..b.jpg", "..a", " .jpg", "trailing.", "trailing ", "CON.jpg", "nul", "-rf", "~",
    "$(reboot).jpg",
    "=cmd|' /C calc'!A0.jpg", "+1.jpg", "@SUM(A1).jpg", "＝1.jpg", "a,b\"c';d.jpg", "|a|b|.jpg",
    "[red]a[/red].jpg",
    "%s{0}{student_no}.jpg", "<b>&amp;.jpg", "CASE.JPG", "case.jpg", "é.jpg", "e\u0301.jpg", "x" * 251 + ".jpg",
    "中" * 83 + ".jpg", "/".join(["d"] * 300) + "/deep.jpg",
]  # fmt: skip
UNSAFE = [
    b"a\nb.jpg", b"\x1b[2J\x1b]0;a\x07.jpg", b"\x7f.jpg", b"\xc2\x9b31m.jpg", b"\xff\xfe.jpg", b"\xd6\xd0.jpg",
    "a\u202egpj.jpg".encode(), "a\u2028b.jpg".encode(), b"..\\..\\a.jpg", b"\r\n=1.jpg", b"\xed\xa0\x80.jpg",
]  # fmt: skip


@pytest.fixture(scope="module")
def night(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace after a night whose inbox, a link itself, holds every kind of name and of thing."""
    folder = tmp_path_factory.mktemp("hostile")
    build(folder, small())
    inbox = folder / "inbox" / GUYUAN
    frame = BytesIO()
    Image.new("RGB", (64, 96)).save(frame, "JPEG")
    for number, name in enumerate([*SAFE, *UNSAFE]):
        put(inbox / "odd", name, frame.getvalue() + b"%d" % number)
    things(inbox / "things", folder)
    away = folder.with_name("away")
    shutil.move(inbox, away)
    inbox.symlink_to(away)
    run(folder)
    return folder


def things(folder: Path, secret: Path) -> None:
    """What stands in a folder and is no file."""
    folder.mkdir()
    (folder / "file.jpg").symlink_to(secret / "gradphoto.toml")
    (folder / "folder").symlink_to(secret)
    (folder / "loop").symlink_to("loop")
    os.mkfifo(folder / "pipe.jpg")
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(os.path.relpath(folder / "socket.jpg"))
    if os.geteuid() == 0:
        os.mknod(folder / "device.jpg", stat.S_IFCHR | 0o600, os.makedev(1, 5))  # /dev/zero has no end


@cache
def captures(folder: Path) -> list[dict[str, object]]:
    told = program("captures", GUYUAN, "--json", folder=folder)
    assert 0 == told.returncode, told.stderr
    found: list[dict[str, object]] = json.loads(told.stdout)["captures"]
    return found


def unprintable(text: str) -> set[str]:
    """What moves the cursor, turns the writing or is no character."""
    turning = set("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
    return {char for char in text if unicodedata.category(char) in ("Cc", "Cs", "Zl", "Zp") or char in turning} - {
        "\n"
    }


def test_every_file_of_any_name_is_in_exactly_one_state(night: Path) -> None:
    found = captures(night)
    places = [(at, name) for at, _, names in os.walk(night / "inbox" / GUYUAN) for name in names]
    plain = sum(stat.S_ISREG(Path(at, name).lstat().st_mode) for at, name in places)
    assert plain == len(found) == len({entry["path"] for entry in found})
    (session,) = [one for one in status_of(Workspace(night).store, Workspace(night).season).sessions if one.total]
    assert (plain, Counter(entry["state"] for entry in found)) == (session.total, +Counter(session.states))


def test_an_odd_name_is_a_name_and_an_unsafe_one_is_quarantined_under_its_escaped_form(night: Path) -> None:
    odd = {str(entry["path"]): entry for entry in captures(night) if str(entry["path"]).startswith("odd/")}
    assert {f"odd/{name}" for name in SAFE} == {path for path in odd if odd[path]["reasons"] != ["unsafe-name"]}
    unsafe = [entry for entry in odd.values() if entry["reasons"] == ["unsafe-name"]]
    assert (len(UNSAFE), {"quarantined"}) == (len(unsafe), {entry["state"] for entry in unsafe})


def test_what_is_no_file_is_named_and_neither_followed_nor_waited_for(night: Path) -> None:
    refused = {each.path for each in look(night / "inbox" / GUYUAN).refused}
    assert {path.name for path in (night / "inbox" / GUYUAN / "things").iterdir()} == {
        path.removeprefix("things/") for path in refused
    }
    report = (night / "reports" / "run-0001" / "report.md").read_text(encoding="utf-8")
    assert all(path in report for path in refused)


def test_the_students_of_that_night_are_delivered_all_the_same(night: Path) -> None:
    delivered = {entry["student_no"] for entry in captures(night) if entry["state"] == "delivered"}
    assert {one.student_no for one in (ANNA, BOB, DORA, EMIL)} == delivered
    for bundle in night.glob("store/bundles/*/*.zip"):
        assert () == tuple(verify(bundle))


@pytest.mark.parametrize("command", [("captures", GUYUAN), ("captures", GUYUAN, "--json"), ("review", "list")])
def test_no_name_reaches_the_terminal_raw(night: Path, command: tuple[str, ...]) -> None:
    told = program(*command, folder=night)
    assert (0, set()) == (told.returncode, unprintable(told.stdout + told.stderr))


def test_no_name_reaches_a_report_raw(night: Path) -> None:
    for path in sorted(night.glob("reports/*/*.md")):
        assert set() == unprintable(path.read_text(encoding="utf-8"))


def test_no_cell_of_a_table_that_is_written_is_a_formula(night: Path) -> None:
    tables = sorted(night.glob("reports/*/*.csv"))
    assert tables
    for path in tables:
        rows = csv.reader(StringIO(path.read_text(encoding="utf-8-sig"), newline=""))
        assert [] == [cell for row in rows for cell in row if cell[:1] in tuple("=+-@\t\r\n＝＋－＠")]


def test_a_path_longer_than_the_system_opens_is_refused_by_name(tmp_path: Path) -> None:
    at = os.open(tmp_path, os.O_RDONLY)
    for _ in range(20):
        os.mkdir("d" * 250, dir_fd=at)
        below = os.open("d" * 250, os.O_RDONLY, dir_fd=at)
        os.close(at)
        at = below
    os.close(at)
    (refusal,) = look(tmp_path).refused
    assert "路径过长" in refusal.reason
    assert refusal.path.startswith("d" * 250)


def test_a_pipe_or_link_with_the_name_of_a_manifest_is_not_waited_for(tmp_path: Path) -> None:
    put(tmp_path, "card/a.jpg", b"x")
    put(tmp_path, "card/card-manifest.txt", write_manifest([Listed("a.jpg", 1, "0" * 64)]))
    os.mkfifo(tmp_path / "card" / "card-manifest-2.txt")
    seen = hold_back(look(tmp_path))
    assert ["card/card-manifest-2.txt"] == [each.path for each in seen.refused]


@pytest.mark.parametrize("name", ["gradphoto.toml", "campaign.toml", "own.toml", "rosters/a.csv", "mailing.csv"])
@pytest.mark.parametrize("kind", ["pipe", "folder", "loop", "endless"])
def test_an_input_that_is_no_file_is_refused_in_one_line_by_its_name(tmp_path: Path, name: str, kind: str) -> None:
    build(tmp_path, Plan((Roster("名册.csv", (ANNA,), "utf-8"),), ()))
    (tmp_path / "gradphoto.toml").write_text('spec = "own.toml"\n', encoding="utf-8")
    (tmp_path / "own.toml").write_text(read_spec("chsi-2017")[1], encoding="utf-8")
    path = tmp_path / name
    path.unlink(missing_ok=True)
    {
        "pipe": os.mkfifo,
        "folder": os.mkdir,
        "loop": lambda at: at.symlink_to(at),
        "endless": lambda at: at.symlink_to("/dev/zero"),
    }[kind](path)
    with pytest.raises(BadInput, match=rf"^[^\n]*{name}[^\n]*$"):
        snapshot(tmp_path)


def snapshot(folder: Path) -> int:
    place = Workspace(folder)
    return take_snapshot(place.store, place.folder, place.settings)
