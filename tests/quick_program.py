"""The program in a process of its own, without waiting each time for everything that it imports.

A process that has imported the program, and does nothing else, forks for each run. What a test sees is the real
thing: a process that begins with `main`, has its own arguments, environment and streams, and ends as an
interpreter ends. There is one for each environment, but for what only a run reads. What only a start from nothing
shows (how long it takes, what it imports) wants `sys.executable`.
"""

import atexit
import gc
import json
import os
import select
import signal
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import IO, Any

ROOT = Path(__file__).parents[1]
_READY = "from tests.quick_program import forks; forks(); from cli.main import main; main()"
_OF_A_RUN = ("GRADPHOTO_", "AWS_", "PYTEST_", "PREFECT_API_URL")
"""What may differ from run to run; all else is read at a start."""
_starting = threading.Lock()


def run_program(
    arguments: Sequence[str],
    environment: Mapping[str, str] | None = None,
    *,
    folder: Path | None = None,
    umask: int = -1,
    seconds: float = 300,
) -> "subprocess.CompletedProcess[bytes]":
    """Run the program in a folder; `TimeoutExpired` when it had to be killed."""
    environment = dict(os.environ if environment is None else environment)
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        wanted = {"arguments": arguments, "environment": environment, "umask": umask}
        wanted["folder"] = str(folder or Path.cwd())
        with _starting:
            address = _address(_lasting(environment))
        code = _run(wanted, address, (out, err), seconds)
        out.seek(0)
        err.seek(0)
        return subprocess.CompletedProcess(arguments, code, out.read(), err.read())


def in_text(ended: "subprocess.CompletedProcess[bytes]") -> "subprocess.CompletedProcess[str]":
    """What it wrote, as text."""
    return subprocess.CompletedProcess(ended.args, ended.returncode, ended.stdout.decode(), ended.stderr.decode())


def _lasting(environment: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    return tuple(sorted(pair for pair in environment.items() if not pair[0].startswith(_OF_A_RUN)))


def _run(wanted: dict[str, Any], address: str, streams: Sequence[IO[Any]], seconds: float) -> int:
    with socket.socket(socket.AF_UNIX) as line:
        line.connect(address)
        socket.send_fds(line, [b"."], [stream.fileno() for stream in streams])
        with line.makefile("rw", encoding="utf-8") as told:
            told.write(f"{json.dumps(wanted)}\n")
            told.flush()
            process = int(told.readline())
            line.settimeout(seconds)
            try:
                return int(told.readline())
            except TimeoutError:
                os.kill(process, signal.SIGKILL)
                raise subprocess.TimeoutExpired(wanted["arguments"][:1], seconds) from None


@cache
def _address(environment: tuple[tuple[str, str], ...]) -> str:
    """Where the process listens that imported the program in such an environment; it ends with this one."""
    folder = tempfile.TemporaryDirectory(prefix="gradphoto-program-")
    atexit.register(folder.cleanup)
    address = str(Path(folder.name) / "socket")
    said = Path(folder.name) / "said"
    process = subprocess.Popen(
        [sys.executable, "-c", _READY, address],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=said.open("wb"),
        env=dict(environment),
    )
    assert process.stdout
    if process.stdout.readline() != b"ready\n":
        raise AssertionError(said.read_text("utf-8"))
    atexit.register(process.communicate)  # its input ends, and so does it
    return address


def forks() -> None:
    """Import the program, then fork at each call; returns only in such a child, which is to be the program."""
    import flows.start  # noqa: F401  what a night imports when it comes to it

    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(sys.argv[1])
        listening.listen()
        os.write(1, b"ready\n")
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        gc.freeze()
        while True:
            asked, _, _ = select.select([listening, sys.stdin], [], [], 1)
            _reap()
            if sys.stdin in asked:
                os._exit(0)
            if listening in asked:
                line, _ = listening.accept()
                if not os.fork():
                    listening.close()
                    return _child(line)
                line.close()


def _reap() -> None:
    try:
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass
    except ChildProcessError:
        return


def _child(line: socket.socket) -> None:
    """Fork once more: the child is the program, this process tells how it ended."""
    _, streams, _, _ = socket.recv_fds(line, 1, 2)
    with line, line.makefile("rw", encoding="utf-8") as told:
        wanted = json.loads(told.readline())
        child = os.fork()
        if child:
            told.write(f"{child}\n")
            told.flush()
            told.write(f"{os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])}\n")
            told.flush()
            os._exit(0)
    for number, stream in enumerate((os.open(os.devnull, os.O_RDONLY), *streams)):
        os.dup2(stream, number)
        os.close(stream)
    os.chdir(wanted["folder"])
    if wanted["umask"] >= 0:
        os.umask(wanted["umask"])
    os.environ.clear()
    os.environ.update(wanted["environment"])
    sys.argv = ["-c", *wanted["arguments"]]
    _refresh()


def _refresh() -> None:
    """Prefect has read its environment already."""
    from prefect.context import refresh_global_settings_context

    refresh_global_settings_context()
