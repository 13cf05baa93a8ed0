"""Windows, as far as it can be told without one: what capture day needs of system, names and consoles."""

import ast
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path, PureWindowsPath

import pytest

from config.campaign_file import load_campaign
from gradphoto.adapters.batch_log import NAME
from gradphoto.adapters.kit_file import SUFFIX
from gradphoto.desk_start import start_files
from gradphoto.portable import portable_fault, whole_drive
from gradphoto.safe_name import safe_name

ROOT = Path(__file__).parent.parent
PACKAGES = ("cli", "config", "flows", "gradphoto", "portal", "tasks")
CAPTURE_DAY = ("cli.desk", "cli.desk_pack", "cli.desk_bind", "cli.check", "cli.offload")

MODULES = {"fcntl", "pwd", "grp", "termios", "tty", "pty", "resource", "syslog", "posix"}
CALLS = {
    "os": {
        "fork", "forkpty", "getuid", "geteuid", "getgid", "getegid", "setuid", "chown", "lchown", "fchown", "wait",
        "fchmod", "mkfifo", "mknod", "setsid", "killpg", "getpgid", "statvfs", "fstatvfs", "posix_fadvise", "nice",
        "posix_fallocate", "sched_getaffinity", "getloadavg", "uname", "sysconf", "sync", "pread", "pwrite",
        "O_DIRECTORY", "O_NOFOLLOW", "O_NONBLOCK", "O_CLOEXEC", "O_SYNC", "O_PATH", "WNOHANG",
    },
    "signal": {
        "SIGKILL", "SIGHUP", "SIGUSR1", "SIGUSR2", "SIGALRM", "SIGCHLD", "SIGQUIT", "alarm", "setitimer", "pause",
        "ITIMER_REAL", "pthread_sigmask",
    },
}  # fmt: skip
GUARDS = ("hasattr(os", "hasattr(signal", "os.name", "sys.platform", "suppress(ImportError")
"""What a function, or a statement of a module, asks before it uses what Windows does not have."""
BEHIND_A_GUARD = {"gradphoto.adapters.limits._at_most"}
"""Called only where a guard has passed."""


@cache
def tree(module: str) -> ast.Module | None:
    """The module's source, None for what is not ours."""
    path = ROOT / module.replace(".", "/")
    files = (path.with_suffix(".py"), path / "__init__.py")
    source = next((file for file in files if file.is_file()), None)
    return ast.parse(source.read_text(encoding="utf-8")) if source else None


def imported(module: str) -> Iterator[str]:
    """Our modules that one imports, wherever in it."""
    found = tree(module)
    for node in ast.walk(found) if found else ():
        names: list[str] = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            names = [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
        yield from (name for name in names if name.split(".")[0] in PACKAGES and tree(name))


@cache
def closure(*modules: str) -> tuple[str, ...]:
    """They and all of ours that they import."""
    seen, waiting = set[str](), list(modules)
    while waiting:
        module = waiting.pop()
        if module not in seen and tree(module):
            seen.add(module)
            waiting += imported(module)
    return tuple(sorted(seen))


def scopes(module: str) -> Iterator[tuple[str, ast.AST]]:
    """Functions with their names, and the statements of the module itself."""
    found = tree(module)
    assert found
    for statement in found.body:
        if isinstance(statement, ast.ClassDef):
            yield from ((f"{module}.{getattr(one, 'name', statement.name)}", one) for one in statement.body)
        else:
            yield f"{module}.{getattr(statement, 'name', '')}", statement


def posix_only(scope: ast.AST) -> Iterator[str]:
    """What stands in it that Windows does not have."""
    for node in ast.walk(scope):
        if isinstance(node, ast.Import | ast.ImportFrom):
            names = {alias.name for alias in node.names} | {getattr(node, "module", None)}
            yield from sorted(MODULES & {str(name) for name in names})
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            yield from ({node.attr} & CALLS.get(node.value.id, set()))
        if isinstance(node, ast.Constant) and str(node.value).startswith(("/tmp", "/dev/")):
            yield str(node.value)


def unguarded(modules: tuple[str, ...]) -> list[str]:
    return [
        f"{name}: {used}"
        for module in modules
        for name, scope in scopes(module)
        if name not in BEHIND_A_GUARD and not any(guard in ast.unparse(scope) for guard in GUARDS)
        for used in posix_only(scope)
    ]


def test_the_way_of_capture_day_is_found_whole() -> None:
    found = closure(*CAPTURE_DAY)

    assert {"gradphoto.adapters.limits", "gradphoto.adapters.lock", "gradphoto.adapters.processes"} <= set(found)
    assert {"gradphoto.adapters.offload_write", "portal.desk", "gradphoto.stages.log_back"} <= set(found)


def test_on_the_way_of_capture_day_nothing_is_asked_that_only_posix_has() -> None:
    assert [] == unguarded(closure(*CAPTURE_DAY))


def test_the_program_itself_can_be_imported() -> None:
    """Every command's module is, whichever command was typed; what a function does later is not asked here."""
    found = [
        f"{module}: {used}"
        for module in closure("cli.main")
        for name, scope in scopes(module)
        if not isinstance(scope, ast.FunctionDef) and not any(guard in ast.unparse(scope) for guard in GUARDS)
        for used in posix_only(scope)
        if used in MODULES or used in CALLS["os"] | CALLS["signal"]
    ]

    assert [] == found


def test_a_call_that_only_posix_has_would_be_noticed() -> None:
    careless = ast.parse(
        "import fcntl\ndef f():\n    os.kill(1, signal.SIGKILL)\n    open('/tmp/x')\n    os.fork()"
    )

    assert ["/tmp/x", "SIGKILL", "fcntl", "fork"] == sorted(posix_only(careless))


def test_text_is_read_and_written_in_an_encoding_that_is_said() -> None:
    """Else it is that of the country where the laptop was bought."""
    careless = [
        f"{module}:{node.lineno}"
        for module in closure(*CAPTURE_DAY)
        for node in ast.walk(tree(module) or ast.Module([], []))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in ("read_text", "write_text")
        and "encoding" not in {keyword.arg for keyword in node.keywords}
        and module != "gradphoto.adapters.limits"  # a figure, into /proc
    ]

    assert [] == careless


def test_no_date_is_formatted_with_chinese_within_the_pattern() -> None:
    """Before Python 3.13 that is an error on Windows, where the C library formats in the locale's encoding."""
    careless = [
        f"{module}:{node.lineno}"
        for module in closure("cli.main")
        for node in ast.walk(tree(module) or ast.Module([], []))
        if isinstance(node, ast.FormattedValue)
        and node.format_spec
        and "%" in ast.unparse(node.format_spec)
        and not ast.unparse(node.format_spec).isascii()
    ]

    assert [] == careless


def test_every_name_that_goes_to_a_laptop_can_stand_on_its_disk() -> None:
    sessions = [session.id for session in load_campaign("ningxia-2023").sessions]
    names = [NAME, *sessions, *(f"{session}{SUFFIX}" for session in sessions), *start_files("x")]

    assert [] == [name for name in names if portable_fault(name)]


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("E:", "E:/"),
        ("E:\\", "E:/"),
        ("E:登记", "E:登记"),
        (r"C:\U 盘\kit", "C:/U 盘/kit"),
        (r"\\nas\kit", "//nas/kit/"),
    ],
)
def test_a_drive_is_named_as_its_owner_means_it_and_shown_as_it_was_typed(typed: str, meant: str) -> None:
    assert meant == safe_name(whole_drive(PureWindowsPath(typed)).as_posix())


SHOWS = """
from cli.show import bear_any_console, print_json, print_table, say, warn
bear_any_console()
print_json({"name": "王䶮 𬭎 ✓", "words": "已登记"})
say("已登记 王䶮 ✓ 𬭎"); warn("没有网络 ✓"); print_table("登记", ("学号", "姓名"), [("2164", "买买提·艾力 𬭎")])
"""


@pytest.mark.parametrize("encoding", ["cp1252", "cp936", "cp437", "ascii", "utf-8"])
def test_no_console_makes_a_command_stumble_over_chinese(encoding: str) -> None:
    environment = os.environ | {"PYTHONIOENCODING": encoding, "PYTHONUTF8": "0"}
    done = subprocess.run([sys.executable, "-c", SHOWS], env=environment, capture_output=True, check=True)

    document, _ = json.JSONDecoder().raw_decode(done.stdout.decode(encoding))
    assert {"name": "王䶮 𬭎 ✓", "words": "已登记"} == document
    if encoding in ("cp936", "utf-8"):
        assert "已登记 王" in done.stdout.decode(encoding)
        assert "没有网络" in done.stderr.decode(encoding)


def test_a_mistake_is_one_line_on_a_console_that_has_no_chinese(tmp_path: Path) -> None:
    command = [
        sys.executable,
        "-c",
        "from cli.main import main; main()",
        "desk",
        "pack",
        "x",
        "--to",
        str(tmp_path),
    ]
    done = subprocess.run(
        [*command, "--workspace", str(tmp_path)],
        env=os.environ | {"PYTHONIOENCODING": "cp1252", "PYTHONUTF8": "0"},
        capture_output=True,
    )

    assert 2 == done.returncode
    assert b"gradphoto.toml" in done.stderr
    assert b"Traceback" not in done.stderr
