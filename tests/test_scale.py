"""A season grows in proportion: no stage that costs a capture more because there are more of them.

Orders of growth by ratio, in one interleaved run, and requests by number; never a limit of seconds.
"""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.scale_run import STAGES, Figures, one_more_night, through
from tests.scale_world import Scale
from tests.seaweed import BUCKET

pytest_plugins = ["tests.seaweed_fixture"]

ROUNDS = 2
GROWS = 6.0
"""Times the time for four times the captures: some stages sort."""
FEW = 10
"""Captures of a session, where there are many."""
TWICE = 2.0
"""Times the time for a capture: noise, memory that is farther away, but nothing that grows."""


@pytest.fixture(scope="module")
def top(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("scale")


@pytest.fixture(scope="module")
def grown(top: Path) -> list[tuple[Figures, Figures]]:
    """Small and large, in turn; a session of each is still to come."""
    return [
        (through(top / f"1 {turn}", still_going_on(1)), through(top / f"4 {turn}", still_going_on(4)))
        for turn in range(ROUNDS)
    ]


@pytest.fixture(scope="module")
def crowded(top: Path) -> tuple[Figures, Figures]:
    """39 sessions and eight times as many, of a few captures each."""
    few, many = (through(top / f"crowd {count}", Scale(count, captures=FEW)) for count in (39, 312))
    return few, many


def still_going_on(sessions: int) -> Scale:
    return Scale(sessions, planned=sessions + 1)


@pytest.mark.parametrize("stage", ["ingest", "read", "load", "match", "choose", "ledger", "pack"])
def test_four_times_the_captures_take_about_four_times_the_time(
    grown: list[tuple[Figures, Figures]], stage: str
) -> None:
    small = min(one.stages[stage].seconds for one, _ in grown)
    large = min(one.stages[stage].seconds for _, one in grown)
    assert large < GROWS * small


def test_all_stages_together_too(grown: list[tuple[Figures, Figures]], figure: Callable[[str], None]) -> None:
    small, large = (min(one.seconds for one in turns) for turns in zip(*grown, strict=True))
    (one, other), *_ = grown
    figure(f"{one.captures} and {other.captures} captures: {large / small:.1f} times the time")
    assert large < GROWS * small


@pytest.mark.parametrize("stage", ["match", "choose", "ledger", "status"])
def test_a_capture_costs_the_same_among_many_sessions_as_among_few(
    crowded: tuple[Figures, Figures], stage: str
) -> None:
    """Whatever looks through all sessions or students for each one of them shows."""
    few, many = crowded
    assert many.each(stage) < TWICE * few.each(stage)


def test_the_store_is_asked_for_shards_and_centres_never_for_captures(
    grown: list[tuple[Figures, Figures]], figure: Callable[[str], None]
) -> None:
    (_, large), *_ = grown
    each = large.requests.total() / large.captures
    figure(f"{each:.3f} requests a capture")
    assert each < 0.25
    assert large.stages["load"].requests["GET"] < large.captures / 50


def test_whoever_asks_again_lists_the_records_and_reads_one_object(grown: list[tuple[Figures, Figures]]) -> None:
    for figures in grown[0]:
        assert {"LIST": 15, "GET": 1} == figures.stages["asked again"].requests


def test_a_night_asks_the_more_the_longer_the_season_only_for_records(
    top: Path, grown: list[tuple[Figures, Figures]]
) -> None:
    """However often it looks at the season, and of each centre the newest bundle's."""
    asked = []
    for figures in grown[0]:
        scale = still_going_on(figures.sessions)
        scale.sessions += 1
        one_more_night(top / f"{figures.sessions} 0", scale, figures)
        asked.append((figures.captures, figures.stages["one night"].requests["GET"]))
    (few, first), (many, second) = asked
    assert second - first < (many - few) / 20


@pytest.mark.usefixtures("seaweed")
def test_on_s3_as_on_a_folder(tmp_path: Path, amount: Callable[[int, int], int]) -> None:
    sessions = amount(1, 10)
    there = through(tmp_path / "s3", Scale(sessions), url=f"s3://{BUCKET}/scale")
    here = through(tmp_path / "folder", Scale(sessions))
    assert {name: here.stages[name].requests for name in STAGES} == {
        name: there.stages[name].requests for name in STAGES
    }
