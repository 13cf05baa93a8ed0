"""Work by several processes: results in order, and a process that dies costs one item."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from gradphoto.adapters.processes import Died, each


def double(number: int) -> int:
    return 2 * number


def die_at_three(number: int) -> int:
    if number == 3:
        os.kill(os.getpid(), signal.SIGKILL)
    return number


def refuse_three(number: int) -> int:
    if number == 3:
        raise OSError(f"no {number}")
    return number


@pytest.mark.parametrize("workers", [1, 2])
def test_results_come_in_the_order_of_the_items(workers: int) -> None:
    assert [(number, 2 * number) for number in range(9)] == list(each(double, range(9), workers))


def test_a_process_that_dies_costs_only_the_item_it_was_at() -> None:
    results = [result for _, result in each(die_at_three, range(6), 2)]
    assert [0, 1, 2, Died, 4, 5] == [Died if isinstance(result, Died) else result for result in results]
    assert [(1, 2)] == list(each(double, [1], 2))


def test_what_a_function_raises_is_raised_and_what_came_before_was_given() -> None:
    results = each(refuse_three, range(6), 2)
    assert [0, 1, 2] == [next(results)[0] for _ in range(3)]
    with pytest.raises(OSError, match="no 3"):
        next(results)


def test_when_no_process_can_start_no_picture_is_blamed(tmp_path: Path) -> None:
    """A program read from a pipe cannot be started again in another process."""
    code = """
from gradphoto.adapters.processes import WorkersTrouble, each
try:
    print(list(each(abs, [1], 1)))
except WorkersTrouble as trouble:
    print("trouble", trouble)
"""
    done = subprocess.run(
        [sys.executable, "-"], input=code, capture_output=True, text=True, cwd=tmp_path, timeout=60
    )
    assert done.stdout.startswith("trouble")
