"""How a session goes: counts that add up, a pace that says nothing too soon, and an end that follows from it."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.campaign import EVERY_CENTRE, Window
from gradphoto.pace import Count, counts, pace

NINE = datetime(2023, 7, 3, 9)


def at(minutes: float) -> datetime:
    return NINE + timedelta(minutes=minutes)


def window(centre: str, start: float, end: float) -> Window:
    return Window(centre=centre, start=at(start), end=at(end))


GUYUAN, LONGDE = window("guyuan", 0, 60), window("longde", 60, 90)
SIXTY = frozenset(f"g{number}" for number in range(60))
TEN = frozenset(f"l{number}" for number in range(10))
EXPECTED = {"guyuan": SIXTY, "longde": TEN}


def scanned(count: int, seconds: float = 60) -> dict[str, datetime]:
    """So many of the first centre, one after the other."""
    return {f"g{number}": NINE + timedelta(seconds=number * seconds) for number in range(count)}


def told(*windows: Window, came: dict[str, datetime], seen: dict[str, datetime] | None, now: float) -> list[Count]:
    return counts(windows or (GUYUAN, LONGDE), EXPECTED, came, seen, at(now))


@pytest.mark.parametrize("count", [0, 1, 2])
def test_fewer_than_three_students_make_no_pace(count: int) -> None:
    assert pace(scanned(count).values()) is None


def test_the_pace_is_the_median_so_a_break_does_not_count() -> None:
    times = [*scanned(5, 30).values(), *(at(12) + timedelta(seconds=30 * number) for number in range(5))]
    assert 30 == pace(times)


def test_who_came_long_ago_says_nothing_of_the_pace() -> None:
    assert 20 == pace(
        [*scanned(10, 60).values(), *(at(60) + timedelta(seconds=20 * number) for number in range(4))]
    )


def test_waiting_are_those_scanned_and_not_photographed() -> None:
    guyuan, _ = told(came=scanned(10), seen=scanned(7), now=10)
    assert (60, 10, 7, 3, 50) == (
        guyuan.expected,
        guyuan.scanned,
        guyuan.photographed,
        guyuan.waiting,
        guyuan.to_come,
    )


def test_without_anybody_who_sees_the_pictures_nothing_is_said_of_them() -> None:
    guyuan, _ = told(came=scanned(10), seen=None, now=10)
    assert (None, None) == (guyuan.photographed, guyuan.waiting)


def test_the_end_follows_from_the_pace_and_who_is_late_delays_the_next_centre() -> None:
    guyuan, longde = told(came=scanned(10, 90), seen=None, now=15)
    assert (at(15 + 50 * 1.5), 30) == (guyuan.ends, guyuan.late)
    assert (at(90 + 10 * 1.5), 15) == (longde.ends, longde.late)


def test_who_is_early_waits_for_the_next_window() -> None:
    guyuan, longde = told(came=scanned(10, 30), seen=None, now=5)
    assert (at(5 + 25), 0) == (guyuan.ends, guyuan.late)
    assert (at(65), 0) == (longde.ends, longde.late)


def test_a_centre_with_two_windows_goes_on_in_the_second() -> None:
    morning, afternoon = window("guyuan", 0, 30), window("guyuan", 300, 360)
    (guyuan,) = told(morning, afternoon, came=scanned(10, 120), seen=None, now=20)
    assert (at(300 + 100 - 10), 30) == (guyuan.ends, guyuan.late)


def test_nothing_ends_on_another_day() -> None:
    assert {None} == {one.ends for one in told(came=scanned(10), seen=None, now=60 * 24)}


def test_the_make_up_window_expects_everybody() -> None:
    (every,) = counts([window(EVERY_CENTRE, 0, 60)], {EVERY_CENTRE: SIXTY | TEN}, scanned(4), None, at(4))
    assert (70, 4, 66) == (every.expected, every.scanned, every.to_come)


PEOPLE = st.sampled_from(sorted(SIXTY | TEN | {"guest"}))
TIMES = st.floats(0, 120).map(at)


@given(st.dictionaries(PEOPLE, TIMES), st.none() | st.dictionaries(PEOPLE, TIMES), st.floats(0, 200))
def test_the_counts_add_up(came: dict[str, datetime], seen: dict[str, datetime] | None, now: float) -> None:
    for one in told(came=came, seen=seen, now=now):
        numbers = EXPECTED[one.centre]
        assert len(numbers - came.keys() - (seen or {}).keys()) == one.to_come
        assert one.waiting is None or one.expected == one.waiting + one.to_come + (one.photographed or 0)
        assert one.ends is None or one.ends >= at(now)
        assert (one.late > 0) <= (one.ends is not None)


@given(st.lists(TIMES))
def test_the_order_in_which_times_are_told_makes_no_difference(times: list[datetime]) -> None:
    assert pace(times) == pace(reversed(times))
