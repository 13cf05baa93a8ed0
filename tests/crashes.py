"""Commands that are cut off or refused at a chosen moment.

Each runs in a forked child as the program itself, without Prefect and with the pictures remembered; all else is
real, thousands of times. Whoever uses it does so within `remembered()`.
"""

import io
import os
import pickle
import signal
import sys
import traceback
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple, NoReturn

import flows.start
from cli.main import main
from flows.own_server import NoServer
from tasks.trouble import DELAYS
from tests.moments import Asked, watch_stores, watch_system

KILLED = -signal.SIGKILL

Command = tuple[str, ...]


class Ended(NamedTuple):
    """How a command ended: its exit code (negative: the signal), what it said, how many moments it saw."""

    code: int
    out: str = ""
    err: str = ""
    moments: int = 0


@dataclass
class Moments:
    """Counts moments of some kinds (none: of all) and strikes at one of them, or from that one on."""

    at: int = 0
    strike: Callable[[str], None] = lambda _: os.kill(os.getpid(), signal.SIGKILL)
    """Called with the path that the system would name."""
    kinds: Collection[str] = ()
    on: bool = False
    passed: int = 0

    def __call__(self, kind: str, named: str) -> None:
        if self.kinds and kind not in self.kinds:
            return
        self.passed += 1
        if self.passed == self.at or (self.on and 0 < self.at < self.passed):
            self.strike(named)


def ran(
    folder: Path,
    command: Command,
    moments: Moments | None = None,
    *,
    system: bool = False,
    waits: bool = False,
    first: Callable[[], None] = lambda: None,
    held: Callable[[int], None] = lambda _: None,
) -> Ended:
    """Run a command of the program in a child; `moments` hears of its calls into the store, and into the system.

    Before it does anything `held` is called here with the child's number, and then `first` in the child. Between
    its tries it pauses only if it `waits`.
    """
    (gate, opening), (reading, writing) = os.pipe(), os.pipe()
    child = os.fork()
    if not child:
        os.close(reading)
        os.read(gate, 1)
        first()
        pauses = list(DELAYS)
        _alone()
        DELAYS[:] = pauses if waits else DELAYS
        _be_the_program(folder, command, moments or Moments(), writing, system)
    os.close(writing)
    held(child)
    os.write(opening, b".")
    os.close(opening)
    os.close(gate)
    with os.fdopen(reading, "rb") as file:
        told = file.read()
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    return Ended(code, *pickle.loads(told)) if told else Ended(code)


def went_well(folder: Path, *commands: Command) -> None:
    """Run commands undisturbed."""
    for command in commands:
        ended = ran(folder, command)
        assert 0 == ended.code, ended


def _be_the_program(folder: Path, command: Command, moments: Moments, writing: int, system: bool) -> NoReturn:
    sys.stdout, sys.stderr, sys.argv = io.StringIO(), io.StringIO(), ["gradphoto", *command]
    os.environ["GRADPHOTO_WORKSPACE"] = str(folder)
    code = 1
    try:
        _watch(folder, moments, system)
        main()
    except SystemExit as end:
        code = int(end.code or 0)
    except BaseException:
        traceback.print_exc()
    finally:
        told = (sys.stdout.getvalue(), sys.stderr.getvalue(), moments.passed)
        with os.fdopen(writing, "wb") as file:
            file.write(pickle.dumps(told))
        os._exit(code)


def _watch(folder: Path, asked: Asked, system: bool) -> None:
    watch_stores(asked)
    if system:
        watch_system(folder, asked)


def _alone() -> None:
    """Nothing is waited for: no server, no further try, and not the disk, of which a kill shows nothing."""
    DELAYS[:] = [0.0] * len(DELAYS)
    os.fsync = lambda _: None  # type: ignore[assignment]
    flows.start.configured = lambda: None
    flows.start.own_server = _none  # type: ignore[assignment, attr-defined]


def _none() -> NoReturn:
    raise NoServer


def waiting(command: Sequence[str]) -> None:
    """In a process of its own, with real workers: say that everything is there, wait, and be the program."""
    _alone()
    print("ready", flush=True)
    sys.stdin.read()
    sys.argv = ["gradphoto", *command]
    main()
