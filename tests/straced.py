"""Striking at the real system calls of a process that runs already, by strace."""

import subprocess
import time
from collections import Counter
from pathlib import Path
from typing import NamedTuple

TOUCHING_FILES = (
    "openat,write,read,link,linkat,unlink,unlinkat,rename,mkdir,close,fstat,newfstatat,lseek,getdents64"
)


class Call(NamedTuple):
    """One system call of a process: its name, and the how manyth of that name it is."""

    name: str
    number: int


def struck(call: Call, how: str, process: int) -> None:
    """From now on strace follows the process, alone, and does to its `call` what `how` says."""
    inject = f"inject={call.name}:{how}:when={call.number}"
    _follow(process, "-o", "/dev/null", "-e", f"trace={call.name}", "-e", inject)


def logged(log: Path, process: int) -> None:
    """From now on strace writes into `log` what the process, alone, calls that touches files."""
    _follow(process, "-o", str(log), "-e", f"trace={TOUCHING_FILES}")


def calls(log: Path) -> list[Call]:
    """The calls in a log, in their order."""
    seen: Counter[str] = Counter()
    found = []
    for line in log.read_text(errors="replace").splitlines():
        name, opening, _ = line.partition("(")
        if opening and name.isidentifier():
            seen[name] += 1
            found.append(Call(name, seen[name]))
    return found


def _follow(process: int, *options: str) -> None:
    command = ["strace", *options, "-p", str(process)]
    strace = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    while "TracerPid:\t0\n" in Path(f"/proc/{process}/status").read_text():
        assert strace.poll() is None, "strace may not follow a process here"
        time.sleep(0.01)
