"""The retake list: who is on it, in which order, and what it tells them."""

from hypothesis import given
from hypothesis import strategies as st

from config.campaign_file import load_campaign
from gradphoto.retakes import COLUMNS, UNKNOWN_TIME, Standing, retakes
from gradphoto.states import StudentState

CAMPAIGN = load_campaign("ningxia-2023")
CENTRES = [centre.id for centre in CAMPAIGN.centres]
MAKE_UP = "7月16日 14:30—17:00 宁夏职业技术学院宁夏开放大学金凤校区（黄河东路670号）"

standings = st.builds(
    Standing,
    student_no=st.integers(0, 99999).map(lambda serial: f"21640012{serial:05d}"),
    name=st.just("马莉"),
    centre=st.sampled_from(CENTRES),
    state=st.sampled_from(StudentState),
)


def test_a_missed_student_is_told_when_and_where_to_come() -> None:
    missed = Standing("2164001250001", "马莉", "yanchi", StudentState.MISSING)
    (row,) = retakes(CAMPAIGN, [missed])
    expected = ("盐池学院", "2164001250001", "马莉", "未采集", "没有该学生的照片", MAKE_UP)
    assert expected == row.cells
    assert len(COLUMNS) == len(row.cells)


def test_a_rejected_student_is_told_why_in_words() -> None:
    again = Standing("2164001250001", "马莉", "yanchi", StudentState.REJECTED, ("glasses", "刘海遮眉"))
    (row,) = retakes(CAMPAIGN, [again])
    assert ("须重拍", "疑似佩戴眼镜；刘海遮眉") == (row.state, row.why)


def test_without_a_make_up_window_the_list_says_that_the_time_will_be_told() -> None:
    campaign = CAMPAIGN.model_copy(update={"sessions": CAMPAIGN.sessions[:1]})
    (row,) = retakes(campaign, [Standing("1", "马莉", "yanchi", StudentState.MISSING)])
    assert UNKNOWN_TIME == row.when


@given(st.lists(standings))
def test_only_the_missing_the_rejected_and_the_recalled_come_again(students: list[Standing]) -> None:
    words = {"missing": "未采集", "rejected": "须重拍", "pending": "待人工核对"}
    again = [s for s in students if s.state in ("missing", "rejected") or (s.state == "pending" and s.recalled)]
    expected = sorted((s.student_no, words[s.state]) for s in again)
    assert expected == sorted((row.student_no, row.state) for row in retakes(CAMPAIGN, students))


@given(st.lists(standings, unique_by=lambda student: student.student_no))
def test_rows_follow_the_notice_then_the_number_however_they_come(students: list[Standing]) -> None:
    rows = retakes(CAMPAIGN, students)
    keys = [(CENTRES.index(row.centre), row.student_no) for row in rows]
    assert keys == sorted(keys)
    assert rows == retakes(CAMPAIGN, students[::-1])
