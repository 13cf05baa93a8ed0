"""What a laptop takes to the venue, how it starts there, and its logs when it comes home."""

import json
import os
import pty
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cli.passphrase import new_passphrase
from cli.problem import Problem
from config.bad_input import BadInput
from config.campaign_file import load_campaign
from gradphoto.adapters.kit_file import open_kit
from gradphoto.adapters.kit_folder import FolderTrouble, write_kit
from gradphoto.desk_start import HELP, LINUX, MACOS, WINDOWS, start_files
from gradphoto.inputs.scanlog import DESK_HEAD
from gradphoto.stages.desk_logs import inbox_rows
from gradphoto.stages.log_back import Back, take_back
from tests.small_night import ANNA, GUYUAN, build, program, small

CAMPAIGN = load_campaign("ningxia-2023")
PASSPHRASE = "正确的马 battery"


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    """A workspace before its night, and the passphrase in a file beside it as Notepad writes it."""
    build(tmp_path / "office", small())
    (tmp_path / "口令.txt").write_bytes(f"\ufeff{PASSPHRASE}\r\n".encode())
    (tmp_path / "U盘 1").mkdir()
    return tmp_path / "office"


def pack(workspace: Path, to: Path, *more: str) -> subprocess.CompletedProcess[str]:
    file = workspace.parent / "口令.txt"
    return program("desk", "pack", GUYUAN, "--to", to, "--passphrase-file", file, *more, folder=workspace)


def test_what_was_packed_is_opened_at_the_venue(workspace: Path, tmp_path: Path) -> None:
    (workspace / "rosters" / "补.csv").write_text("学号,姓名,学习中心\n2.16E+12,某人,固原学院\n", encoding="utf-8")

    done = pack(workspace, tmp_path / "U盘 1", "--json")

    said = json.loads(done.stdout)
    assert {"session": GUYUAN, "students": 5, "photographed": 0, "bound": 4, "lacking": "", "named": []} == {
        key: value for key, value in said.items() if key != "file"
    }
    assert "补.csv 第2行「学号」：已变成科学记数法" in done.stderr
    folder = tmp_path / "U盘 1" / GUYUAN
    assert {HELP, WINDOWS, MACOS, LINUX, f"{GUYUAN}.gradkit"} == {path.name for path in folder.iterdir()}
    assert ANNA == open_kit(Path(said["file"]), PASSPHRASE).students[ANNA.student_no].model_copy(
        update={"gender": ANNA.gender, "major": ANNA.major, "capture_code": ANNA.capture_code}
    )


def test_nobodys_name_is_anywhere_on_the_disk_in_clear(workspace: Path, tmp_path: Path) -> None:
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    command = [sys.executable, "-c", "from cli.main import main; main()", "desk", "pack", GUYUAN]
    command += ["--to", str(tmp_path / "U盘 1"), "--passphrase-file", str(tmp_path / "口令.txt")]
    subprocess.run(
        [*command, "--workspace", str(workspace)], check=True, env=os.environ | {"TMPDIR": str(scratch)}
    )

    written = [path for top in ("U盘 1", "scratch") for path in (tmp_path / top).rglob("*") if path.is_file()]
    assert 5 == len(written)
    for path in written:
        assert ANNA.name.encode() not in path.read_bytes()
        assert ANNA.student_no.encode() not in path.read_bytes()
        assert not path.stat().st_mode & 0o077


def test_a_kit_that_is_packed_again_takes_the_place_of_the_older_one_and_of_nothing_else(tmp_path: Path) -> None:
    kit = write_kit(tmp_path, GUYUAN, b"GRADPHOTO-KIT\nolder")
    log = tmp_path / GUYUAN / "scanlog-1.csv"
    log.write_bytes(DESK_HEAD)

    assert kit == write_kit(tmp_path, GUYUAN, b"GRADPHOTO-KIT\nnewer")
    assert (b"GRADPHOTO-KIT\nnewer", DESK_HEAD) == (kit.read_bytes(), log.read_bytes())


@pytest.mark.parametrize("name", [f"{GUYUAN}.gradkit", LINUX, HELP])
def test_nothing_else_is_written_over(name: str, tmp_path: Path) -> None:
    (tmp_path / GUYUAN).mkdir()
    (tmp_path / GUYUAN / name).write_text("别的")

    with pytest.raises(FolderTrouble, match=f"{name}：已有别的文件，请移走它或换一个文件夹"):
        write_kit(tmp_path, GUYUAN, b"GRADPHOTO-KIT\n")
    assert [name] == [path.name for path in (tmp_path / GUYUAN).iterdir()]


def test_a_stick_that_is_not_there_is_not_made_up(tmp_path: Path) -> None:
    with pytest.raises(FolderTrouble, match="none：没有这个文件夹，请插好U盘或先建好文件夹"):
        write_kit(tmp_path / "none", GUYUAN, b"GRADPHOTO-KIT\n")
    assert [] == list(tmp_path.iterdir())


def test_a_link_in_place_of_a_kit_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / GUYUAN).mkdir()
    (tmp_path / "else").write_bytes(b"GRADPHOTO-KIT\n")
    (tmp_path / GUYUAN / f"{GUYUAN}.gradkit").symlink_to(tmp_path / "else")

    with pytest.raises(FolderTrouble, match="已有别的文件"):
        write_kit(tmp_path, GUYUAN, b"GRADPHOTO-KIT\nnew")


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"1234567\n", "口令太短：至少 8 个字符"),
        (b"", "应只有一行口令"),
        ("第一行口令口令\n第二行\n".encode(), "应只有一行口令"),
        ("正确的马 battery".encode("gb18030"), "不是 UTF-8 编码"),
        (None, "无法读取（不存在）"),
    ],
)
def test_a_passphrase_that_cannot_be_used_is_one_line(data: bytes | None, says: str, tmp_path: Path) -> None:
    if data is not None:
        (tmp_path / "口令.txt").write_bytes(data)

    with pytest.raises(Problem, match=f"^[^\n]*{says}[^\n]*$"):
        new_passphrase(tmp_path / "口令.txt")


def test_without_a_passphrase_nothing_is_written(workspace: Path, tmp_path: Path) -> None:
    (tmp_path / "口令.txt").write_bytes(b"1234567\n")

    done = pack(workspace, tmp_path / "U盘 1")

    assert (2, "", "口令太短：至少 8 个字符，请换一个\n") == (done.returncode, done.stdout, done.stderr)
    assert [] == list((tmp_path / "U盘 1").iterdir())


def asked(workspace: Path, to: Path, *answers: str) -> tuple[int, str]:
    """Exit code and everything that the terminal shows, with these answers typed."""
    command = [sys.executable, "-c", "from cli.main import main; main()", "desk", "pack", GUYUAN, "--to", str(to)]
    child, terminal = pty.fork()
    if child == 0:
        os.execv(sys.executable, [*command, "--workspace", str(workspace)])
    shown, left = b"", list(answers)
    while True:
        try:
            shown += os.read(terminal, 4096)
        except OSError:
            break
        if left and shown.endswith("：".encode()):
            shown += b"|"
            os.write(terminal, f"{left.pop(0)}\n".encode())
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), shown.decode()


def test_a_passphrase_is_asked_twice_and_never_shown(workspace: Path, tmp_path: Path) -> None:
    code, shown = asked(workspace, tmp_path / "U盘 1", PASSPHRASE, PASSPHRASE)

    assert 0 == code, shown
    assert PASSPHRASE not in shown
    open_kit(tmp_path / "U盘 1" / GUYUAN / f"{GUYUAN}.gradkit", PASSPHRASE)


def test_two_different_passphrases_seal_nothing(workspace: Path, tmp_path: Path) -> None:
    code, shown = asked(workspace, tmp_path / "U盘 1", PASSPHRASE, PASSPHRASE + "1")

    assert (2, []) == (code, list((tmp_path / "U盘 1").iterdir()))
    assert "两次输入的口令不同" in shown


def test_without_a_terminal_nothing_is_asked(workspace: Path, tmp_path: Path) -> None:
    command = [
        sys.executable,
        "-c",
        "from cli.main import main; main()",
        "desk",
        "pack",
        GUYUAN,
        "--to",
        str(tmp_path),
    ]
    done = subprocess.run(
        [*command, "--workspace", str(workspace)],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        start_new_session=True,
    )

    assert (2, "没有可输入口令的终端：请用 --passphrase-file 给出口令文件\n") == (done.returncode, done.stderr)


def started(folder: Path, script: str = LINUX, **environment: str) -> subprocess.CompletedProcess[str]:
    """The start, run as a desktop would: from anywhere, by its whole path."""
    clean = {"PATH": "/usr/bin:/bin", "HOME": str(folder.parent.parent / "home")}
    return subprocess.run(
        ["/bin/sh", str(folder / script)],
        env=clean | environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        cwd="/",
        start_new_session=True,
    )


def gradphoto(at: Path, code: int = 0) -> Path:
    """A program of that name which says what it was asked."""
    at.parent.mkdir(parents=True, exist_ok=True)
    at.write_text(f'#!/bin/sh\necho "{at.parent.parent.name}"\nprintf "%s\\n" "$@"\nexit {code}\n')
    at.chmod(0o755)
    return at


@pytest.fixture
def stick(tmp_path: Path) -> Path:
    """A packed folder on a stick whose name is no kind one."""
    drive = tmp_path / "U盘 $HOME 'a\" (1)"
    drive.mkdir()
    (tmp_path / "home").mkdir()
    return write_kit(drive, GUYUAN, b"GRADPHOTO-KIT\n").parent


@pytest.mark.parametrize("script", [LINUX, MACOS])
def test_the_start_finds_the_program_and_hands_it_the_kit(stick: Path, script: str, tmp_path: Path) -> None:
    asks = ["desk", "--pack", str(stick / f"{GUYUAN}.gradkit")]

    gradphoto(tmp_path / "home" / ".local" / "bin" / "gradphoto")
    assert [".local", *asks] == started(stick, script).stdout.splitlines()
    gradphoto(tmp_path / "uv" / "bin" / "gradphoto")
    assert ["uv", *asks] == started(
        stick, script, UV_TOOL_BIN_DIR=str(tmp_path / "uv" / "bin")
    ).stdout.splitlines()
    gradphoto(tmp_path / "installed" / "bin" / "gradphoto")
    path = f"/usr/bin:/bin:{tmp_path / 'installed' / 'bin'}"
    assert ["installed", *asks] == started(stick, script, PATH=path).stdout.splitlines()
    gradphoto(stick.parent / ".venv" / "bin" / "gradphoto")
    gradphoto(stick / ".venv" / "bin" / "gradphoto")
    assert [".venv", *asks] == started(stick, script, PATH=path).stdout.splitlines()


def test_the_start_ends_as_the_program_ends(stick: Path) -> None:
    gradphoto(stick / ".venv" / "bin" / "gradphoto", code=2)

    assert 2 == started(stick).returncode


def test_the_start_opens_the_real_desk(stick: Path) -> None:
    """Which asks the passphrase, and here has nobody to ask."""
    done = started(stick, PATH=f"{Path(sys.executable).parent}:/usr/bin:/bin")

    assert (2, "没有可输入口令的终端：请用 --passphrase-file 给出口令文件\n") == (done.returncode, done.stderr)


def test_without_the_program_the_start_says_what_to_install(stick: Path) -> None:
    done = started(stick)

    assert 1 == done.returncode
    assert (stick / HELP).read_bytes().decode().splitlines() == done.stdout.splitlines()
    assert "uv tool install" in done.stdout


def test_the_windows_start_is_what_its_console_can_read() -> None:
    text = start_files(f"{GUYUAN}.gradkit")[WINDOWS].decode("ascii")

    assert text.count("\n") == text.count("\r\n")
    assert text.startswith("@echo off\r\n")
    assert f'"%PROGRAM%" desk --pack "%~dp0{GUYUAN}.gradkit"\r\n' in text
    assert "\r\nchcp 65001 >nul\r\n" in text
    called = {line.split()[-1] for line in text.splitlines() if "goto" in line}
    assert called == {line[1:] for line in text.splitlines() if line.startswith(":")}


def row(second: int, code: str, station: str = "1") -> bytes:
    return f"2023-07-03T08:31:{second:02}.000,{code},2164001250017,{station},\r\n".encode()


def log(*codes: str) -> bytes:
    return DESK_HEAD + b"".join(row(second, code) for second, code in enumerate(codes))


def brought(office: Path, laptop: Path, data: bytes, name: str = "scanlog-1.csv") -> Back:
    """A laptop's log, taken back."""
    laptop.mkdir(exist_ok=True)
    (laptop / name).write_bytes(data)
    (taken,) = take_back(office, CAMPAIGN, GUYUAN, [laptop])
    assert data == (laptop / name).read_bytes()
    return taken


def logs(office: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in (office / "inbox" / GUYUAN).iterdir()}


def test_a_log_that_comes_home_stands_in_the_inbox_and_again_is_no_harm(tmp_path: Path) -> None:
    first = brought(tmp_path, tmp_path / "a", log("AAAA", "BBBB"))
    again = brought(tmp_path, tmp_path / "a", log("AAAA", "BBBB"))

    assert ("new", "scanlog-1.csv", 2) == (first.became, first.name, first.rows)
    assert ("known", "scanlog-1.csv", 2) == (again.became, again.name, again.rows)
    assert {"scanlog-1.csv": log("AAAA", "BBBB")} == logs(tmp_path)


def test_the_longer_form_of_a_log_takes_its_place_and_the_shorter_does_not(tmp_path: Path) -> None:
    brought(tmp_path, tmp_path / "a", log("AAAA"))

    assert "longer" == brought(tmp_path, tmp_path / "a", log("AAAA", "BBBB")).became
    assert "known" == brought(tmp_path, tmp_path / "a", log("AAAA")).became
    assert {"scanlog-1.csv": log("AAAA", "BBBB")} == logs(tmp_path)


def test_two_laptops_that_both_called_themselves_1_have_two_logs(tmp_path: Path) -> None:
    brought(tmp_path, tmp_path / "a", log("AAAA"))

    assert "scanlog-1-2.csv" == brought(tmp_path, tmp_path / "b", log("BBBB")).name
    assert "longer" == brought(tmp_path, tmp_path / "b", log("BBBB", "CCCC")).became
    assert "longer" == brought(tmp_path, tmp_path / "a", log("AAAA", "DDDD")).became
    assert {"scanlog-1.csv": log("AAAA", "DDDD"), "scanlog-1-2.csv": log("BBBB", "CCCC")} == logs(tmp_path)


CODES = st.lists(st.text("ABC", min_size=4, max_size=4), max_size=5)
TURNS = st.lists(st.tuples(st.sampled_from("ab"), st.integers(0, 5)), max_size=8)


@given(a=CODES, b=CODES, turns=TURNS)
def test_whatever_comes_home_in_whatever_order_every_row_is_there(
    a: Sequence[str], b: Sequence[str], turns: Sequence[tuple[str, int]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Two logs of one name, each taken back at any length, the whole of both at the end."""
    office = tmp_path_factory.mktemp("back")
    codes = {"a": a, "b": b}
    for laptop, length in [*turns, ("a", 5), ("b", 5)]:
        brought(office, office / laptop, log(*codes[laptop][:length]))

    rows, held = inbox_rows(office, GUYUAN, CAMPAIGN)
    expected = {(code, second) for each in (a, b) for second, code in enumerate(each)}
    assert (expected, []) == ({(row.code, row.at.second) for row in rows}, held)


def test_a_row_that_was_cut_off_is_told_and_the_rest_counts(tmp_path: Path) -> None:
    taken = brought(tmp_path, tmp_path / "a", log("AAAA", "BBBB")[:-9])

    assert 1 == taken.rows
    assert ["scanlog-1.csv 第3行"] == [held.text.split("：")[0] for held in taken.held]


def test_a_log_of_another_day_is_taken_and_told(tmp_path: Path) -> None:
    taken = brought(tmp_path, tmp_path / "a", log("AAAA").replace(b"07-03", b"07-04"))

    assert ("1 行不是 2023-07-03 扫的（如 2023-07-04 08:31），请核对场次和笔记本的时钟",) == taken.warnings


def test_of_a_whole_stick_only_this_sessions_logs_are_taken(tmp_path: Path) -> None:
    for folder, code in ((GUYUAN, "AAAA"), ("2023-07-04-tongxin", "BBBB")):
        (tmp_path / "stick" / folder).mkdir(parents=True)
        (tmp_path / "stick" / folder / "scanlog-1.csv").write_bytes(log(code))

    take_back(tmp_path, CAMPAIGN, GUYUAN, [tmp_path / "stick"])

    assert {"scanlog-1.csv": log("AAAA")} == logs(tmp_path)


@pytest.mark.parametrize(
    ("name", "data", "why"),
    [
        ("登记.csv", log("AAAA"), "文件名应为 scanlog-<工位>.csv，请改名后再试"),
        ("scanlog-1.csv", b"", "文件是空的，请重新导出"),
        ("scanlog-1.csv", "学号,姓名\r\n".encode(), "缺少必需的列"),
        ("scanlog-1.csv", b"\xff\xd8\xff\xe0 no log", "不是 UTF-8 或 GB18030 编码的文本"),
    ],
)
def test_what_is_no_log_is_refused_by_name_and_leaves_nothing(
    name: str, data: bytes, why: str, tmp_path: Path
) -> None:
    (tmp_path / name).write_bytes(data)

    (taken,) = take_back(tmp_path / "office", CAMPAIGN, GUYUAN, [tmp_path / name])

    assert "refused" == taken.became
    assert why in taken.why
    assert {} == logs(tmp_path / "office")


def test_a_link_on_the_stick_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "secret").write_bytes(log("AAAA"))
    (tmp_path / "scanlog-1.csv").symlink_to(tmp_path / "secret")

    (taken,) = take_back(tmp_path / "office", CAMPAIGN, GUYUAN, [tmp_path / "scanlog-1.csv"])

    assert ("refused", "无法读取（是符号链接），请检查U盘") == (taken.became, taken.why)


def test_a_stick_without_logs_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match=r"没有 scanlog\*\.csv，请指明登记包所在的文件夹或日志文件"):
        take_back(tmp_path, CAMPAIGN, GUYUAN, [tmp_path])


def test_a_refused_log_is_a_fault_and_the_others_are_taken(workspace: Path, tmp_path: Path) -> None:
    (tmp_path / "scanlog-2.csv").write_bytes(log("AAAA"))
    done = program(
        "desk", "back", GUYUAN, tmp_path / "scanlog-2.csv", tmp_path / "none.csv", "--json", folder=workspace
    )

    became = {one["file"].rpartition("/")[2]: one["became"] for one in json.loads(done.stdout)["logs"]}
    assert (1, {"none.csv": "refused", "scanlog-2.csv": "new"}) == (done.returncode, became)
