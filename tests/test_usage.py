"""What is wrong with a command's words, or with a file that it names, is said in Chinese and names the thing."""

import subprocess
import sys
from pathlib import Path

import pytest
from typer._click.exceptions import ClickException

from cli.interrupt import SAYS
from cli.main import app
from cli.usage import usage
from config.unreadable import unreadable
from tests.small_night import GUYUAN, program


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("statsu", "没有命令 'statsu'，请看 gradphoto --help"),
        ("campaign shwo", "没有命令 'shwo'，请看 gradphoto campaign --help"),
        ("status --nosuch", "没有选项 --nosuch，请看 gradphoto status --help"),
        ("status --jso", "没有选项 --jso，有 --json，请看 gradphoto status --help"),
        ("captures", "少了 SESSION，请看 gradphoto captures --help"),
        ("review reject 01234567", "少了 --reason，请看 gradphoto review reject --help"),
        ("captures one two three", "多出了 two three，请看 gradphoto captures --help"),
        ("campaign new --from x --year", "--year 后面少了内容，请看 gradphoto --help"),
        ("status --json=3", "--json 后面不能带内容，请看 gradphoto --help"),
        ("download yanchi --version x", "--version：应为数字，请看 gradphoto download --help"),
        ("campaign slots --rate 0", "--rate：不能小于 1，请看 gradphoto campaign slots --help"),
        ("portal open --port 99999", "--port：不能大于 65535，请看 gradphoto portal open --help"),
    ],
)
def test_bad_usage_is_told_in_chinese_with_the_help_that_says_more(typed: str, says: str) -> None:
    with pytest.raises(ClickException) as caught:
        app(typed.split(), prog_name="gradphoto", standalone_mode=False)

    assert f"用法不对：{says}" == usage(caught.value)


def test_a_campaign_file_that_is_not_there_is_said_in_chinese(tmp_path: Path) -> None:
    done = program("campaign", "check", tmp_path / "mine.toml")

    assert (2, "", 1) == (done.returncode, done.stdout, len(done.stderr.splitlines()))
    assert "mine.toml：无法读取（不存在）" in done.stderr


@pytest.mark.parametrize(
    ("trouble", "says"),
    [
        (FileNotFoundError(), "不存在"),
        (IsADirectoryError(), "是文件夹"),
        (PermissionError(), "没有权限"),
        (UnicodeDecodeError("utf-8", b"", 0, 1, ""), "不是 UTF-8 编码"),
        (TimeoutError(), "TimeoutError"),
    ],
)
def test_why_a_file_cannot_be_read_has_chinese_words_unless_it_is_rare(
    trouble: OSError | UnicodeDecodeError, says: str
) -> None:
    assert says == unreadable(trouble)


@pytest.mark.parametrize(
    "words",
    [
        ("check", GUYUAN, "--log", "scanlog-9.csv"),
        ("desk", "back", GUYUAN, "scanlog-9.csv"),
    ],
)
def test_a_log_that_is_not_there_is_named_and_never_taken_for_an_empty_one(
    tmp_path: Path, words: tuple[str, ...]
) -> None:
    program("init", tmp_path)
    done = program(*words, folder=tmp_path)

    assert (2, "", 1) == (done.returncode, done.stdout, len(done.stderr.splitlines()))
    assert f"{words[-1]}：不存在" in done.stderr


def test_a_program_that_was_given_no_standard_output_still_starts() -> None:
    start = [
        "sh",
        "-c",
        'exec "$0" -c "from cli.show import say, warn; say(str(0)); warn(str(0))" >&-',
        sys.executable,
    ]

    assert 0 == subprocess.run(start, check=False).returncode


def python(code: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-c", code], check=False, capture_output=True, text=True)


def test_ctrl_c_while_the_program_is_being_loaded_is_one_line_and_code_130() -> None:
    done = python("import os, signal; from cli import interrupt; os.kill(os.getpid(), signal.SIGINT); print(1)")

    assert (130, "", f"{SAYS['zh']}\n") == (done.returncode, done.stdout, done.stderr)


def test_once_it_is_loaded_ctrl_c_can_be_tidied_up_after() -> None:
    done = python(
        "import os, signal\nfrom cli import interrupt\ninterrupt.loaded()\n"
        "try: os.kill(os.getpid(), signal.SIGINT)\nexcept KeyboardInterrupt: print('tidied up')"
    )

    assert (0, "tidied up\n") == (done.returncode, done.stdout)


def test_whoever_ignores_ctrl_c_goes_on_ignoring_it() -> None:
    done = python(
        "import os, signal\nsignal.signal(signal.SIGINT, signal.SIG_IGN)\nfrom cli import interrupt\n"
        "os.kill(os.getpid(), signal.SIGINT)\nprint('went on')"
    )

    assert (0, "went on\n") == (done.returncode, done.stdout)
