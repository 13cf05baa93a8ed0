"""The model is worth something: it finds every planted bug, and the product without one passes the same season."""

from collections.abc import Callable, Iterator

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.planted import BUGS, Script
from tests.season_machine import Season
from tests.season_world import forget, played


@pytest.fixture(autouse=True)
def _quick_nights() -> Iterator[None]:
    with played():
        yield
    forget()


def season(bug: str) -> None:
    """The stored example of a bug."""
    script = Script()
    try:
        BUGS[bug].season(script)
    finally:
        script.world.away()


@pytest.mark.parametrize("bug", BUGS)
def test_the_product_passes_the_season_in_which_the_bug_would_show(bug: str) -> None:
    season(bug)


@pytest.mark.parametrize("bug", BUGS)
def test_the_planted_bug_is_found(bug: str) -> None:
    with BUGS[bug].planted(), pytest.raises(AssertionError):
        season(bug)


def test_seasons_that_are_drawn_find_planted_bugs_too(
    amount: Callable[[int, int], int], figure: Callable[[str], None]
) -> None:
    """By themselves, within so many seasons; the rare ones are what the stored examples are for."""
    most, sought = amount(20, 100), list(BUGS)[:: amount(len(BUGS), 1)]
    found = {bug: count for bug in sought if (count := seasons_until_found(bug, most))}
    told = ", ".join(f"{bug} after {count}" for bug, count in found.items())
    figure(f"{len(found)} of {len(sought)} bugs found within {most} drawn seasons: {told or 'none'}")
    assert 2 * len(found) > len(sought)


def seasons_until_found(bug: str, most: int) -> int:
    """How many seasons it takes the machine, the same each time; 0 when it does not find the bug."""
    count = 0

    class Counted(Season):
        def __init__(self) -> None:
            nonlocal count
            super().__init__()
            count += 1

    search = settings(
        max_examples=most,
        stateful_step_count=12,
        phases=[Phase.generate],
        deadline=None,
        database=None,
        report_multiple_bugs=False,
        print_blob=False,
        derandomize=True,
        suppress_health_check=list(HealthCheck),
    )
    try:
        with BUGS[bug].planted():
            run_state_machine_as_test(Counted, settings=search)
    except AssertionError:
        return count
    return 0
