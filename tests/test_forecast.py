"""Who will need the make-up window: counted of what is over, at the pace that was measured."""

import json
import shutil
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.campaign import EVERY_CENTRE, Campaign
from config.campaign_file import load_campaign
from gradphoto.discrepancy import Discrepancy
from gradphoto.forecast import Forecast, forecast, pace
from gradphoto.matching.ledger import Standings
from gradphoto.roster import Student
from gradphoto.states import StudentState
from tests.small_night import GUYUAN, as_if_released, build, program, run, small

CAMPAIGN = load_campaign("ningxia-2023")
YANCHI = "2023-07-02-yanchi"
MAKEUP = "2023-07-16-jinfeng"
START = datetime(2023, 7, 2, 10)
STATES = st.sampled_from(list(StudentState))


def students(states: Sequence[StudentState], centre: str = "yanchi", *codes: str) -> list[Standings]:
    """Students of a centre, pending for these reasons."""
    reasons = tuple(Discrepancy(code=code) for code in codes)
    return [
        Standings(Student(student_no=f"21640{at:08d}", name="同学", centre=centre), state, reasons)
        for at, state in enumerate(states)
    ]


def every(seconds: float, count: int = 40) -> list[datetime]:
    """Students at that pace."""
    return [START + timedelta(seconds=seconds * at) for at in range(count)]


def told(standings: Sequence[Standings], seconds: float = 38, campaign: Campaign = CAMPAIGN) -> Forecast:
    """The forecast after the first session."""
    found = forecast(campaign, standings, {YANCHI}, {YANCHI: every(seconds)}, {})
    assert found
    return found


def test_a_session_that_is_over_and_not_read_yet_is_left_out_and_named() -> None:
    standings = students([StudentState.MISSING] * 20) + students([StudentState.MISSING] * 30, "guyuan")
    found = forecast(CAMPAIGN, standings, {YANCHI, GUYUAN}, {}, {}, [GUYUAN])

    assert found
    assert (20, (GUYUAN,)) == (found.needed, found.unread)
    assert f"场次 {GUYUAN} 有文件尚未读取，其中心未计入" in found.line


def test_a_make_up_that_is_over_stays_over_though_a_late_card_of_it_is_not_read() -> None:
    closed = {one.id for one in CAMPAIGN.sessions}
    assert forecast(CAMPAIGN, students([StudentState.MISSING]), closed, {}, {}, [MAKEUP]) is None


def without_makeup() -> Campaign:
    sessions = [
        one.model_copy(update={"windows": tuple(each for each in one.windows if each.centre != EVERY_CENTRE)})
        for one in CAMPAIGN.sessions
    ]
    return CAMPAIGN.model_copy(update={"sessions": tuple(sessions)})


def test_at_38_seconds_the_150_minutes_take_236_students_and_310_are_too_many() -> None:
    found = told(students([StudentState.MISSING] * 310))

    assert (150, 38.0, 236, 310) == (found.minutes, found.seconds, found.fit, found.needed)
    assert "零星补拍时间不够：按每人 38 秒，150 分钟可拍 236 人，预计 310 人" == found.alarm
    assert "" == told(students([StudentState.MISSING] * 236)).alarm


def test_nothing_is_said_before_a_session_is_over_nor_after_the_make_up() -> None:
    missing = students([StudentState.MISSING])

    assert forecast(CAMPAIGN, missing, set(), {YANCHI: every(38)}, {}) is None
    assert forecast(CAMPAIGN, missing, {YANCHI, MAKEUP}, {}, {}) is None


def test_a_centre_that_is_still_to_be_photographed_does_not_count() -> None:
    assert 0 == told(students([StudentState.MISSING], "guyuan")).needed


def test_a_picture_that_fails_most_likely_comes_again_and_a_picture_in_doubt_does_not() -> None:
    pending = [StudentState.PENDING]
    fails, doubtful = (
        told(students(pending, "yanchi", "eyes-closed")),
        told(students(pending, "yanchi", "no-slate")),
    )

    assert (1, 0) == (fails.likely, fails.pending)
    assert (0, 1) == (doubtful.likely, doubtful.pending)


def test_a_campaign_without_a_make_up_window_says_so() -> None:
    found = told(students([StudentState.MISSING] * 3), campaign=without_makeup())

    assert "本次活动没有零星补拍时段，预计 3 人须另行安排" == found.alarm


def test_the_desk_tells_the_pace_where_no_slate_has_a_time() -> None:
    missing = students([StudentState.MISSING])
    found = forecast(CAMPAIGN, missing, {YANCHI}, {}, {YANCHI: every(60)})
    nothing = forecast(CAMPAIGN, missing, {YANCHI}, {GUYUAN: every(20)}, {})

    assert found
    assert (60.0, "desk") == (found.seconds, found.by)
    assert "按扫码记录" in found.line
    assert nothing
    assert (None, None, "") == (nothing.seconds, nothing.by, nothing.alarm)


@given(st.lists(STATES, max_size=60), st.integers(5, 300))
def test_one_more_who_is_missing_is_one_more_who_comes_and_ends_no_alarm(
    states: list[StudentState], seconds: int
) -> None:
    before, after = told(students(states), seconds), told(students([*states, StudentState.MISSING]), seconds)

    assert before.needed + 1 == after.needed
    assert bool(after.alarm) >= bool(before.alarm)
    assert before.needed == sum(state in (StudentState.MISSING, StudentState.REJECTED) for state in states)


@given(st.integers(5, 300), st.integers(12, 120), st.randoms())
def test_two_cameras_side_by_side_are_twice_as_fast_and_order_makes_no_difference(
    seconds: int, count: int, chance: object
) -> None:
    one = every(seconds, count)
    shuffled = [*one, *(at + timedelta(seconds=1) for at in one)]
    chance.shuffle(shuffled)  # type: ignore[attr-defined]

    assert float(seconds) == pace([one])
    both = pace([shuffled])
    assert both is not None
    assert abs(both - seconds / 2) <= seconds / 6


@given(st.lists(st.integers(5, 120), min_size=12, max_size=60), st.integers(1, 500))
def test_a_clock_that_is_wrong_makes_no_difference_and_a_slower_session_is_no_faster(
    gaps: list[int], hours: int
) -> None:
    times = [START]
    for gap in gaps:
        times.append(times[-1] + timedelta(seconds=gap))
    slower = [START + 2 * (at - START) for at in times]

    assert pace([times]) == pace([[at + timedelta(hours=hours) for at in times]])
    assert (pace([slower]) or 0) >= (pace([times]) or 0)


@pytest.fixture(scope="module")
def night(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A night of a session that was closed."""
    folder = tmp_path_factory.mktemp("forecast")
    build(folder, small())
    assert 0 == program("close", GUYUAN, folder=folder).returncode
    run(folder)
    return folder


def test_the_nights_report_and_status_say_who_will_come(night: Path) -> None:
    (report,) = night.glob("reports/*/report.md")
    said = program("status", folder=night)
    document = program("status", "--json", folder=night)

    assert "## 零星补拍\n\n- 零星补拍预计 1 人（未采集 1、须重拍 0、照片不合格 0）；" in report.read_text("utf-8")
    assert "零星补拍预计 1 人" in said.stdout
    assert '"needed": 1' in document.stdout


def test_nothing_is_said_of_sessions_that_this_release_has_not_read(night: Path, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(night, tmp_path / "night"))
    as_if_released(folder)
    assert json.loads(program("status", "--json", folder=folder).stdout)["makeup"] is None
    assert "零星补拍" not in program("status", folder=folder).stdout
