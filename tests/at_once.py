"""Runs at once for tests: real processes over one workspace, each beginning so many seconds after now.

They are forked within `tests.remembered`, so a night costs what its store costs and their steps meet closely.
"""

import os
import random
import shutil
import sys
import time
import traceback
from collections.abc import Callable, Sequence
from pathlib import Path

from flows.each import alone
from flows.order import Done, night
from gradphoto.adapters.s3_client import forget
from tests.small_night import planned, run

Act = Callable[[], None]


def at_once(acts: Sequence[Act], most: float, seed: int) -> None:
    """Do all acts at once, each in a process of its own, after a seeded wait of `most` seconds at most."""
    waits = random.Random(seed)
    children = [_begun(act, waits.uniform(0, most)) for act in acts]
    ended = [os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children]
    assert [0] * len(acts) == ended


def a_night(folder: Path, centres: Sequence[str] = (), first: Act | None = None) -> Act:
    """A night, or the rerun of some centres, that must come to its end with every centre done and no remark."""

    def act() -> None:
        if first:
            first()
        _good(run(folder, centres=centres))

    return act


def prepared(folder: Path) -> Act:
    """A night with the inputs as they are now, whatever they are when it begins."""
    plan = planned(folder)
    return lambda: _good(night(plan, "nightly", alone))


def copied(folder: Path, to: Path) -> Path:
    """The same workspace once more, links instead of copies: nothing in it is ever changed in place."""
    return Path(shutil.copytree(folder, to, copy_function=os.link))


def _good(done: Done) -> None:
    assert ((), []) == (done.run.failed, done.remarks), done


def _begun(act: Act, wait: float) -> int:
    child = os.fork()
    if child:
        return child
    code = 1
    try:
        forget()  # a connection is one process's
        time.sleep(wait)
        act()
        code = 0
    except BaseException:
        traceback.print_exc(file=sys.__stderr__)
    finally:
        os._exit(code)
