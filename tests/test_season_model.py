"""Whole nights in any order, with crashes and second thoughts: always the bundles that the model says."""

import time
from collections.abc import Callable, Iterator

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.season_machine import Season
from tests.season_model import PAUSE, gaps
from tests.season_pool import PARTS, Shot
from tests.season_world import World, last, played


@pytest.fixture(autouse=True)
def _quick_nights() -> Iterator[None]:
    with played():
        yield


def test_a_season_delivers_what_the_model_says_whatever_happens_on_the_way(
    amount: Callable[[int, int], int], figure: Callable[[str], None]
) -> None:
    seasons, steps, nights = 0, 0, 0

    class Counted(Season):
        def __init__(self) -> None:
            nonlocal seasons
            super().__init__()
            seasons += 1

        def teardown(self) -> None:
            nonlocal steps, nights
            steps += self.steps
            nights += last(self.world.store)
            super().teardown()

    begin = time.perf_counter()
    many = settings(
        max_examples=amount(12, 2000),
        stateful_step_count=12,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    run_state_machine_as_test(Counted, settings=many)
    seconds = time.perf_counter() - begin
    figure(f"{seasons} seasons, {steps} steps, {nights} nights that ended before the last, {seconds:.0f} s")


def test_between_two_sittings_of_a_camera_lies_more_than_the_pause_that_is_always_noticed() -> None:
    assert min(gaps()) > PAUSE


def test_no_two_files_of_the_pool_are_alike() -> None:
    contents = [Shot(part, form).sha256 for part in PARTS for form in ("whole", "cut", "saved")]
    assert len(contents) == len(set(contents))


def test_a_season_without_any_file_has_nothing_to_do() -> None:
    world = World()
    world.everything()
    assert [] == world.sessions
    world.away()
