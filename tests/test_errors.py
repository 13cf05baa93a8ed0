"""Errors of the system at any step to the disk: the right result or a clear word, nothing lost or half-written.

What comes once is met by a further try, or the command says what is wrong. What stays ends in a clear line; when
it is gone, one plain run comes to the same bytes. Whoever says that all is well has the right bundles.
"""

import errno
import os
import resource
import shutil
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from pathlib import Path

import pytest

from gradphoto.states import FileState
from tests.came_to import CameTo, Tally, came_to
from tests.crash_night import copy_of, spread
from tests.crashes import Ended, Moments, ran
from tests.moments import SYSTEM_CALLS
from tests.small_night import GUYUAN, NIGHT
from tests.straced import Call, struck

pytest_plugins = ["tests.small_plain"]

WRITING = {"create", "write", "mkdir", "link", "fsync"}
OPENING = {"create", "open", "scandir", "listdir"}
NAMING = OPENING | {"mkdir", "link", "unlink", "stat", "lstat", "rename", "replace", "rmdir"}
ERRORS = {
    "ENOSPC": WRITING,
    "EIO": {*SYSTEM_CALLS, "create", "read", "write"},
    "EACCES": NAMING,
    "EMFILE": OPENING,
}
"""At which steps each of them comes."""
ALL_CENTRES = "guyuan longde pengyang xiji"
PLACES = {
    "gradphoto.toml": (2, "gradphoto.toml"),
    "campaign.toml": (2, "campaign.toml"),
    "rosters": (2, "rosters"),
    "mailing.csv": (2, "mailing.csv"),
    f"inbox/{GUYUAN}": (2, GUYUAN),
    "store/.tmp": (2, "存储 "),
    "store/inputs": (2, "存储 inputs"),
    "store/snapshots": (2, "存储 snapshots"),
    "store/originals": (3, ALL_CENTRES),
    "store/portraits": (3, ALL_CENTRES),
    "store/bundles/longde": (3, "longde"),
    "store/packed/longde": (2, "packed/longde"),
    "reports": (0, "报告未能写出"),
}
"""How a night ends when one place is in trouble for good, and what it names."""
FEW_FILES = 50

REAL_ERRORS = {"write": "ENOSPC", "openat": "EMFILE", "link": "EIO", "mkdir": "EACCES"}


def error(name: str, at: int = 0, *, on: bool = False, below: str = "") -> Moments:
    """The error at a step, or from that step on; only at those that name something `below`, if that is given."""
    code = getattr(errno, name)

    def strike(named: str) -> None:
        if named.startswith(below):
            raise OSError(code, os.strerror(code), named or None)

    return Moments(at, strike, ERRORS[name], on)


def is_clear(ended: Ended) -> bool:
    """Whether a command ended as commands may end, with a Chinese line when it did not go well."""
    *_, last = ended.err.splitlines() or [""]
    chinese = any("\u4e00" <= letter <= "\u9fff" for letter in last)
    return "Traceback" not in ended.err and (ended.code == 0 or (ended.code in (2, 3) and chinese))


def faults(ended: Ended, folder: Path, expected: CameTo, tally: Tally) -> list[str]:
    """What is wrong with how a night in trouble ended, and with the plain run after it."""
    now = came_to(folder)
    given = {place: one.student_no for place, one in now.states.items() if one.state is FileState.DELIVERED}
    left_out = "未收" in ended.err
    found = {
        "no clear word": not is_clear(ended),
        "silence": ended.code == 0 and not left_out and now.bundles != expected.bundles,
        "a wrong person": any(whose != expected.states[place].student_no for place, whose in given.items()),
        "no recovery": ran(folder, NIGHT).code != 0,
    }
    then = came_to(folder)
    tally.judge(expected, then)
    found["another result"] = then._replace(bundles={}) != expected._replace(bundles={})
    found["other bytes"] = not left_out and then.bundles != expected.bundles
    return [fault for fault, there in found.items() if there]


def few_files(more: int) -> None:
    """From now on this process can open only so many files more."""
    limit, taken = max(map(int, os.listdir("/proc/self/fd"))) + 1 + more, list[int]()  # noqa: PTH208
    resource.setrlimit(resource.RLIMIT_NOFILE, (limit, limit))
    with suppress(OSError):  # also the numbers that are free below
        while True:
            taken.append(os.open(os.devnull, os.O_RDONLY))
    for handle in taken[len(taken) - more :]:
        os.close(handle)


def steps(plain: Path, name: str) -> int:
    """How many steps of a night this error can come at."""
    with copy_of(plain) as folder:
        return ran(folder, NIGHT, error(name), system=True).moments


@pytest.mark.parametrize("on", [False, True], ids=["once", "for good"])
@pytest.mark.parametrize("name", ERRORS)
def test_an_error_at_any_step_to_the_disk_is_overcome_or_told(
    plain: Path,
    expected: CameTo,
    name: str,
    on: bool,
    amount: Callable[[int, int], int],
    figure: Callable[[str], None],
) -> None:
    total, tally, told, wrong = steps(plain, name), Tally(), 0, {}
    for at in spread(total, amount(4, 400)):
        with copy_of(plain) as folder:
            ended = ran(folder, NIGHT, error(name, at, on=on), system=True)
            told += bool(ended.err)
            if found := faults(ended, folder, expected, tally):
                wrong[at] = (found, ended)
    figure(tally.says(f"times {name} {'for good from' if on else 'once at'} one of {total} steps, {told} told of"))
    assert {} == wrong


@pytest.mark.parametrize("place", PLACES)
def test_a_place_in_trouble_for_good_is_named(plain: Path, expected: CameTo, place: str) -> None:
    code, names = PLACES[place]
    for name in ("EACCES", "EIO"):
        with copy_of(plain) as folder:
            trouble = error(name, 1, on=True, below=str(folder / place))
            ended = ran(folder, NIGHT, trouble, system=True)
            assert (code, True) == (ended.code, names in ended.err.splitlines()[-1]), ended
            assert [] == faults(ended, folder, expected, Tally())


def test_a_file_that_cannot_be_read_once_is_taken_in_all_the_same(plain: Path, expected: CameTo) -> None:
    faltered: list[str] = []

    def falter(named: str) -> None:
        if named.endswith("IMG_0004.JPG") and not faltered:
            faltered.append(named)
            raise OSError(errno.EIO, os.strerror(errno.EIO), named)

    with copy_of(plain) as folder:
        ended = ran(folder, NIGHT, Moments(1, falter, {"open"}, on=True), system=True)
        assert (0, "", expected) == (ended.code, ended.err, came_to(folder))


@pytest.mark.skipif(not shutil.which("strace"), reason="没有安装 strace")
def test_an_error_of_the_real_system_call_is_overcome_or_told(
    plain: Path, expected: CameTo, amount: Callable[[int, int], int], figure: Callable[[str], None]
) -> None:
    tally, wrong = Tally(), {}
    for call, name in REAL_ERRORS.items():
        for at in spread(40, amount(1, 20)):
            with copy_of(plain) as folder:
                ended = ran(folder, NIGHT, held=partial(struck, Call(call, at), f"error={name}"))
                if found := faults(ended, folder, expected, tally):
                    wrong[call, at] = (found, ended)
    figure(tally.says("real errors by strace"))
    assert {} == wrong


def test_with_few_files_to_open_a_night_ends_well_or_in_a_clear_word(
    plain: Path, expected: CameTo, amount: Callable[[int, int], int], figure: Callable[[str], None]
) -> None:
    tally, wrong = Tally(), {}
    for more in spread(FEW_FILES, amount(4, FEW_FILES)):
        with copy_of(plain) as folder:
            ended = ran(folder, NIGHT, first=partial(few_files, more - 1))
            if found := faults(ended, folder, expected, tally):
                wrong[more] = (found, ended)
    figure(tally.says(f"nights with 0 to {FEW_FILES - 1} files to open at once"))
    assert {} == wrong


def test_the_program_itself_starts_with_few_files_or_says_why_not(
    plain: Path, amount: Callable[[int, int], int]
) -> None:
    program = "import sys; from cli.main import main; main()"
    for limit in spread(60, amount(1, 20)):
        command = ["/bin/sh", "-c", f'ulimit -n {limit + 5}; exec "$@"', "sh", sys.executable, "-c", program]
        with copy_of(plain) as folder:
            told = [*command, "status", "--workspace", str(folder)]
            ended = subprocess.run(told, capture_output=True, text=True, check=False)
            assert is_clear(Ended(ended.returncode, ended.stdout, ended.stderr)), (limit, ended)
