"""What the model of a season showed first, each as a plain rule."""

from collections.abc import Iterator

import pytest

from cli.workspace import Workspace
from tests.season_model import Act
from tests.season_pool import G0, GUYUAN, L1, SITTING, Y0, Y1, Shot
from tests.season_world import World, played


@pytest.fixture
def world() -> Iterator[World]:
    with played():
        world = World()
        yield world
        world.away()


def delivered(world: World) -> dict[str, list[str]]:
    """By centre who is in its newest bundle."""
    bundles = Workspace(world.folder).bundles
    return {centre: [one.student_no for one in packed.deliveries] for centre, packed in bundles.items()}


@pytest.fixture
def photographed_elsewhere(world: World) -> World:
    """A student of a centre without a window in the only session that there is."""
    world.correct(Y0.student_no, centre="longde")
    world.arrive(SITTING["Y0"], range(2))
    world.everything()
    assert {"longde": [Y0.student_no]} == delivered(world)
    return world


def test_a_student_photographed_elsewhere_who_moves_leaves_the_old_centres_bundle(
    photographed_elsewhere: World,
) -> None:
    photographed_elsewhere.correct(Y0.student_no, centre="xiji")
    photographed_elsewhere.everything()
    assert {"longde": [], "xiji": [Y0.student_no]} == delivered(photographed_elsewhere)


def test_a_student_photographed_elsewhere_who_is_struck_out_leaves_the_bundle(
    photographed_elsewhere: World,
) -> None:
    photographed_elsewhere.strike_out(Y0.student_no)
    photographed_elsewhere.everything()
    assert {"longde": []} == delivered(photographed_elsewhere)


def test_a_portrait_taken_elsewhere_that_turns_out_to_be_anothers_leaves_the_bundle(
    photographed_elsewhere: World,
) -> None:
    portrait = Shot(SITTING["Y0"].parts[1]).sha256
    photographed_elsewhere.decide(Act("assign", portrait, Y1.student_no))
    photographed_elsewhere.everything()
    assert {"longde": [], "yanchi": [Y1.student_no]} == delivered(photographed_elsewhere)


def test_a_desk_log_that_is_put_back_to_what_it_was_counts_as_it_is_now(world: World) -> None:
    world.arrive(SITTING["L1"], range(4))
    world.scan(GUYUAN, L1, L1)
    world.everything()
    world.scan(GUYUAN, G0, L1)  # another's code under this number: nobody knows which is theirs
    world.everything()
    assert {"longde": []} == delivered(world)
    world.mend_log(GUYUAN, {L1.capture_code: L1.student_no})
    world.everything()
    assert {"longde": [L1.student_no]} == delivered(world)
