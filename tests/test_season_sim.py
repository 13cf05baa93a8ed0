"""The matching on whole seasons of readings, with everything that goes wrong at once."""

from collections.abc import Callable

import pytest

from tests.season_sim import Rates, judge, lines, season

Amount = Callable[[int, int], int]


def test_in_a_season_nobody_is_delivered_under_a_wrong_number(
    amount: Amount, figure: Callable[[str], None]
) -> None:
    for seed in range(1, amount(2, 10) + 1):
        found = judge(*season(amount(8_000, 100_000), Rates(), seed))
        figure("; ".join(lines(found)))
        assert () == found.wrong
        assert found.pending_clean <= 0.02 * found.captures
        assert found.clean_not_delivered <= found.students / 1000


CLEAN = Rates(
    forgotten=0, unreadable=0, unseen=0, foreign=0, two_codes=0, left_after_scan=0, left_after_slate=0, broken=0,
    blank=0, stranger=0, lost_row=0, mistyped_row=0, alike=0, unseen_looks=0,
)  # fmt: skip


def test_a_season_without_faults_is_delivered_whole() -> None:
    found = judge(*season(8_000, CLEAN, 1))
    assert (found.students, 0) == (found.delivered, len(found.misfiled))


@pytest.mark.parametrize(
    "fault", ["forgotten", "unreadable", "unseen", "foreign", "two_codes", "left_after_slate"]
)
def test_ten_times_a_fault_misleads_nobody(fault: str) -> None:
    found = judge(*season(8_000, Rates(**{**vars(CLEAN), fault: 0.1}), 2))
    assert () == found.misfiled
