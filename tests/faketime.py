"""Programs under a clock that lies, by libfaketime: an offset from now on, and another one once a file says so.

Only the time of day is wrong, as on a machine with a flat battery that works on another's disk. What the disk
writes down stays true, so to such a program every file of today is from the future, or a year old.
"""

import os
import subprocess
import sys
import time
from pathlib import Path

LIBRARIES = [*Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1"), *Path("/usr/lib/faketime").glob("*MT*.so.1")]
NIGHT = """
import select, sys, time
time.sleep = lambda seconds: select.select([], [], [], seconds) and None  # this one libfaketime 0.9.10 breaks
from pathlib import Path
from tests.small_night import run
done = run(Path(sys.argv[1]))
print(len(done.run.failed), time.time() > float(sys.argv[2]))
"""
"""Says how many centres failed, and whether its clock was ahead of the one that was given to it."""


def lying(offset_file: Path, zone: str) -> dict[str, str]:
    """The environment of a program whose clock is off by what stands in the file, `-400d` or `+1y`."""
    return {
        **os.environ,
        "LD_PRELOAD": str(LIBRARIES[0]),
        "FAKETIME_TIMESTAMP_FILE": str(offset_file),
        "FAKETIME_NO_CACHE": "1",
        "FAKETIME_DONT_FAKE_MONOTONIC": "1",
        "NO_FAKE_STAT": "1",
        "TZ": zone,
    }


def set_clock(offset_file: Path, offset: str) -> None:
    """Put the clock to that offset, at once and for every program that reads the file."""
    new = offset_file.with_suffix(".new")
    new.write_text(f"{offset}\n")
    new.replace(offset_file)


def night_under(offset_file: Path, zone: str, folder: Path) -> "subprocess.Popen[str]":
    """A small night in `folder` by such a program, begun."""
    command = [sys.executable, "-c", NIGHT, str(folder), str(time.time())]
    return subprocess.Popen(
        command, env=lying(offset_file, zone), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
