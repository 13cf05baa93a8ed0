"""SIGKILL at any moment of a night on S3, of the night or of the service: the same bytes as on a folder."""

import signal
import time
from collections.abc import Callable
from functools import partial
from itertools import count
from pathlib import Path
from random import Random
from threading import Timer

import pytest

from tests.came_to import CameTo, Tally, came_to
from tests.crash_night import copy_of, spread
from tests.crashes import KILLED, Moments, ran, went_well
from tests.seaweed import BUCKET, Seaweed
from tests.small_night import NIGHT

pytest_plugins = ["tests.seaweed_fixture", "tests.small_plain"]

SECONDS = 4.0
"""About as long as a night takes here; what is over by then was not killed."""

_numbers = count(1)


def on_s3(folder: Path) -> Path:
    """The same workspace with a store of its own on S3."""
    settings = folder / "gradphoto.toml"
    text = settings.read_text("utf-8").replace("file:store", f"s3://{BUCKET}/crash-{next(_numbers)}")
    settings.unlink()  # it is linked to the others' settings
    settings.write_text(text, "utf-8")
    return folder


def killed_after(seconds: float) -> None:
    """The system ends this process then, in the midst of whatever it does."""
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    signal.setitimer(signal.ITIMER_REAL, seconds)


def start(timer: Timer, _process: int) -> None:
    """From now on its time runs."""
    timer.start()


@pytest.mark.usefixtures("seaweed")
def test_killed_at_any_call_into_the_store_the_next_run_comes_to_the_same_bytes_as_on_a_folder(
    plain: Path, expected: CameTo, amount: Callable[[int, int], int], figure: Callable[[str], None]
) -> None:
    tally, wrong = Tally(), []
    with copy_of(plain) as folder:
        total = ran(on_s3(folder), NIGHT, Moments()).moments
    for at in spread(total, amount(2, 150)):
        with copy_of(plain) as folder:
            assert KILLED == ran(on_s3(folder), NIGHT, Moments(at)).code
            went_well(folder, NIGHT)
            if not tally.judge(expected, came_to(folder)):
                wrong.append(at)
    figure(tally.says(f"kills at {total} calls into S3"))
    assert [] == wrong


@pytest.mark.usefixtures("seaweed")
def test_killed_at_any_time_the_next_run_comes_to_the_same_bytes_as_on_a_folder(
    plain: Path, expected: CameTo, amount: Callable[[int, int], int], figure: Callable[[str], None]
) -> None:
    tally, random, wrong, killed = Tally(), Random(1), [], 0
    for _ in range(amount(2, 150)):
        with copy_of(plain) as folder:
            at = random.uniform(0, SECONDS)
            killed += -signal.SIGALRM == ran(on_s3(folder), NIGHT, first=partial(killed_after, at)).code
            went_well(folder, NIGHT)
            if not tally.judge(expected, came_to(folder)):
                wrong.append(at)
    figure(tally.says(f"nights on S3, {killed} of them killed at any time"))
    assert [] == wrong


def test_the_service_is_killed_and_comes_again_and_the_night_goes_on_or_says_that_it_was_away(
    plain: Path,
    expected: CameTo,
    seaweed: Seaweed,
    amount: Callable[[int, int], int],
    figure: Callable[[str], None],
) -> None:
    tally, random, wrong, went_on = Tally(), Random(2), [], 0

    def restart() -> None:
        seaweed.kill()
        time.sleep(random.uniform(0, 1))
        seaweed.start()

    for _ in range(amount(1, 15)):
        with copy_of(plain) as folder:
            timer = Timer(random.uniform(0, SECONDS / 2), restart)
            ended = ran(on_s3(folder), NIGHT, waits=True, held=partial(start, timer))
            timer.join()
            went_on += ended.code == 0
            if ended.code:
                assert "S3" in ended.err, ended
                went_well(folder, NIGHT)
            if not tally.judge(expected, came_to(folder)):
                wrong.append(ended)
    figure(tally.says(f"nights on S3 in which the service was killed, {went_on} of them went on"))
    assert [] == wrong
