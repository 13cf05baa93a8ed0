"""When and where a student comes: the centre's windows, the student's own slot within them, and doubts by name."""

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.campaign_file import load_campaign
from config.lookup import next_makeup, windows_of
from gradphoto.appointment import ELSEWHERE, NOT_UNDERSTOOD, appointment, at_slot, day_words
from gradphoto.slots import Slot

CAMPAIGN = load_campaign("ningxia-2023")
GUYUAN, SHIZUISHAN = windows_of(CAMPAIGN, "guyuan"), windows_of(CAMPAIGN, "shizuishan")
BOTH = "7月11日（周二）8:30—11:30 或 14:30—15:30"


@pytest.mark.parametrize(
    ("slot", "expected"),
    [
        ("", BOTH),
        ("8:30-8:45", "7月11日（周二）8:30—8:45"),
        ("9:00", "7月11日（周二）9:00"),
        ("上午", "7月11日（周二）8:30—11:30"),
        ("下午", "7月11日（周二）14:30—15:30"),
        ("下午2:30—3:00", "7月11日（周二）14:30—15:00"),
        ("7月11日 14:40", "7月11日（周二）14:40"),
    ],
)
def test_a_slot_narrows_the_windows_to_its_own_time(slot: str, expected: str) -> None:
    found = appointment(SHIZUISHAN, slot)
    assert (expected, "") == (found.when, found.doubt)


@pytest.mark.parametrize(
    ("slot", "doubt"),
    [
        ("第三批", NOT_UNDERSTOOD),
        ("25:00", NOT_UNDERSTOOD),
        ("12:00", ELSEWHERE),
        ("15:20-15:40", ELSEWHERE),
        ("7月12日 9:00", ELSEWHERE),
    ],
)
def test_a_slot_that_cannot_be_is_named_and_the_whole_time_told(slot: str, doubt: str) -> None:
    found = appointment(SHIZUISHAN, slot)
    assert (BOTH, doubt, False) == (found.when, found.doubt, found.slot)


@given(st.integers(0, 24 * 60 - 1), st.integers(0, 90))
def test_whoever_has_a_slot_is_told_a_time_within_the_windows(start: int, minutes: int) -> None:
    end = min(start + minutes, 24 * 60 - 1)
    slot = f"{start // 60}:{start % 60:02d}-{end // 60}:{end % 60:02d}"
    found = appointment(SHIZUISHAN, slot)
    for visit in found.visits:
        assert any(window.start <= visit.start <= visit.end <= window.end for _, window in SHIZUISHAN)


def test_the_slot_of_the_poster_is_the_time_that_is_told() -> None:
    slot = Slot("2023-07-03-guyuan", datetime(2023, 7, 3, 8, 45), datetime(2023, 7, 3, 9))
    found = at_slot(GUYUAN, slot)
    assert "7月3日（周一）8:45—9:00" == found.when
    assert CAMPAIGN.session("2023-07-03-guyuan").address == found.where


def test_two_venues_are_two_places() -> None:
    found = appointment([*GUYUAN, *SHIZUISHAN])
    assert ["7月3日（周一）8:30—10:00", BOTH] == [place.when for place in found.places]


@given(st.dates(date(2000, 1, 1), date(2099, 12, 31)))
def test_a_day_says_its_own_weekday(day: date) -> None:
    assert day_words(day).endswith(f"（周{'一二三四五六日'[day.weekday()]}）")


def test_the_make_up_is_the_next_one_that_is_not_over() -> None:
    later = CAMPAIGN.sessions[-1].model_copy(
        update={
            "id": "2023-09-02-studio",
            "date": date(2023, 9, 2),
            "venue": "studio",
            "windows": tuple(
                window.model_copy(
                    update={"start": window.start + timedelta(48), "end": window.end + timedelta(48)}
                )
                for window in CAMPAIGN.sessions[-1].windows
                if window.centre == "*"
            ),
        }
    )
    campaign = CAMPAIGN.model_copy(update={"sessions": (*CAMPAIGN.sessions, later)})
    moments = [datetime(2023, 7, 1), datetime(2023, 7, 16, 16), datetime(2023, 7, 16, 17), datetime(2023, 9, 3)]
    found = [next_makeup(campaign, now) for now in moments]
    assert ["2023-07-16-jinfeng", "2023-07-16-jinfeng", "2023-09-02-studio", None] == [
        pair and pair[0].id for pair in found
    ]
