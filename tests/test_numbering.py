"""Gaps in a camera's numbering."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gradphoto.numbering import Gap, gaps

FOLDER = "DCIM/100CANON"


def named(*numbers: int, begin: str = "IMG_", ending: str = "JPG", folder: str = FOLDER) -> list[str]:
    return [f"{folder}/{begin}{number:04d}.{ending}" for number in numbers]


def test_frames_between_two_that_are_there_are_missing() -> None:
    assert [Gap(FOLDER, "IMG_0004", "IMG_0007", 2)] == gaps(named(3, 4, 7, 8))


def test_a_counter_that_goes_round_has_no_gap() -> None:
    assert [] == gaps(named(9998, 9999, 1, 2))


def test_frames_that_are_missing_where_the_counter_goes_round_are_counted() -> None:
    assert [Gap(FOLDER, "IMG_9998", "IMG_0003", 3)] == gaps(named(9997, 9998, 3, 4))


def test_a_raw_file_beside_its_picture_is_the_same_frame() -> None:
    assert [] == gaps(named(1, 3) + named(1, 2, 3, ending="CR3"))


def test_a_film_or_a_picture_of_another_colour_space_takes_a_number_of_the_same_counter() -> None:
    assert [] == gaps([*named(1, 4), *named(2, begin="MVI_", ending="MP4"), *named(3, begin="_MG_")])


def test_each_folder_and_each_beginning_counts_for_itself() -> None:
    assert [] == gaps(named(1, 2) + named(7, 8, folder="DCIM/101CANON") + named(500, begin="DSC0"))


@pytest.mark.parametrize("name", ["IMG_20230702_090003.jpg", "scanlog.csv", "a7.jpg", ".IMG_0009.JPG", "IMG_0009"])
def test_what_no_camera_counted_tells_of_no_gap(name: str) -> None:
    assert [] == gaps([*named(1, 2), f"{FOLDER}/{name}"])


@given(st.integers(1, 9999), st.integers(2, 300), st.sets(st.integers(1, 298)))
def test_whatever_is_deleted_within_a_roll_is_counted_once(first: int, length: int, deleted: set[int]) -> None:
    roll = [(first + at - 1) % 9999 + 1 for at in range(length)]
    gone = {at for at in deleted if at < length - 1}
    found = gaps(named(*(number for at, number in enumerate(roll) if at not in gone)))
    assert len(gone) == sum(gap.missing for gap in found)
